import { Reference, type BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'prompt',
  version: 1,
  title: 'Prompt',
  description: 'Runs a version of a prompt; with times, several samples of it',
  input: 'each',
  output: 'one',
  samples: true,
  // A prompt's variables name results that the configuration does not.
  reads: 'all',
  timeout: '2m',
  with: Type.Object(
    {
      prompt: Reference('prompt', { title: 'Prompt' }),
      inputs: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          title: 'Inputs',
          description: 'Values for variables of the prompt that no block, input or variable is called like',
        }),
      ),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
