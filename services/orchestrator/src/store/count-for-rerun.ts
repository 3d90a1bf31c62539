import type { Transaction } from './transaction.js';

export interface RehearsedBlock {
  readonly block: string;
  /** Tasks that took over what an equal one made. */
  readonly reused: number;
  /** Tasks that are to be asked for. */
  readonly anew: number;
}

// $1 run
const REHEARSED = `
  SELECT block, count(*) FILTER (WHERE reused_from IS NOT NULL)::int AS reused,
    count(*) FILTER (WHERE status IN ('ready', 'requested', 'backoff'))::int AS anew
  FROM tasks WHERE run = $1 GROUP BY block`;

/** Counts of a rerun's tasks by block. Reads them all: for a person who asks, not for the hot path. */
export async function countRehearsed(tx: Transaction, run: string): Promise<RehearsedBlock[]> {
  return (await tx.query<RehearsedBlock>({ text: REHEARSED, values: [run] })).rows;
}

// $1 earlier run, $2 its rerun
const UNREACHED = `
  SELECT block, count(*)::int AS tasks FROM (
    SELECT block, key, sample FROM tasks WHERE run = $1 EXCEPT SELECT block, key, sample FROM tasks WHERE run = $2) u
  GROUP BY block`;

/** By block, how many tasks of a run its rerun has not made yet. */
export async function countUnreached(
  tx: Transaction,
  run: string,
  rerun: string,
): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ block: string; tasks: number }>({
    text: UNREACHED,
    values: [run, rerun],
  });
  return new Map(rows.map(({ block, tasks }) => [block, tasks]));
}

// $1 run
const COSTS = `
  SELECT t.block, b.cost / count(*) AS cost FROM tasks t JOIN blocks b ON b.run = t.run AND b.block = t.block
  WHERE t.run = $1 AND t.attempt > 0 AND t.reused_from IS NULL AND b.unpriced = 0
  GROUP BY t.block, b.cost`;

/** By block, what a task of a run cost on average, where all of it has a price. */
export async function meanCosts(tx: Transaction, run: string): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ block: string; cost: number }>({ text: COSTS, values: [run] });
  return new Map(rows.map(({ block, cost }) => [block, cost]));
}
