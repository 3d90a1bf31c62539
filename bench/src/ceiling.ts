import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import pg from 'pg';

/**
 * What this machine's PostgreSQL does with the rows of one transition and nothing else: a task settled, its attempt
 * recorded, its result stored, the next task made, counters and the run's row updated once a batch, and the batch's
 * messages in an outbox row that the next batch deletes. Multi-row prepared statements, in transactions of 500.
 */
export async function measureCeiling(
  databaseUrl: string,
  { connections, transitions }: { connections: number; transitions: number },
): Promise<number> {
  const schema = `ceiling_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}; ${TABLES}`);
  const clients = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = new pg.Client({
        connectionString: databaseUrl,
        options: `-c search_path=${schema}`,
      });
      await client.connect();
      return client;
    }),
  );
  try {
    const each = Math.floor(transitions / connections / BATCH);
    await Promise.all(clients.map((client) => advance(client, 2)));
    const began = performance.now();
    await Promise.all(clients.map((client) => advance(client, each)));
    return (each * connections * BATCH) / ((performance.now() - began) / 1000);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  }
}

const BATCH = 500;
const TABLES = `
  CREATE TABLE runs (id uuid PRIMARY KEY, seq bigint NOT NULL) WITH (fillfactor = 50);
  CREATE TABLE blocks (run uuid, block text, done bigint NOT NULL, PRIMARY KEY (run, block)) WITH (fillfactor = 50);
  CREATE TABLE tasks (id uuid PRIMARY KEY, run uuid NOT NULL, block text NOT NULL, key text NOT NULL, ord integer[] NOT NULL,
    status text NOT NULL, attempt integer NOT NULL, at timestamptz NOT NULL) WITH (fillfactor = 70);
  CREATE TABLE results (run uuid, block text, key text, ord integer[] NOT NULL, value jsonb, PRIMARY KEY (run, block, key));
  CREATE TABLE attempts (task uuid, attempt integer, outcome text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (task, attempt));
  CREATE TABLE outbox (id uuid PRIMARY KEY, messages json NOT NULL) WITH (fillfactor = 50);`;

async function advance(client: pg.Client, batches: number): Promise<void> {
  const run = randomUUID();
  await client.query(`INSERT INTO runs VALUES ($1, 0)`, [run]);
  await client.query(`INSERT INTO blocks VALUES ($1, 'noop', 0)`, [run]);
  let open = await makeTasks(client, run, 0);
  let published: string[] = [];
  for (let batch = 1; batch <= batches; batch += 1) {
    const now = new Date();
    // Sent together, as one round trip: the last answer is awaited.
    const steps = [
      client.query('BEGIN'),
      client.query({
        name: 'lock',
        text: 'SELECT seq FROM runs WHERE id = $1 FOR UPDATE',
        values: [run],
      }),
      client.query({
        name: 'settle',
        text: `UPDATE tasks SET status = 'done', at = $2 WHERE id = any($1::uuid[]) AND status = 'requested'`,
        values: [open, now],
      }),
      client.query({
        name: 'attempts',
        text: `INSERT INTO attempts SELECT id, 1, 'completed', $2 FROM unnest($1::uuid[]) AS t(id)`,
        values: [open, now],
      }),
      client.query({
        name: 'results',
        text: `INSERT INTO results SELECT $1, 'noop', key, '{1}', '{"atMs":1234567.8}' FROM unnest($2::text[]) AS t(key)`,
        values: [run, open.map((_, i) => `row=${batch}-${i}`)],
      }),
    ];
    const next = makeTasks(client, run, batch);
    const row = randomUUID();
    steps.push(
      client.query({
        name: 'count',
        text: 'UPDATE blocks SET done = done + $2 WHERE run = $1',
        values: [run, BATCH],
      }),
      client.query({ name: 'seq', text: 'UPDATE runs SET seq = seq + 1 WHERE id = $1', values: [run] }),
      client.query({
        name: 'outbox',
        text: 'WITH gone AS (DELETE FROM outbox WHERE id = any($3::uuid[])) INSERT INTO outbox VALUES ($1, $2)',
        values: [
          row,
          JSON.stringify(open.map((task) => ({ run, task, attempt: 1, block: 'noop', with: {}, key: '' }))),
          published,
        ],
      }),
      client.query('COMMIT'),
    );
    await Promise.all(steps);
    open = await next;
    published = [row];
  }
}

async function makeTasks(client: pg.Client, run: string, batch: number): Promise<string[]> {
  const ids = Array.from({ length: BATCH }, () => randomUUID());
  await client.query({
    name: 'tasks',
    text: `INSERT INTO tasks SELECT id, $1, 'noop', key, '{1}', 'requested', 1, $4 FROM unnest($2::uuid[], $3::text[]) AS t(id, key)`,
    values: [run, ids, ids.map((_, i) => `row=${batch}-${i}`), new Date()],
  });
  return ids;
}
