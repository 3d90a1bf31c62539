import { EvaluatorDefinition, closest, templatePaths } from '@duofactory/contracts';
import { checkExpression } from '@duofactory/expressions';
import {
  schemaFaults,
  type DefinitionKind,
  type DefinitionLibrary,
  type DefinitionUse,
  type FieldError,
} from '@duofactory/platform';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { patternExpression } from './rules/computed.js';
import { RULES } from './rules/rules.js';

export type EvaluatorLibrary = DefinitionLibrary<EvaluatorDefinition>;

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(EvaluatorDefinition);

export const evaluatorKind: DefinitionKind<EvaluatorDefinition> = {
  kind: 'evaluator',
  resource: 'evaluators',
  check: checkEvaluator,
  variables: (evaluator) => templatePaths((evaluator as Partial<EvaluatorDefinition>).with),
  uses: usesOf,
};

/** The prompt of a judge, the evaluators of a composite. */
function usesOf(evaluator: EvaluatorDefinition): DefinitionUse[] {
  switch (evaluator.type) {
    case 'model':
      return [{ kind: 'prompt', reference: evaluator.with.prompt, field: 'with.prompt' }];
    case 'composite':
      return evaluator.with.evaluators.map((one, i) => ({
        ...{ kind: 'evaluator', reference: one.evaluator, field: `with.evaluators.${i}.evaluator` },
      }));
    case 'rule':
      return [];
  }
}

function checkEvaluator(definition: unknown): FieldError[] {
  if (!validate(definition)) return describe(definition, validate.errors ?? []);
  const evaluator = definition as EvaluatorDefinition;
  if (evaluator.type === 'model') return scaleFaults(evaluator.with.scale);
  if (evaluator.type === 'composite') return [];
  return evaluator.with.rules.flatMap(({ use, weight: _, ...parameters }, i): FieldError[] => {
    const field = `with.rules.${i}`;
    const rule = RULES.get(use);
    if (!rule) {
      const near = closest(use, [...RULES.keys()]);
      const hint = near ? ` (did you mean "${near}"?)` : '';
      const message = `There is no rule "${use}"${hint}; there are ${[...RULES.keys()].join(', ')}`;
      return [{ code: 'unknown-rule', field: `${field}.use`, message }];
    }
    const { properties = {}, required = [] } = rule.parameters as unknown as {
      properties?: Record<string, { default?: unknown }>;
      required?: string[];
    };
    const unknown = Object.keys(parameters).filter((name) => !Object.hasOwn(properties, name));
    const missing = required.filter(
      (name) => !Object.hasOwn(parameters, name) && properties[name]?.default === undefined,
    );
    const faults: FieldError[] = [
      ...unknown.map((name) => ({
        code: 'unknown-field',
        field: `${field}.${name}`,
        message: `"${use}" has no parameter "${name}"; it has ${Object.keys(properties).join(', ')}`,
      })),
      ...missing.map((name) => ({
        code: 'missing-field',
        field: `${field}.${name}`,
        message: `"${use}" needs "${name}"`,
      })),
    ];
    return [...faults, ...writtenFaults(use, parameters, field)];
  });
}

function scaleFaults([lowest, highest]: readonly [number, number]): FieldError[] {
  if (lowest < highest) return [];
  const message = `From ${lowest} to ${highest} there is nothing to choose: name the lowest score first, then a higher one`;
  return [{ code: 'invalid-scale', field: 'with.scale', message }];
}

/** What is wrong with an expression or a pattern as it is written. What templates will bring is not known yet. */
function writtenFaults(use: string, parameters: object, field: string): FieldError[] {
  const { expression, pattern } = parameters as { expression?: unknown; pattern?: unknown };
  if (use === 'expression' && typeof expression === 'string') {
    const fault = checkExpression(expression);
    if (fault) return [{ code: 'invalid-expression', field: `${field}.expression`, message: fault.message }];
  }
  if (use === 'matches' && typeof pattern === 'string' && templatePaths(pattern).length === 0) {
    const fault = checkExpression(patternExpression(pattern));
    if (fault) return [{ code: 'invalid-pattern', field: `${field}.pattern`, message: fault.message }];
  }
  return [];
}

/** Of a union only what concerns the type that is meant. */
function describe(definition: unknown, errors: readonly ErrorObject[]): FieldError[] {
  const type = (definition as { type?: unknown } | null)?.type;
  const at = ['model', 'rule', 'composite'].indexOf(String(type));
  if (at < 0) return [{ code: 'invalid-field', field: 'type', message: 'must be model, rule or composite' }];
  const own = errors.filter(({ schemaPath }) => schemaPath.startsWith(`#/anyOf/${at}/`));
  return schemaFaults(own.length > 0 ? own : errors);
}
