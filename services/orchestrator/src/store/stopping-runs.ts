import type { Transaction } from './transaction.js';

// $1 stopping since
const STOPPED = `SELECT id FROM runs WHERE status = 'stopping' AND stopping_at <= $1 LIMIT 100`;

export async function findStoppedTooLong(tx: Transaction, since: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'find-stopped', text: STOPPED, values: [since] });
  return rows.map((row) => row.id);
}

// $1 now
const OVERDUE = `SELECT id FROM runs
  WHERE ended_at IS NULL AND deadline_at IS NOT NULL AND deadline_at <= $1 AND status <> 'stopping' LIMIT 100`;

export async function findOverdueRuns(tx: Transaction, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'find-overdue', text: OVERDUE, values: [now] });
  return rows.map((row) => row.id);
}

// $1 run
const RECALL = `
  WITH recalled AS (
    UPDATE tasks SET status = 'ready', due_at = NULL WHERE run = $1 AND status = 'requested' RETURNING block
  ) SELECT block, count(*)::int AS tasks FROM recalled GROUP BY block`;

/** Takes back every requested task of a run: an answer that comes later is recorded only. */
export async function recallRequested(
  tx: Transaction,
  run: string,
): Promise<{ block: string; tasks: number }[]> {
  return (
    await tx.query<{ block: string; tasks: number }>({
      name: 'recall-requested',
      text: RECALL,
      values: [run],
    })
  ).rows;
}

// $1 runs
const CALL_OFF = `
  WITH recalled AS (
    UPDATE tasks SET status = 'ready', due_at = NULL WHERE run = ANY($1::uuid[]) AND status = 'backoff' RETURNING run, block
  ) SELECT run, block, count(*)::int AS tasks FROM recalled GROUP BY run, block`;

/** What backs off in runs that stop is woken no more: it waits for a retry of its run. */
export async function callOffBackOffs(
  tx: Transaction,
  runs: readonly string[],
): Promise<{ run: string; block: string; tasks: number }[]> {
  if (runs.length === 0) return [];
  const statement = { name: 'call-off-back-offs', text: CALL_OFF, values: [runs] };
  return (await tx.query<{ run: string; block: string; tasks: number }>(statement)).rows;
}

// $1 runs, $2 blocks
const RECALL_BLOCKS = `
  WITH recalled AS (
    UPDATE tasks t SET status = 'ready', due_at = NULL FROM unnest($1::uuid[], $2::text[]) AS b(run, block)
    WHERE t.run = b.run AND t.block = b.block AND t.status = 'requested' RETURNING t.run, t.block
  ) SELECT run, block, count(*)::int AS tasks FROM recalled GROUP BY run, block`;

/** As `recallRequested`, of these blocks. */
export async function recallBlocks(
  tx: Transaction,
  of: readonly { run: string; block: string }[],
): Promise<{ run: string; block: string; tasks: number }[]> {
  if (of.length === 0) return [];
  const values = [of.map(({ run }) => run), of.map(({ block }) => block)];
  const statement = { name: 'recall-blocks', text: RECALL_BLOCKS, values };
  return (await tx.query<{ run: string; block: string; tasks: number }>(statement)).rows;
}
