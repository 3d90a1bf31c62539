import { BLOCK_MIGRATIONS, BlockWorker, defineBlock } from '@duofactory/block-kit';
import type { ServiceDefinition } from '@duofactory/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';

/** Takes 50 ms, four at a time, 80 a second: what limits a run is how many processes there are of it. */
const nap = defineBlock({
  type: 'nap',
  version: 1,
  title: 'Nap',
  description: 'Answers after 50 ms',
  input: 'each',
  output: 'one',
  pool: 4,
  with: Type.Object({}),
  execute: async (_, { signal }) => {
    await pause(50, undefined, { signal });
    return {};
  },
});

/** Fills its pool for so long, and its topic behind it. */
const hang = defineBlock({
  type: 'hang',
  version: 1,
  title: 'Hang',
  description: 'Answers only after some seconds',
  input: 'each',
  output: 'one',
  pool: 64,
  with: Type.Object({ seconds: Type.Integer() }),
  execute: async ({ with: { seconds } }, { signal }) => {
    await pause(seconds * 1000, undefined, { signal });
    return {};
  },
});

export const slowService: ServiceDefinition = {
  name: 'slow',
  schema: 'slow',
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class SlowController {} },
    background: [new BlockWorker(parts, 'slow', [nap, hang])],
  }),
};
