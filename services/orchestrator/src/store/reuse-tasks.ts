import type { ResultRow, TaskRow } from '@duofactory/engine';
import type { Transaction } from './transaction.js';

export type SucceededTask = TaskRow & { readonly outcome: readonly ResultRow[] | null };

// $1 task ids
const SUCCEEDED = `SELECT id, block, key, ord, sample, payloads, outcome FROM tasks
  WHERE id = ANY($1::uuid[]) AND status = 'done'`;

export async function succeededTasks(tx: Transaction, ids: readonly string[]): Promise<SucceededTask[]> {
  if (ids.length === 0) return [];
  return (await tx.query<SucceededTask>({ name: 'succeeded-tasks', text: SUCCEEDED, values: [ids] })).rows;
}

export type MadeRow = ResultRow & { readonly of: string };

// Results whose key is a task's with one segment of its block more: "=" and ">" are neighbours in bytes.
// $1 run, $2 task ids, $3 blocks, $4 first keys, $5 keys behind the last
const FORKED = `
  SELECT w.id AS of, r.block, r.key, r.ord, r.state, r.value, r.ref
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS w(id, block, first, behind)
  JOIN results r ON r.run = $1 AND r.block = w.block AND r.key >= w.first COLLATE "C" AND r.key < w.behind COLLATE "C"
  WHERE r.state = 'ok' ORDER BY r.ord`;

/** What tasks with a list of results made. */
export async function forkedResults(
  tx: Transaction,
  run: string,
  tasks: readonly Pick<TaskRow, 'id' | 'block' | 'key'>[],
): Promise<MadeRow[]> {
  if (tasks.length === 0) return [];
  const below = tasks.map(({ key, block }) => (key === '' ? block : `${key}/${block}`));
  const values = [
    run,
    tasks.map((one) => one.id),
    tasks.map((one) => one.block),
    below.map((start) => `${start}=`),
    below.map((start) => `${start}>`),
  ];
  return (await tx.query<MadeRow>({ name: 'forked-results', text: FORKED, values })).rows;
}

// Task by task, by the index: without the fence the planner may read all that was ever not picked.
// $1 ids, $2 tasks that they repeat, $3 input hashes, $4 now
const REUSE = `
  WITH copied AS (
    INSERT INTO not_picked (task, why) SELECT u.id, n.why FROM unnest($1::uuid[], $2::uuid[]) AS u(id, from_id)
    CROSS JOIN LATERAL (SELECT why FROM not_picked WHERE task = u.from_id OFFSET 0) n ON CONFLICT DO NOTHING
  )
  UPDATE tasks t SET status = 'done', attempt = t.attempt - 1, reused_from = u.from_id, input_hash = u.hash,
    requested_at = NULL, due_at = NULL, ended_at = $4
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u(id, from_id, hash) WHERE t.id = u.id`;

/** Settles tasks by what equal ones made: they are not requested. */
export async function reuseTasks(
  tx: Transaction,
  tasks: readonly { id: string; from: string; hash: string }[],
  now: Date,
): Promise<void> {
  if (tasks.length === 0) return;
  const values = [
    tasks.map((one) => one.id),
    tasks.map((one) => one.from),
    tasks.map((one) => one.hash),
    now,
  ];
  await tx.query({ name: 'reuse-tasks', text: REUSE, values });
}
