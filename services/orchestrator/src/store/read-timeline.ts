import type { Transaction } from './transaction.js';

export interface BlockTime {
  block: string;
  tasks: number;
  from: Date;
  to: Date;
  /** Sums over its tasks. */
  queuedMs: number;
  workedMs: number;
}

export interface TaskTime {
  task: string;
  block: string;
  key: string;
  sample: number;
  status: string;
  attempt: number;
  requestedAt: Date;
  /** null: a service has not said that it works on it. */
  begunAt: Date | null;
  /** null: it goes on. */
  endedAt: Date | null;
}

export interface Stretch {
  from: Date;
  to: Date;
}

// A task whose payloads are still being made is not done yet, and goes on. $1 run, $2 now
const TIMES = `SELECT t.*, coalesce(ended_at, $2) AS ends FROM (
    SELECT id, block, key, sample, CASE status WHEN 'expanding' THEN 'requested' ELSE status END AS status, attempt,
      requested_at, begun_at, CASE WHEN status <> 'expanding' THEN ended_at END AS ended_at
    FROM tasks WHERE run = $1 AND requested_at IS NOT NULL) t`;

// As above.
const BLOCKS = `
  SELECT block, count(*)::int AS tasks, min(requested_at) AS "from", max(ends) AS "to",
    sum(greatest(0, extract(epoch FROM coalesce(begun_at, ends) - requested_at) * 1000))::float8 AS "queuedMs",
    sum(greatest(0, coalesce(extract(epoch FROM ends - begun_at) * 1000, 0)))::float8 AS "workedMs"
  FROM (${TIMES}) times GROUP BY block`;

// The longest ones that reach into the window. $1 run, $2 now, $3 from, $4 to, $5 block, $6 how many
const TASKS = `
  SELECT * FROM (
    SELECT id AS task, block, key, sample, status, attempt, requested_at AS "requestedAt", begun_at AS "begunAt",
      ended_at AS "endedAt"
    FROM (${TIMES}) times WHERE ($3::timestamptz IS NULL OR ends >= $3)
      AND ($4::timestamptz IS NULL OR requested_at <= $4) AND ($5::text IS NULL OR block = $5)
    ORDER BY ends - requested_at DESC, id LIMIT $6) longest
  ORDER BY "requestedAt", task`;

// When any task was asked for and had not ended. $1 run, $2 now
const BUSY = `
  SELECT lower(one) AS "from", upper(one) AS "to" FROM (
    SELECT unnest(range_agg(tstzrange(requested_at, greatest(requested_at, ends), '[]'))) AS one
    FROM (${TIMES}) times) stretches
  ORDER BY 1`;

/** Reads all tasks of the run: for a person who looks. */
export async function readTimeline(
  tx: Transaction,
  of: { run: string; now: Date; from?: Date; to?: Date; block?: string; limit: number },
): Promise<{ blocks: BlockTime[]; tasks: TaskTime[]; busy: Stretch[] }> {
  const { run, now, from, to, block, limit } = of;
  const window = [run, now, from ?? null, to ?? null, block ?? null, limit];
  return {
    blocks: (await tx.query<BlockTime>({ text: BLOCKS, values: [run, now] })).rows,
    tasks: (await tx.query<TaskTime>({ text: TASKS, values: window })).rows,
    busy: (await tx.query<Stretch>({ text: BUSY, values: [run, now] })).rows,
  };
}
