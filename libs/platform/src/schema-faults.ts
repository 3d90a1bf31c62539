import { closest } from '@duofactory/contracts';
import type { FieldError } from './problem.js';

/** What we use of Ajv's errors. `parentSchema` is there with Ajv's option `verbose`: it makes for better hints. */
export interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: object;
  readonly message?: string;
  readonly parentSchema?: object;
}

/** The errors of a JSON Schema check as faults of fields: `blocks.0.with`, and the field itself where it is unknown. */
export function schemaFaults(errors: readonly SchemaError[] | null | undefined): FieldError[] {
  const unions = new Set(
    (errors ?? []).filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  return (errors ?? [])
    .filter(({ instancePath, keyword }) => keyword === 'anyOf' || !unions.has(instancePath))
    .map(({ instancePath, keyword, params, message = 'is wrong', parentSchema = {} }) => {
      const { properties = {}, description } = parentSchema as { properties?: object; description?: string };
      const path = instancePath.slice(1).replaceAll('/', '.');
      if (keyword === 'anyOf' && description !== undefined)
        return { code: 'invalid-field', field: path, message: `It must be ${description}` };
      if (keyword !== 'additionalProperties')
        return { code: 'invalid-field', field: path || '(document)', message };
      const name = (params as { additionalProperty: string }).additionalProperty;
      const near = closest(name, Object.keys(properties));
      return {
        code: 'unknown-field',
        field: path ? `${path}.${name}` : name,
        message: `There is no field "${name}" here${near ? ` (did you mean "${near}"?)` : ''}`,
      };
    });
}
