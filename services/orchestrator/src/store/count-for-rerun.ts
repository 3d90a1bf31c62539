import type { Transaction } from './transaction.js';

export interface RerunCounts {
  block: string;
  done: number;
  /** Of these those whose key has all the segments. */
  doneUnder: number;
  /** Tasks that did not succeed. */
  others: number;
}

// $1 run, $2 segments of a key
const COUNT = `
  SELECT block, count(*) FILTER (WHERE status = 'done')::int AS done,
    count(*) FILTER (WHERE status = 'done' AND string_to_array(key, '/') @> $2::text[])::int AS "doneUnder",
    count(*) FILTER (WHERE status <> 'done')::int AS others
  FROM tasks WHERE run = $1 GROUP BY block`;

/** Counts of a run's tasks by block. Reads them all: for a person who asks, not for the hot path. */
export async function countForRerun(
  tx: Transaction,
  run: string,
  segments: readonly string[],
): Promise<RerunCounts[]> {
  return (await tx.query<RerunCounts>({ text: COUNT, values: [run, segments] })).rows;
}
