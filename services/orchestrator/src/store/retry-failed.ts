import type { TaskRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction } from './transaction.js';

// A deadline counts from the retry. $1 run, $2 now
const RETRY = `
  WITH again AS (
    UPDATE tasks SET status = 'ready', failures = 0, lost = 0, error = NULL, ended_at = NULL,
      deadline_at = $2::timestamptz + (deadline_at - created_at)
    WHERE run = $1 AND status = 'failed' AND error->>'field' IS DISTINCT FROM 'when' RETURNING block
  ) SELECT block, count(*)::int AS tasks FROM again GROUP BY block`;

/** Makes a run's failed tasks ready, as if none of their attempts had failed. */
export async function retryFailed(
  tx: Transaction,
  run: string,
  now: Date,
): Promise<{ block: string; tasks: number }[]> {
  const { rows } = await tx.query<{ block: string; tasks: number }>({
    name: 'retry-failed',
    text: RETRY,
    values: [run, now],
  });
  return rows;
}

// $1 run
const ASK_AGAIN = `
  UPDATE tasks SET status = 'evaluating', error = NULL, ended_at = NULL
  WHERE run = $1 AND status = 'failed' AND error->>'field' = 'when'
  RETURNING id, run, block, key, ord, sample`;

/** Failed tasks whose `when` threw are evaluated again. */
export async function evaluateAgain(tx: Transaction, run: string): Promise<OfRun<TaskRow>[]> {
  return (await tx.query<OfRun<TaskRow>>({ name: 'evaluate-again', text: ASK_AGAIN, values: [run] })).rows;
}
