import { hashJson, templatePaths, type BlockDefinition, type BlockManifest } from '@duofactory/contracts';
import { checkExpression } from '@duofactory/expressions';
import { wordsOf } from '@duofactory/platform';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { DefinitionFault } from './check-definition.js';

const OPTIONS = {
  allErrors: true,
  strict: false,
  useDefaults: true,
  verbose: true,
  logger: false,
  // Fields of this format are read as JSONata. Formats that are not known, such as `reference:prompt`, mean others.
  formats: { expression: (text: string) => checkExpression(text) === undefined },
} as const;
/** By what they say: a manifest comes from the database, as another object each time. */
const compiled = new Map<string, ValidateFunction>();
const MOST_COMPILED = 500;

/** A union is refused as a whole where one of its branches has a template in it. */
const UNIONS = new Set(['anyOf', 'oneOf', 'allOf', 'if', 'not']);

/**
 * What is wrong with a block's `with` as written: unknown and missing fields, wrong types. What a template stands for is
 * known only when the task is made, so values that hold one are left to the service.
 */
export function checkConfiguration(
  block: BlockDefinition,
  { with: schema }: BlockManifest,
): DefinitionFault[] {
  // A copy: fields with a default need not be written, and are filled in by the check.
  const configuration = structuredClone(block.with ?? {});
  const validate = validatorOf(schema);
  if (validate instanceof Error) return [unreadable(block, validate)];
  if (validate(configuration)) return [];
  const faults = (validate.errors ?? [])
    // A condition's own error says nothing: what it asks for comes as an error of its own.
    .filter((error) => error.keyword !== 'if' && !isTemplated(error))
    .map((error) => faultOf(block, error));
  return faults.filter(({ field }, i) => faults.findIndex((one) => one.field === field) === i);
}

/** Or why the schema is none: a service announces what it likes. */
function validatorOf(schema: BlockManifest['with']): ValidateFunction | Error {
  const name = hashJson(schema);
  const known = compiled.get(name);
  if (known) return known;
  // Its name may be one that JSON Schema has for itself.
  const { $id: _, ...unnamed } = schema as { readonly $id?: unknown };
  try {
    // One Ajv for each: it keeps whatever it compiled.
    const validate = new Ajv2020(OPTIONS).compile(unnamed);
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(name, validate);
    return validate;
  } catch (error) {
    return error as Error;
  }
}

function unreadable({ id, type }: BlockDefinition, { message }: Error): DefinitionFault {
  return {
    code: 'unreadable-type',
    block: id,
    field: `blocks.${id}.type`,
    message: `The \`with\` that a service announced for the type "${type}" is no JSON Schema 2020-12 (${message}): let it announce another`,
  };
}

function isTemplated({ keyword, data }: ErrorObject): boolean {
  if (keyword === 'additionalProperties' || keyword === 'required') return false;
  if (typeof data === 'string') return templatePaths(data).length > 0;
  return UNIONS.has(keyword) && templatePaths(data).length > 0;
}

function faultOf(block: BlockDefinition, error: ErrorObject): DefinitionFault {
  const { additionalProperty, missingProperty } = error.params as Record<string, string | undefined>;
  const name = additionalProperty ?? missingProperty;
  const path = [...error.instancePath.split('/').slice(1), ...(name === undefined ? [] : [name])];
  const message =
    error.keyword === 'format'
      ? `This is no expression: ${checkExpression(String(error.data))?.message ?? 'it cannot be read'}`
      : wordsOf(error);
  return {
    code: 'invalid-with',
    block: block.id,
    field: ['blocks', block.id, 'with', ...path].join('.'),
    message: error.keyword === 'required' ? `Type ${block.type} needs this field` : message,
  };
}
