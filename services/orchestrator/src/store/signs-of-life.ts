import type { Transaction } from './transaction.js';

export interface LivingTask {
  readonly id: string;
  readonly run: string;
  readonly block: string;
}

// $1 task ids, $2 attempts
const LIVING = `
  SELECT t.id, t.run, t.block FROM unnest($1::uuid[], $2::int[]) AS s(id, attempt)
  JOIN tasks t ON t.id = s.id AND t.attempt = s.attempt AND t.status = 'requested'`;

/** Of these attempts those that are out. */
export async function livingTasks(
  tx: Transaction,
  signs: readonly { task: string; attempt: number }[],
): Promise<LivingTask[]> {
  const values = [signs.map(({ task }) => task), signs.map(({ attempt }) => attempt)];
  return (await tx.query<LivingTask>({ name: 'living-tasks', text: LIVING, values })).rows;
}

// $1 task ids, $2 lost at, $3 begun at, $4 workers
const EXTEND = `
  UPDATE tasks t SET due_at = e.due_at, begun_at = e.begun_at, worker = e.worker
  FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[]) AS e(id, due_at, begun_at, worker)
  WHERE t.id = e.id AND t.status = 'requested'`;

/** Work that gives signs of life is lost only some time after the last. */
export async function extendAttempts(
  tx: Transaction,
  tasks: readonly { id: string; lostAt: Date; begunAt: Date | null; worker: string | null }[],
): Promise<void> {
  if (tasks.length === 0) return;
  const values = [
    tasks.map(({ id }) => id),
    tasks.map(({ lostAt }) => lostAt),
    tasks.map(({ begunAt }) => begunAt),
    tasks.map(({ worker }) => worker),
  ];
  await tx.query({ name: 'extend-attempts', text: EXTEND, values });
}
