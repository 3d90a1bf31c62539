import type { Transaction } from './transaction.js';

// $1 run
const RETRY = `
  WITH again AS (
    UPDATE tasks SET status = 'ready', failures = 0, error = NULL, ended_at = NULL
    WHERE run = $1 AND status = 'failed' RETURNING block
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
