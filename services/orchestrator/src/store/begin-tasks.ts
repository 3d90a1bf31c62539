import { storableJson } from '@duofactory/contracts';
import type { ResultRow } from '@duofactory/engine';
import type { WriteTransaction } from './transaction.js';

export interface BegunTask {
  readonly id: string;
  readonly status: 'ready' | 'requested';
  readonly dueAt: Date | null;
}

// $1 ids, $2 statuses, $3 due times, $4 now
const BEGIN = `
  UPDATE tasks t SET status = b.status, due_at = b.due_at,
    attempt = CASE WHEN b.status = 'requested' THEN t.attempt + 1 ELSE t.attempt END,
    requested_at = CASE WHEN b.status = 'requested' THEN $4::timestamptz END
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS b(id, status, due_at)
  WHERE t.id = b.id AND t.status = 'evaluating'`;

export function beginTasks(tx: WriteTransaction, tasks: readonly BegunTask[], now: Date): void {
  if (tasks.length === 0) return;
  const values = [
    tasks.map((one) => one.id),
    tasks.map((one) => one.status),
    tasks.map((one) => one.dueAt),
    now,
  ];
  tx.send({ name: 'begin-tasks', text: BEGIN, values });
}

// $1 ids
const REMOVE = `DELETE FROM tasks WHERE id = ANY($1::uuid[])`;

/** Tasks that were passed by leave no row. */
export function removeTasks(tx: WriteTransaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({ name: 'remove-tasks', text: REMOVE, values: [ids] });
}

// $1 ids, $2 outcomes
const OUTCOMES = `
  UPDATE tasks t SET outcome = o.outcome FROM unnest($1::uuid[], $2::jsonb[]) AS o(id, outcome) WHERE t.id = o.id`;

/** What tasks of a loop made, until the loop ends. */
export function keepOutcomes(
  tx: WriteTransaction,
  outcomes: readonly { id: string; payloads: readonly ResultRow[] }[],
): void {
  if (outcomes.length === 0) return;
  const values = [outcomes.map((one) => one.id), outcomes.map((one) => storableJson(one.payloads))];
  tx.send({ name: 'keep-outcomes', text: OUTCOMES, values });
}
