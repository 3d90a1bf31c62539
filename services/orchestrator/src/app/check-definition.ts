import { WorkflowDefinition } from '@duofactory/contracts';
import type { FieldError } from '@duofactory/platform';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

export interface DefinitionFault extends FieldError {
  readonly code: string;
  readonly block?: string;
}

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(WorkflowDefinition);

/** Shapes that the engine does not play yet: refused by name, so that nothing is silently left out. */
const UNSUPPORTED = ['when', 'repeat', 'deadline'] as const;

/** The shape of a definition: every field known and of its type. */
export function checkDefinition(definition: unknown): DefinitionFault[] {
  if (!validate(definition)) return (validate.errors ?? []).map(fault);
  return (definition as WorkflowDefinition).blocks.flatMap((block) =>
    UNSUPPORTED.filter((field) => block[field] !== undefined).map((field) => ({
      code: 'not-supported',
      block: block.id,
      field: `blocks.${block.id}.${field}`,
      message: `"${field}" is not supported by this version`,
    })),
  );
}

function fault({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): DefinitionFault {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    const name = (params as { additionalProperty: string }).additionalProperty;
    return {
      code: 'unknown-field',
      field: path ? `${path}.${name}` : name,
      message: `There is no field "${name}" here`,
    };
  }
  return { code: 'invalid-field', field: path || '(document)', message };
}
