import type { Transaction } from './transaction.js';

// One that goes on again is no longer among them once its lock is had. $1 ended before
const FORGET = `
  WITH old AS (SELECT id FROM batches WHERE ended_at < $1 ORDER BY ended_at LIMIT 1 FOR UPDATE SKIP LOCKED),
  items AS (DELETE FROM batch_items WHERE batch IN (SELECT id FROM old)),
  counts AS (DELETE FROM batch_counts WHERE batch IN (SELECT id FROM old))
  DELETE FROM batches WHERE id IN (SELECT id FROM old)`;

/** Removes one batch that ended before. Returns whether there was one. */
export async function forgetBatch(tx: Transaction, before: Date): Promise<boolean> {
  return (await tx.query({ name: 'forget-batch', text: FORGET, values: [before] })).rowCount === 1;
}
