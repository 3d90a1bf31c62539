import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import { Database } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { Stage } from '../src/scenarios/stage.js';
import { noCounts } from '../src/store/counters.js';
import { countsText } from '../src/store/counts-text.js';
import { MANIFESTS, outputs } from './on-stage.js';

const STORE = resolve(import.meta.dirname, '../src/store');

/** They hold what people have written: tens or hundreds of rows, whatever runs. */
const SMALL = new Set([
  'workflows',
  'workflow_versions',
  'block_types',
  'reference_versions',
  'schedules',
  'triggers',
]);

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** Every SQL text of a file of `store/`, its constants put in. */
function statementsOf(file: string): string[] {
  const source = readFileSync(join(STORE, file), 'utf8');
  const constants = new Map(
    [...source.matchAll(/const ([A-Z_]+) = `([^`]*)`/g)].map(([, name, text]) => [name!, text!]),
  );
  const whole = (text: string): string =>
    text.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => whole(constants.get(name)!));
  return [...source.matchAll(/`([^`]*)`/g)]
    .map(([, text]) => text!.trim())
    .filter((text) => /^(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(text))
    .map(whole);
}

const FILES = readdirSync(STORE).filter((name) => name.endsWith('.ts'));

/** Reads a table from end to end, by itself or by an index that no condition narrows. */
function scans(node: Plan): boolean {
  const { 'Node Type': type, 'Index Name': index, 'Index Cond': condition } = node;
  return type === 'Seq Scan' || (index !== undefined && condition === undefined);
}

/** An index that holds only what waits to be looked at, or one that is read in order up to a limit. */
function boundedBy(text: string, { 'Index Name': index }: Plan): boolean {
  return index !== undefined && (PARTIAL.test(index) || /\bLIMIT\b/.test(text));
}

/** One connection, so that its counters tell what a piece of work has read. */
describe('the statements of the store, on tables with many runs', () => {
  const created = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  let database: Database;

  beforeAll(async () => {
    const migrations = ORCHESTRATOR_MIGRATIONS;
    database = await Database.open({ url: created.url, schema: 'orchestrator', migrations, poolSize: 1 });
    await manyRuns(database);
  });

  afterAll(() => database.close());

  it.each(FILES.filter((file) => statementsOf(file).length > 0))('use indexes: %s', async (file) => {
    const faults: string[] = [];
    for (const text of statementsOf(file)) {
      const { rows } = await database.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>({
        text: `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`,
      });
      for (const node of flat(rows[0]!['QUERY PLAN'][0].Plan))
        if (scans(node) && !SMALL.has(node['Relation Name'] ?? '') && !boundedBy(text, node))
          faults.push(`${node['Node Type']} ${node['Relation Name'] ?? node['Index Name']}: ${text}`);
    }

    expect(faults).toEqual([]);
  });

  describe('a settlement', () => {
    const expressions = new Expressions();
    let stage: Stage;

    beforeAll(async () => {
      stage = new Stage({ database, expressions, objects: new FsObjectStore(tmpdir()) });
      await stage.open(MANIFESTS);
    });

    afterAll(async () => {
      await stage.close();
      await expressions.stop();
    });

    it('reads as much of the database at a run of 100,000 tasks as at one of 1,000', async () => {
      await stage.parts.publish.publish('large', {
        kind: 'workflow',
        id: 'large',
        maxPayloads: 1_000_000,
        blocks: [
          { id: 'fan', type: 'rows', needs: [] },
          { id: 'work', type: 'map' },
          { id: 'all', type: 'collect' },
        ],
      });
      const { id: run } = await stage.parts.start.execute({ workflow: 'large', inputs: {} });
      const [fan] = await stage.take();
      await stage.parts.advance.settle([
        {
          ...fan!,
          kind: 'completed',
          outcome: outputs(...Array.from({ length: 1000 }, (_, i) => ({ i }))),
        },
      ]);
      const open = await stage.take();
      const settle = async (count: number): Promise<number> => {
        const settled = open.splice(0, count);
        const before = await buffers(database);
        await stage.parts.advance.settle(
          settled.map((one) => ({ ...one, kind: 'completed' as const, outcome: outputs({ done: true }) })),
        );
        return (await buffers(database)) - before;
      };
      await settle(200);

      const early = await settle(200);
      await grow(database, run, 99_000);
      await settle(200);
      const late = await settle(200);

      expect(late / early).toBeLessThanOrEqual(1.3);
      expect(open).toHaveLength(200);
    });
  });
});

/** Indexes over what is unsettled only. */
const PARTIAL =
  /^(tasks_(ready|due|evaluating|deadline)|groups_deciding|batches_open|runs_(open|stopping|deadline)|reviews_(open|due)|schedules_due)$/;

function flat(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flat)];
}

/** 500 ended runs of 100 tasks each, with all that belongs to them. */
async function manyRuns(database: Database): Promise<void> {
  const uuid = (text: string): string => `md5(${text})::uuid`;
  const counts = countsText(
    ['fan', 'work', 'all'].map((block) => ({ ...noCounts('', block), tasks: 100, done: 100, closed: true })),
  );
  const tasks = `generate_series(1, 500) AS r, generate_series(1, 100) AS t`;
  for (const text of [
    // Autovacuum reads pages in between, which would count as those of a settlement.
    `DO $$ DECLARE one regclass; BEGIN
      FOR one IN SELECT oid FROM pg_class WHERE relnamespace = 'orchestrator'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', one);
      END LOOP;
    END $$`,
    `INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, created_at, ended_at, counts)
      SELECT ${uuid(`'run' || r`)}, 'w' || r % 20, 1, 'completed', jsonb_build_object('unit', r), ${uuid(`'run' || r`)}, 0,
        timestamptz '2030-01-01' + r * interval '1 minute', '2031-01-01', '${counts}' FROM generate_series(1, 500) AS r`,
    `INSERT INTO more_counts (run, part, counts) SELECT id, 1, '${counts}' FROM runs`,
    `INSERT INTO groups (run, block, key, open_work, state) SELECT id, 'all', 'fan=' || g, 0, 'fired' FROM runs, generate_series(1, 20) AS g`,
    `INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at, requested_at, ended_at)
      SELECT ${uuid(`'task' || r || '/' || t`)}, ${uuid(`'run' || r`)}, 'work', 'fan=' || t, ARRAY[t], 1, 'done', 1,
        '2030-01-01', '2030-01-01', '2030-01-01' FROM ${tasks}`,
    `INSERT INTO attempts (task, attempt, outcome, settled, at) SELECT id, 1, 'completed', true, '2030-01-01' FROM tasks`,
    `INSERT INTO results (run, block, key, ord, state, value)
      SELECT run, block, key, ord, 'ok', '{"done": true}' FROM tasks`,
    `INSERT INTO waiting (run, block, "group", need, key, ord)
      SELECT run, 'all', '', 'work', key, ord FROM tasks`,
    `INSERT INTO reviews (task, run, block, key, attempt, assignees, payload, status, created_at)
      SELECT id, run, block, key, 1, '{}', '{}', 'approved', '2030-01-01' FROM tasks WHERE ord[1] <= 10`,
    `INSERT INTO batches (id, workflow, version, status, concurrency, existing, request_hash, created_at, ended_at)
      SELECT ${uuid(`'batch' || b`)}, 'w1', 1, 'completed', 10, 'all', '', timestamptz '2030-01-01' + b * interval '1 minute',
        timestamptz '2030-02-01'
      FROM generate_series(1, 200) AS b`,
    `INSERT INTO batch_items (batch, ord, inputs, status, run)
      SELECT ${uuid(`'batch' || b`)}, i, '{}', 'completed', ${uuid(`'run' || i`)}
      FROM generate_series(1, 200) AS b, generate_series(1, 100) AS i`,
    `ANALYZE`,
  ])
    await database.query({ text });
}

/** Settled tasks of a run, as it would have left them behind. */
async function grow(database: Database, run: string, count: number): Promise<void> {
  const values = [run, count];
  for (const text of [
    `INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at, requested_at, ended_at)
      SELECT md5($1 || t)::uuid, $1::uuid, 'work', 'fan=' || t, ARRAY[t], 1, 'done', 1, '2030-01-01', '2030-01-01', '2030-01-01'
      FROM generate_series(1001, 1000 + $2::int) AS t`,
    `INSERT INTO attempts (task, attempt, outcome, settled, at)
      SELECT md5($1 || t)::uuid, 1, 'completed', true, '2030-01-01' FROM generate_series(1001, 1000 + $2::int) AS t`,
    `INSERT INTO results (run, block, key, ord, state, value)
      SELECT $1::uuid, b, 'fan=' || t, ARRAY[t], 'ok', '{}'
      FROM generate_series(1001, 1000 + $2::int) AS t, unnest('{fan,work}'::text[]) AS b`,
    `INSERT INTO waiting (run, block, "group", need, key, ord)
      SELECT $1::uuid, 'all', '', 'work', 'fan=' || t, ARRAY[t] FROM generate_series(1001, 1000 + $2::int) AS t`,
  ])
    await database.query({ text, values });
}

/** Pages of tables and indexes that were looked at so far: by this connection, the only one, with autovacuum off. */
async function buffers(database: Database): Promise<number> {
  await database.query({ text: 'SELECT pg_stat_force_next_flush()' });
  await database.query({ text: 'SELECT pg_stat_clear_snapshot()' });
  const { rows } = await database.query<{ pages: string }>({
    text: `SELECT sum(heap_blks_hit + heap_blks_read + COALESCE(idx_blks_hit, 0) + COALESCE(idx_blks_read, 0)) AS pages
      FROM pg_statio_user_tables WHERE schemaname = 'orchestrator'`,
  });
  return Number(rows[0]!.pages);
}
