import type { WorkflowDefinition } from '@duofactory/contracts';
import { Problem } from '@duofactory/platform';

const CHECKS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
  array: (value) => Array.isArray(value),
};

/** Whether a value is of the type that an input declares. */
export function isOfType(value: unknown, type: string): boolean {
  return CHECKS[type]!(value);
}

/** The inputs with defaults filled in. Throws a problem that names every input at fault. */
export function checkInputs(
  { inputs: declared = {} }: WorkflowDefinition,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const errors: { field: string; message: string }[] = [];
  const checked: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) {
      errors.push({
        field: `inputs.${name}`,
        message: `Not an input of this workflow; it has ${list(Object.keys(declared))}`,
      });
    }
  }
  for (const [name, input] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : input.default;
    if (value === undefined) errors.push({ field: `inputs.${name}`, message: `Required: a ${input.type}` });
    else if (!isOfType(value, input.type))
      errors.push({ field: `inputs.${name}`, message: `Must be a ${input.type}` });
    else checked[name] = value;
  }
  if (errors.length > 0) {
    throw new Problem({
      status: 422,
      code: 'invalid-inputs',
      title: 'The inputs do not fit the workflow',
      detail: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
      errors,
    });
  }
  return checked;
}

function list(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none';
}
