import type { GroupKey } from './groups.js';
import type { Transaction } from './transaction.js';

export interface StoredResult extends GroupKey {
  ord: number[];
  state: 'ok' | 'passed' | 'error';
  value: unknown;
  ref: unknown;
}

// $1 runs, $2 blocks, $3 keys
const READ = `
  SELECT r.run, r.block, r.key, r.ord, r.state, r.value, r.ref
  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k(run, block, key)
  JOIN results r USING (run, block, key)`;

export async function readResults(tx: Transaction, keys: readonly GroupKey[]): Promise<StoredResult[]> {
  if (keys.length === 0) return [];
  const values = [keys.map((one) => one.run), keys.map((one) => one.block), keys.map((one) => one.key)];
  return (await tx.query<StoredResult>({ name: 'read-results', text: READ, values })).rows;
}
