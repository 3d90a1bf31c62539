import type { Transaction } from './transaction.js';

export interface ShownTask {
  readonly id: string;
  readonly run: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number;
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Of its run. */
  readonly traceparent: string | null;
}

// A task whose payloads are still being made goes on. $1 task
const READ = `SELECT t.id, t.run, t.block, t.key, t.sample,
    CASE t.status WHEN 'expanding' THEN 'requested' ELSE t.status END AS status, t.error, r.traceparent
  FROM tasks t JOIN runs r ON r.id = t.run WHERE t.id = $1`;

export async function readTaskToShow(tx: Transaction, id: string): Promise<ShownTask | undefined> {
  return (await tx.query<ShownTask>({ text: READ, values: [id] })).rows[0];
}
