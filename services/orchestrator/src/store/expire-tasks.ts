import type { DueTask } from './promote-ready.js';
import type { SettledRow } from './settle-tasks.js';
import type { Transaction } from './transaction.js';

// $1 now, $2 how many
// While a retried run is taken up again, some of its tasks still have the deadline of before.
const EXPIRED = `
  SELECT t.id, t.run FROM tasks t JOIN runs r ON r.id = t.run
  WHERE t.expires_at <= $1 AND r.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM unfinished_steps u WHERE u.run = t.run AND u.retried_at IS NOT NULL OFFSET 0)
  ORDER BY t.expires_at LIMIT $2`;

export async function findExpired(tx: Transaction, now: Date, limit: number): Promise<DueTask[]> {
  return (await tx.query<DueTask>({ name: 'find-expired', text: EXPIRED, values: [now, limit] })).rows;
}

// $1 task ids, $2 now
const EXPIRE = `
  UPDATE tasks t SET status = 'failed', due_at = NULL, ended_at = $2
  FROM (SELECT id, status FROM tasks WHERE id = ANY($1::uuid[]) FOR NO KEY UPDATE) old
  WHERE t.id = old.id AND t.status IN ('ready', 'requested', 'backoff') AND t.deadline_at <= $2
    AND NOT EXISTS (SELECT FROM unfinished_steps u WHERE u.run = t.run AND u.retried_at IS NOT NULL OFFSET 0)
  RETURNING t.id, t.run, t.block, t.key, t.ord, t.sample, t.attempt, t.failures,
    t.requested_at AS "requestedAt", old.status AS was`;

/** Fails unsettled tasks whose deadline is over. */
export async function expireTasks(tx: Transaction, ids: readonly string[], now: Date): Promise<SettledRow[]> {
  return (await tx.query<SettledRow>({ name: 'expire-tasks', text: EXPIRE, values: [ids, now] })).rows;
}
