import type { BlockManifest } from '@duofactory/contracts';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { BlockFailure } from './block-failure.js';

// Formats such as `reference:prompt` speak to the studio and the orchestrator.
const ajv = new Ajv2020({ allErrors: true, strict: false, useDefaults: true, validateFormats: false });

export type ConfigurationCheck = (configuration: unknown) => Record<string, unknown>;

/** Checks a block's resolved configuration and fills defaults in, on a copy. Throws BlockFailure `invalid-with`. */
export function configurationCheck({ type, with: schema }: BlockManifest): ConfigurationCheck {
  const validate = ajv.compile(schema);
  return (configuration) => {
    const copy = structuredClone(configuration ?? {}) as Record<string, unknown>;
    if (validate(copy)) return copy;
    const faults = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(told);
    throw new BlockFailure(
      'invalid-with',
      `The configuration of this ${type} block does not fit: ${faults.join('; ')}`,
    );
  };
}

function told({ instancePath, keyword, params, message = 'is wrong' }: ErrorObject): string {
  const field = ['with', ...instancePath.split('/').slice(1)].join('.');
  if (keyword === 'additionalProperties')
    return `${field}.${String((params as { additionalProperty: string }).additionalProperty)} is unknown`;
  if (keyword === 'required')
    return `${field}.${(params as { missingProperty: string }).missingProperty} is missing`;
  if (keyword === 'enum')
    return `${field} must be one of ${(params as { allowedValues: unknown[] }).allowedValues.join(', ')}`;
  return `${field} ${message}`;
}
