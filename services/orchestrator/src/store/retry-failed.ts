import type { TaskRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction } from './transaction.js';

// $1 run
const RETRY = `
  WITH again AS (
    UPDATE tasks SET status = 'ready', failures = 0, lost = 0, error = NULL, ended_at = NULL
    WHERE run = $1 AND waits = 'failed' AND error->>'field' IS DISTINCT FROM 'when' RETURNING block
  ) SELECT block, count(*)::int AS tasks FROM again GROUP BY block`;

/** Makes a run's failed tasks ready, as if none of their attempts had failed. */
export async function retryFailed(tx: Transaction, run: string): Promise<{ block: string; tasks: number }[]> {
  const { rows } = await tx.query<{ block: string; tasks: number }>({
    name: 'retry-failed',
    text: RETRY,
    values: [run],
  });
  return rows;
}

// While a run was ended nobody worked on what had not settled. $1 run, $2 blocks, $3 deadlines
const EXTEND = `
  UPDATE tasks t SET deadline_at = d.at FROM unnest($2::text[], $3::timestamptz[]) AS d(block, at)
  WHERE t.run = $1 AND t.block = d.block AND t.status IN ('ready', 'backoff', 'evaluating')`;

/** Gives the unsettled tasks of these blocks another deadline. */
export async function extendDeadlines(
  tx: Transaction,
  run: string,
  deadlines: readonly { block: string; at: Date }[],
): Promise<void> {
  if (deadlines.length === 0) return;
  const values = [run, deadlines.map(({ block }) => block), deadlines.map(({ at }) => at)];
  await tx.query({ name: 'extend-deadlines', text: EXTEND, values });
}

// $1 run
const ASK_AGAIN = `
  UPDATE tasks SET status = 'evaluating', error = NULL, ended_at = NULL
  WHERE run = $1 AND waits = 'failed' AND error->>'field' = 'when'
  RETURNING id, run, block, key, ord, sample`;

/** Failed tasks whose `when` threw are evaluated again. */
export async function evaluateAgain(tx: Transaction, run: string): Promise<OfRun<TaskRow>[]> {
  return (await tx.query<OfRun<TaskRow>>({ name: 'evaluate-again', text: ASK_AGAIN, values: [run] })).rows;
}
