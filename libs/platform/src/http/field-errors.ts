import { closest } from '@duofactory/contracts';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { clearestRule } from '../clearest-rule.js';
import type { FieldError } from '../problem.js';

/** A field that is not there breaks every rule that it has: it is told once, by the rule that says most. */
export function fieldErrors(error: ValidationError, parent = ''): FieldError[] {
  const { property, constraints, children = [] } = error;
  const field = parent === '' ? property : `${parent}.${property}`;
  const own = constraints ? [{ field, message: sentenceOf(error, constraints) }] : [];
  return [...own, ...children.flatMap((child) => fieldErrors(child, field))];
}

function sentenceOf(error: ValidationError, constraints: Readonly<Record<string, string>>): string {
  if ('whitelistValidation' in constraints) return unknownField(error);
  const { property, target } = error;
  const message = clearestRule(constraints);
  const isThere = target === undefined || (target as Record<string, unknown>)[property] !== undefined;
  return isThere ? message : missing(property, message);
}

/** `name must be a string` of what is not there: `name must be given: a string`. */
function missing(property: string, message: string): string {
  const said = message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
  const given = `${property} must be given`;
  if (said.startsWith('must not be')) return given;
  return said.startsWith('must be ') ? `${given}: ${said.slice('must be '.length)}` : `${given}: it ${said}`;
}

/** As the checks of definitions say it. */
function unknownField({ property, target }: ValidationError): string {
  const rules =
    target && getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  const known = [...new Set(rules?.map(({ propertyName }) => propertyName))];
  const near = closest(property, known);
  const hint = near === undefined ? `; there are ${known.join(', ')}` : ` (did you mean "${near}"?)`;
  return `There is no field "${property}" here${known.length === 0 ? '' : hint}`;
}
