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

export const noopService: ServiceDefinition = {
  name: 'noop',
  schema: 'noop',
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class NoController {} },
    background: [new BlockWorker(parts, 'noop', [noop])],
  }),
};
