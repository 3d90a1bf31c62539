import { BLOCK_MIGRATIONS, BlockWorker, defineBlock } from '@duofactory/block-kit';
import type { ServiceDefinition } from '@duofactory/platform';
import { performance } from 'node:perf_hooks';
import { Type } from 'typebox';

/** Does nothing but say when: what is measured is the way to it and back. */
const noop = defineBlock({
  type: 'noop',
  version: 1,
  title: 'No-op',
  description: 'Answers at once with the time of its process, in milliseconds',
  input: 'each',
  output: 'one',
  pool: 256,
  with: Type.Object({}),
  execute: async () => ({ atMs: performance.now() }),
});

/** As many outputs as it is told. */
const fan = defineBlock({
  type: 'fan',
  version: 1,
  title: 'Fan-out',
  description: 'Answers at once with many small results',
  input: 'each',
  output: 'many',
  with: Type.Object({ count: Type.Integer() }),
  execute: async ({ with: { count } }) =>
    Array.from({ length: count }, (_, i) => ({ id: String(i), result: { i } })),
});

/** Waits for all of them. */
const join = defineBlock({
  type: 'join',
  version: 1,
  title: 'Join',
  description: 'Answers once all payloads are there',
  input: 'all',
  output: 'one',
  with: Type.Object({}),
  execute: async () => ({}),
});

export const noopService: ServiceDefinition = {
  name: 'noop',
  schema: 'noop',
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class NoController {} },
    background: [new BlockWorker(parts, 'noop', [noop, fan, join])],
  }),
};
