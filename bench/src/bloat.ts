import { MESSAGING_MIGRATIONS } from '@duofactory/messaging';
import { ORCHESTRATOR_MIGRATIONS } from '@duofactory/orchestrator';
import { Database, startEmbeddedPostgres } from '@duofactory/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { noteFigures } from './figures.js';

/**
 * What is left behind when ten million rows go through the outbox and millions of tasks are settled: sizes on the way and
 * at the end, beside the size after VACUUM FULL, the least that the rows can have. By the product's own tables and
 * statements, as fast as PostgreSQL takes them: harder on vacuum than any load of the product.
 */
const { values: asked } = parseArgs({
  options: {
    outbox: { type: 'string', default: '10000000' },
    tasks: { type: 'string', default: '2000000' },
  },
});
const AT_ONCE = 1000;
const LOOKS = 10;

const folder = await mkdtemp(join(tmpdir(), 'duofactory-bloat-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const migrations = [...MESSAGING_MIGRATIONS, ...ORCHESTRATOR_MIGRATIONS];
const database = await Database.open({ url: postgres.url, schema: 'orchestrator', migrations });
try {
  const outbox = await through(Number(asked.outbox), 'outbox', passOutbox);
  const tasks = await through(Number(asked.tasks), 'tasks', settleTasks);
  await noteFigures({ 'bloat of the outbox': outbox, 'bloat of tasks': tasks });
} finally {
  await database.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

interface Bloat {
  readonly rows: number;
  readonly mostMegabytes: number;
  readonly endMegabytes: number;
  readonly leastMegabytes: number;
}

async function through(rows: number, table: string, pass: (from: number) => Promise<void>): Promise<Bloat> {
  let most = 0;
  for (let from = 0; from < rows; from += AT_ONCE) {
    await pass(from);
    if ((from + AT_ONCE) % (rows / LOOKS) !== 0) continue;
    const { megabytes, dead, vacuums } = await look(table);
    most = Math.max(most, megabytes);
    console.log(
      `${table}: ${from + AT_ONCE} rows, ${megabytes} MB, ${dead} dead rows, vacuumed ${vacuums} times`,
    );
  }
  const end = (await look(table)).megabytes;
  await database.query({ text: `VACUUM FULL ${table}` });
  const least = (await look(table)).megabytes;
  console.log(`${table}: at the end ${end} MB; its rows alone ${least} MB`);
  return { rows, mostMegabytes: most, endMegabytes: end, leastMegabytes: least };
}

/** Rows are stored, and those before them deleted, in one statement: as the outbox does. */
async function passOutbox(from: number): Promise<void> {
  const text = `WITH published AS (DELETE FROM outbox WHERE id = ANY(ARRAY(
      SELECT md5(n::text)::uuid FROM generate_series($1::bigint - $2::bigint, $1::bigint - 1) AS n)))
    INSERT INTO outbox (id, topic, messages, created_at, due_at)
    SELECT md5(n::text)::uuid, 'duofactory.block-requested.noop', repeat('m', 400), now(), now()
    FROM generate_series($1::bigint, $1::bigint + $2::bigint - 1) AS n`;
  await database.query({ name: 'pass', text, values: [from, AT_ONCE] });
}

/** Tasks are born requested, and settled with the next ones. */
async function settleTasks(from: number): Promise<void> {
  const values = [from, AT_ONCE];
  await database.transaction(async (tx) => {
    await tx.query({
      name: 'settle',
      text: `UPDATE tasks SET status = 'done', ended_at = now(), due_at = NULL WHERE id = ANY(ARRAY(
        SELECT md5(n::text)::uuid FROM generate_series($1::bigint - $2::bigint, $1::bigint - 1) AS n))`,
      values,
    });
    await tx.query({
      name: 'born',
      text: `INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at, requested_at, due_at)
        SELECT md5(n::text)::uuid, md5((n / 5000)::text)::uuid, 'work', 'fan=' || n, ARRAY[n::int], 1, 'requested', 1, now(),
          now(), now() + interval '1 day'
        FROM generate_series($1::bigint, $1::bigint + $2::bigint - 1) AS n`,
      values,
    });
  });
}

async function look(table: string): Promise<{ megabytes: number; dead: number; vacuums: number }> {
  const { rows } = await database.query<{ bytes: string; dead: string; vacuums: string }>({
    text: `SELECT pg_total_relation_size($1::regclass) AS bytes, n_dead_tup AS dead, autovacuum_count AS vacuums
      FROM pg_stat_user_tables WHERE relid = $1::regclass`,
    values: [table],
  });
  const { bytes, dead, vacuums } = rows[0]!;
  return { megabytes: Math.round(Number(bytes) / 1e5) / 10, dead: Number(dead), vacuums: Number(vacuums) };
}
