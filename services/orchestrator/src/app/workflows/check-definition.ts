import { WorkflowDefinition } from '@duofactory/contracts';
import { checkExpression, faultText } from '@duofactory/expressions';
import { schemaFaults, type FieldError } from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isOfType } from '../commands/check-inputs.js';

export interface DefinitionFault extends FieldError {
  readonly code: string;
  readonly block?: string;
}

const validate = new Ajv2020({ allErrors: true, strict: false, verbose: true }).compile(WorkflowDefinition);

/** The shape of a definition: every field known and of its type, every expression readable. */
export function checkDefinition(definition: unknown): DefinitionFault[] {
  if (!validate(definition)) return schemaFaults(validate.errors).map((fault) => ofBlock(definition, fault));
  const { inputs = {}, blocks } = definition as WorkflowDefinition;
  return [
    ...Object.entries(inputs).flatMap(([name, { type, default: value }]) =>
      value === undefined || isOfType(value, type)
        ? []
        : [
            {
              code: 'invalid-default',
              field: `inputs.${name}.default`,
              message: `It must be of type ${type}`,
            },
          ],
    ),
    ...blocks.flatMap((block) => [
      ...expressionFaults(block.id, 'when', block.when),
      ...expressionFaults(block.id, 'repeat.until', block.repeat?.until),
    ]),
  ];
}

/** Names the block where the check says which one it is by its place: `blocks.2.with` is `blocks.script.with`. */
function ofBlock(definition: unknown, fault: FieldError): DefinitionFault {
  const { field, message } = fault;
  const code = String(fault['code']);
  const [list, place, ...rest] = field.split('.');
  const { blocks } = definition as { blocks?: unknown };
  const block: unknown = list === 'blocks' && Array.isArray(blocks) ? blocks[Number(place)] : undefined;
  const id = (block as { id?: unknown } | null | undefined)?.id;
  if (typeof id !== 'string') return { code, field, message };
  return { code, block: id, field: ['blocks', id, ...rest].join('.'), message };
}

function expressionFaults(block: string, field: string, expression: string | undefined): DefinitionFault[] {
  const wrong = expression === undefined ? undefined : checkExpression(expression);
  if (!wrong) return [];
  const message = faultText(expression!, wrong);
  return [{ code: 'invalid-expression', block, field: `blocks.${block}.${field}`, message }];
}
