import { Database } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { readBlocks } from '../src/store/counters.js';
import { PackedCounts1764000041000 } from '../src/store/migrations/1764000041000-packed-counts.js';

const BEFORE = ORCHESTRATOR_MIGRATIONS.slice(0, ORCHESTRATOR_MIGRATIONS.indexOf(PackedCounts1764000041000));
const database = useDatabase('orchestrator', BEFORE);

it('counters of runs that go on are the same after the database was updated', async () => {
  const run = randomUUID();
  const { current, url } = database;
  await current.query({
    text: `INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, created_at)
      VALUES ($1, 'w', 1, 'running', '{}', $1, 3, now())`,
    values: [run],
  });
  await current.query({
    text: `INSERT INTO blocks (run, block, open_work, tasks, done, payloads, requested, cost, unpriced, closed)
      VALUES ($1, 'script', 0, 4, 4, 4, 0, 0.125, 1, true), ($1, 'title', 3, 4, 1, 1, 3, 0, 0, false)`,
    values: [run],
  });
  const before = await readBlocks(current, [run]);

  const updated = await Database.open({ url, schema: 'orchestrator', migrations: ORCHESTRATOR_MIGRATIONS });
  const after = await readBlocks(updated, [run]);
  await updated.close();

  expect(after).toEqual(before);
  expect(after).toHaveLength(2);
});
