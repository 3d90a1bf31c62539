import type { TaskRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction } from './transaction.js';

// $1 run, $2 how many
const RETRY = `
  WITH again AS (
    UPDATE tasks SET status = 'ready', failures = 0, lost = 0, error = NULL, ended_at = NULL
    WHERE id IN (SELECT id FROM tasks
      WHERE run = $1 AND waits = 'failed' AND error->>'field' IS DISTINCT FROM 'when' LIMIT $2)
    RETURNING block
  ) SELECT block, count(*)::int AS tasks FROM again GROUP BY block`;

/** Makes failed tasks of a run ready, as if none of their attempts had failed. */
export async function retryFailed(
  tx: Transaction,
  run: string,
  limit: number,
): Promise<{ block: string; tasks: number }[]> {
  const { rows } = await tx.query<{ block: string; tasks: number }>({
    name: 'retry-failed',
    text: RETRY,
    values: [run, limit],
  });
  return rows;
}

// While a run was ended nobody worked on what had not settled.
// $1 run, $2 blocks, $3 deadlines, $4 how many
const EXTEND = `
  UPDATE tasks t SET deadline_at = w.at FROM (
    SELECT t.id, d.at FROM unnest($2::text[], $3::timestamptz[]) AS d(block, at)
    JOIN tasks t ON t.run = $1 AND t.block = d.block
    WHERE t.status IN ('ready', 'backoff', 'evaluating') AND t.deadline_at < d.at LIMIT $4) w
  WHERE t.id = w.id`;

/** Gives unsettled tasks of these blocks another deadline, where theirs is earlier. Returns how many. */
export async function extendDeadlines(
  tx: Transaction,
  run: string,
  deadlines: readonly { block: string; at: Date }[],
  limit: number,
): Promise<number> {
  if (deadlines.length === 0) return 0;
  const values = [run, deadlines.map(({ block }) => block), deadlines.map(({ at }) => at), limit];
  return (await tx.query({ name: 'extend-deadlines', text: EXTEND, values })).rowCount ?? 0;
}

// Samples behind the first make way before that one may make them anew. $1 run, $2 how many
const ASK_AGAIN = `
  UPDATE tasks SET status = 'evaluating', error = NULL, ended_at = NULL
  WHERE id IN (SELECT id FROM tasks WHERE run = $1 AND waits = 'failed' AND error->>'field' = 'when'
    ORDER BY sample DESC LIMIT $2)
  RETURNING id, run, block, key, ord, sample`;

/** Failed tasks whose `when` threw are evaluated again. */
export async function evaluateAgain(tx: Transaction, run: string, limit: number): Promise<OfRun<TaskRow>[]> {
  const statement = { name: 'evaluate-again', text: ASK_AGAIN, values: [run, limit] };
  return (await tx.query<OfRun<TaskRow>>(statement)).rows;
}
