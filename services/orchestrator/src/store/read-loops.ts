import type { Transaction } from './transaction.js';

export interface LoopQuery {
  readonly run: string;
  /** The first task of `from` for the group's payload. */
  readonly fromTask: string;
  readonly from: string;
  /** Key of the result that says that `from` was passed by. */
  readonly passedKey: string;
  /** The evaluating block's task of the round before. */
  readonly before: string;
}

export interface LoopRow {
  readonly reached: boolean;
  readonly ord: number[] | null;
  readonly failedWhen: boolean;
  readonly passed: boolean;
  readonly asked: boolean;
}

// One row a question, in the order asked.
// $1 runs, $2 first tasks of from, $3 from, $4 keys of passed-by results, $5 tasks of the round before
const READ = `
  SELECT f.id IS NOT NULL AS reached, f.ord, COALESCE(f.error->>'field' = 'when', false) AS "failedWhen",
         p.key IS NOT NULL AS passed, b.id IS NOT NULL AS asked
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[])
    WITH ORDINALITY AS q(run, from_task, from_block, passed_key, before, n)
  LEFT JOIN tasks f ON f.id = q.from_task
  LEFT JOIN results p ON p.run = q.run AND p.block = q.from_block AND p.key = q.passed_key
  LEFT JOIN tasks b ON b.id = q.before
  ORDER BY q.n`;

export async function readLoops(tx: Transaction, queries: readonly LoopQuery[]): Promise<LoopRow[]> {
  if (queries.length === 0) return [];
  const values = [
    queries.map((one) => one.run),
    queries.map((one) => one.fromTask),
    queries.map((one) => one.from),
    queries.map((one) => one.passedKey),
    queries.map((one) => one.before),
  ];
  return (await tx.query<LoopRow>({ name: 'read-loops', text: READ, values })).rows;
}
