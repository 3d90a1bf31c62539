import type { BlockManifest } from '@duofactory/contracts';
import { wordsOf } from '@duofactory/platform';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { BlockFailure } from './block-failure.js';

// Formats such as `reference:prompt` speak to the studio and the orchestrator.
const ajv = new Ajv2020({
  allErrors: true,
  strict: false,
  useDefaults: true,
  validateFormats: false,
  verbose: true,
});

export type ConfigurationCheck = (configuration: unknown) => Record<string, unknown>;

/** Checks a block's resolved configuration and fills defaults in, on a copy. Throws BlockFailure `invalid-with`. */
export function configurationCheck({ type, with: schema }: BlockManifest): ConfigurationCheck {
  const validate = ajv.compile(schema);
  return (configuration) => {
    // It came as JSON. `structuredClone` takes longer than a short block.
    const copy = JSON.parse(JSON.stringify(configuration ?? {})) as Record<string, unknown>;
    if (validate(copy)) return copy;
    const faults = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(told);
    throw new BlockFailure(
      'invalid-with',
      `The configuration of this ${type} block does not fit: ${faults.join('; ')}`,
    );
  };
}

function told(error: ErrorObject): string {
  const { additionalProperty, missingProperty } = error.params as Record<string, string | undefined>;
  const name = additionalProperty ?? missingProperty;
  const field = ['with', ...error.instancePath.split('/').slice(1), ...(name === undefined ? [] : [name])];
  return `${field.join('.')}: ${wordsOf(error)}`;
}
