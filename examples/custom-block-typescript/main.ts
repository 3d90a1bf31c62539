import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import { runService } from '@duofactory/platform';
import { shout } from './shout.ts';

await runService({
  name: 'shouting',
  schema: 'shouting', // its own, for what it has answered and paid
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class NoControllers {} },
    background: [new BlockWorker(parts, 'shouting', [shout])],
  }),
});
