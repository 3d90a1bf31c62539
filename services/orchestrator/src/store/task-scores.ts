import type { Transaction } from './transaction.js';

// $1 run, $2 blocks, $3 keys
const SCORES = `SELECT r.block, r.key, (r.value->'score')::float8 AS score
  FROM unnest($2::text[], $3::text[]) AS w(block, key)
  JOIN results r ON r.run = $1 AND r.block = w.block AND r.key = w.key
  WHERE jsonb_typeof(r.value->'score') = 'number'`;

/** Of those results that have a number as their score. */
export async function readScores(
  tx: Transaction,
  run: string,
  of: readonly { block: string; key: string }[],
): Promise<{ block: string; key: string; score: number }[]> {
  const values = [run, of.map(({ block }) => block), of.map(({ key }) => key)];
  return (await tx.query<{ block: string; key: string; score: number }>({ text: SCORES, values })).rows;
}
