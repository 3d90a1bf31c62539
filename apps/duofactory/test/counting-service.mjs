// A service of its own with one block type, which writes down when its attempts begin and end: what another team's
// service looks like, and how a spec sees what was executed. Started by drain.spec.ts.
import { BLOCK_MIGRATIONS, BlockWorker, defineBlock } from '@duofactory/block-kit';
import { runService } from '@duofactory/platform';
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';

const { COUNTING_FILE: file, COUNTING_HANGS: hangs } = process.env;
const note = (what, task) => appendFileSync(file, `${what} ${task} ${process.pid}\n`);

const count = defineBlock({
  type: 'count',
  version: 1,
  title: 'Count',
  description: 'Writes down that it was executed',
  input: 'each',
  output: 'one',
  pool: 4,
  with: Type.Object({ n: Type.Integer() }),
  execute: async ({ with: { n } }, { task, signal }) => {
    note('begin', task);
    if (n === 1 && hangs === 'yes') {
      note('hang', task);
      await pause(3_600_000, undefined, { signal });
    }
    await pause(20);
    note('end', task);
    return { n };
  },
});

const list = defineBlock({
  type: 'list',
  version: 1,
  title: 'List',
  description: 'As many payloads as it is told',
  input: 'each',
  output: 'many',
  with: Type.Object({ count: Type.Integer() }),
  execute: async ({ with: { count } }) =>
    Array.from({ length: count }, (_, i) => ({ id: String(i), result: { n: i + 1 } })),
});

await runService({
  name: 'counting',
  schema: 'counting',
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class NoController {} },
    background: [new BlockWorker(parts, 'counting', [count, list])],
  }),
});
