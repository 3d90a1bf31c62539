import type { FieldError } from './problem.js';

/** What we use of Ajv's errors. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
  readonly message?: string;
}

/** The errors of a JSON Schema check as faults of fields: `blocks.0.with`, and the field itself where it is unknown. */
export function schemaFaults(errors: readonly SchemaError[] | null | undefined): FieldError[] {
  return (errors ?? []).map(({ instancePath, keyword, params, message = 'is wrong' }) => {
    const path = instancePath.slice(1).replaceAll('/', '.');
    if (keyword !== 'additionalProperties')
      return { code: 'invalid-field', field: path || '(document)', message };
    const name = (params as { additionalProperty: string }).additionalProperty;
    return {
      code: 'unknown-field',
      field: path ? `${path}.${name}` : name,
      message: `There is no field "${name}" here`,
    };
  });
}
