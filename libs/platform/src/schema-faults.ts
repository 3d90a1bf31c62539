import { closest } from '@duofactory/contracts';
import type { FieldError } from './problem.js';

/** What we use of Ajv's errors. `parentSchema` is there with Ajv's option `verbose`: it makes for better hints. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
  readonly message?: string;
  readonly parentSchema?: object;
  /** Of an error inside of a check of names: `propertyNames` says it as a whole. */
  readonly propertyName?: string;
}

/** The errors of a JSON Schema check as faults of fields: `blocks.0.with`, and the field itself where it is unknown or missing. */
export function schemaFaults(errors: readonly SchemaError[] | null | undefined): FieldError[] {
  const unions = new Set(
    (errors ?? []).filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  return (errors ?? [])
    .filter(({ instancePath, keyword }) => keyword === 'anyOf' || !unions.has(instancePath))
    .filter(({ propertyName }) => propertyName === undefined)
    .map((error) => {
      const code = error.keyword === 'additionalProperties' ? 'unknown-field' : 'invalid-field';
      return { code, field: fieldOf(error), message: wordsOf(error) };
    });
}

function fieldOf({ instancePath, keyword, params }: SchemaError): string {
  const { additionalProperty, missingProperty, propertyName } = params as Record<string, string>;
  const name =
    keyword === 'additionalProperties'
      ? additionalProperty
      : keyword === 'required'
        ? missingProperty
        : propertyName;
  return (
    [...instancePath.split('/').slice(1), ...(name === undefined ? [] : [name])].join('.') || '(document)'
  );
}

/** What an error of Ajv says to a person: what the value must be, and which values that are allowed. */
export function wordsOf({ keyword, params, message = 'is wrong', parentSchema = {} }: SchemaError): string {
  const of = params as Record<string, unknown>;
  const {
    properties = {},
    description,
    examples,
  } = parentSchema as {
    properties?: object;
    description?: string;
    examples?: readonly unknown[];
  };
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(of['additionalProperty']);
      const known = Object.keys(properties);
      const near = closest(name, known);
      const hint = near
        ? ` (did you mean "${near}"?)`
        : known.length > 0
          ? `; there are ${known.join(', ')}`
          : '';
      return `There is no field "${name}" here${hint}`;
    }
    case 'required':
      return 'This field is missing';
    case 'enum':
      return `It must be one of ${(of['allowedValues'] as unknown[]).map(String).join(', ')}`;
    case 'const':
      return `It must be ${JSON.stringify(of['allowedValue'])}`;
    case 'type':
      // A form that is described says more than that it is text.
      if (of['type'] === 'string' && 'pattern' in parentSchema && description !== undefined)
        return `It must be ${description}${exampleOf(examples)}`;
      return `It must be ${[of['type']].flat().map(typeWords).join(' or ')}`;
    case 'minimum':
      return `It must be at least ${String(of['limit'])}`;
    case 'maximum':
      return `It must be at most ${String(of['limit'])}`;
    case 'minLength':
      return of['limit'] === 1 ? 'It must not be empty' : `It ${message}`;
    case 'minItems':
      return `It must have at least ${String(of['limit'])} of them`;
    case 'propertyNames':
      return propertyNameWords(String(of['propertyName']), parentSchema);
    case 'pattern':
    case 'anyOf':
      return description === undefined ? `It ${message}` : `It must be ${description}${exampleOf(examples)}`;
    default:
      return `It ${message}`;
  }
}

/** JSON Schema's names of types, for people who write YAML or fill in a form. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: 'a list, such as [a, b]',
  object: 'fields with names, such as { name: value }',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

const typeWords = (type: unknown): string => TYPE_WORDS[String(type)] ?? String(type);

function propertyNameWords(name: string, parentSchema: object): string {
  const { propertyNames = {} } = parentSchema as {
    propertyNames?: { description?: string; examples?: readonly unknown[] };
  };
  return `"${name}" must be ${propertyNames.description ?? 'another name'}${exampleOf(propertyNames.examples)}`;
}

function exampleOf(examples: readonly unknown[] = []): string {
  return examples.length === 0 ? '' : `, such as ${String(examples[0])}`;
}
