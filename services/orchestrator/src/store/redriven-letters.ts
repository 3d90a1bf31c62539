import type { Transaction } from './transaction.js';

// $1 redriven before, $2 how many
const FORGET = `DELETE FROM dead_letters WHERE id = ANY(ARRAY(
  SELECT id FROM dead_letters WHERE redriven_at < $1 ORDER BY redriven_at LIMIT $2 FOR UPDATE SKIP LOCKED))`;

/** Removes so many letters that were redriven before. Returns how many there were. */
export async function forgetRedriven(tx: Transaction, before: Date, limit: number): Promise<number> {
  return (await tx.query({ name: 'forget-redriven', text: FORGET, values: [before, limit] })).rowCount ?? 0;
}
