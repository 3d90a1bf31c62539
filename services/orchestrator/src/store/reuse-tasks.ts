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

// $1 tasks
const ORIGINS = `
  WITH RECURSIVE origin AS (
    SELECT w.id AS of, w.id FROM unnest($1::uuid[]) AS w(id)
    UNION ALL
    SELECT o.of, t.id FROM origin o CROSS JOIN LATERAL (
      SELECT reused_from AS id FROM tasks WHERE id = o.id AND reused_from IS NOT NULL OFFSET 0) t
  )
  SELECT o.of, t.id, t.run FROM origin o CROSS JOIN LATERAL (SELECT id, run FROM tasks WHERE id = o.id OFFSET 0) t`;

/** The tasks themselves, and those of earlier runs whose results they took over. */
export async function originsOf(
  tx: Transaction,
  tasks: readonly string[],
): Promise<{ of: string; id: string; run: string }[]> {
  const values = [tasks];
  return (
    await tx.query<{ of: string; id: string; run: string }>({ name: 'origins-of', text: ORIGINS, values })
  ).rows;
}

// By the index of children: without the fence all children of all runs would be read once.
// $1 runs
const INSIDE = `
  SELECT c.task, t.id FROM unnest($1::uuid[]) AS above(run)
  CROSS JOIN LATERAL (SELECT id, parent->>'task' AS task, status FROM runs
    WHERE parent IS NOT NULL AND parent->>'run' = above.run::text OFFSET 0) c
  CROSS JOIN LATERAL (SELECT id FROM tasks WHERE run = c.id AND status = 'done' OFFSET 0) t
  WHERE c.status IN ('completed', 'partial')`;

/** What ended well in the runs inside these runs, with the task that began each of them. */
export async function tasksInside(
  tx: Transaction,
  runs: readonly string[],
): Promise<{ task: string; id: string }[]> {
  if (runs.length === 0) return [];
  const values = [runs];
  return (await tx.query<{ task: string; id: string }>({ name: 'tasks-inside', text: INSIDE, values })).rows;
}

// $1 tasks
const PAID = `
  SELECT w.id AS task, u->>'ledger' AS ledger, count(*)::int AS times
  FROM unnest($1::uuid[]) AS w(id) CROSS JOIN LATERAL (
    SELECT usage FROM all_attempts WHERE task = w.id AND outcome = 'completed' AND settled OFFSET 0) a
  CROSS JOIN LATERAL jsonb_array_elements(a.usage) u
  WHERE u->>'ledger' IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`;

/** The entries of ledgers that what these tasks made rests on, and how often: also those that they themselves had replayed. */
export async function paidByTasks(
  tx: Transaction,
  tasks: readonly string[],
): Promise<{ task: string; ledger: string; times: number }[]> {
  if (tasks.length === 0) return [];
  const { rows } = await tx.query<{ task: string; ledger: string; times: number }>({
    ...{ name: 'paid-by-tasks', text: PAID, values: [tasks] },
  });
  return rows;
}
