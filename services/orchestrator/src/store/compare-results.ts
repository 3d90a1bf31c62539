import type { StoredResult } from './read-results.js';
import type { Transaction } from './transaction.js';

export interface ComparedResult {
  key: string;
  /** null: nothing came out under this key. */
  state: StoredResult['state'] | null;
  otherState: StoredResult['state'] | null;
  /** Both came out, in one state, and hold the same. */
  same: boolean;
  /** Of a result that has a number as its score. */
  score: number | null;
  otherScore: number | null;
}

const FIELDS = `key, state, value, ref,
  CASE jsonb_typeof(value->'score') WHEN 'number' THEN (value->'score')::float8 END AS score`;

// The first keys of both together are among the first ones of each.
// $1 run, $2 the other, $3 block, $4 only keys after this one, $5 how many
const COMPARE = `
  SELECT key, a.state, b.state AS "otherState", a.score, b.score AS "otherScore",
    coalesce(a.state = b.state AND a.value IS NOT DISTINCT FROM b.value AND a.ref IS NOT DISTINCT FROM b.ref, false) AS same
  FROM (
    SELECT ${FIELDS} FROM results WHERE run = $1 AND block = $3 AND ($4::text IS NULL OR key > $4) ORDER BY key LIMIT $5) a
  FULL JOIN (
    SELECT ${FIELDS} FROM results WHERE run = $2 AND block = $3 AND ($4::text IS NULL OR key > $4) ORDER BY key LIMIT $5) b USING (key)
  ORDER BY key LIMIT $5`;

/** What came out of a block of two runs, by key. */
export async function compareResults(
  tx: Transaction,
  of: { run: string; other: string; block: string; after: string | undefined; limit: number },
): Promise<ComparedResult[]> {
  const { run, other, block, after = null, limit } = of;
  return (await tx.query<ComparedResult>({ text: COMPARE, values: [run, other, block, after, limit] })).rows;
}
