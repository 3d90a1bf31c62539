import type { Transaction } from './transaction.js';

/** What started a run, where it was a trigger. */
export interface Triggered {
  readonly trigger: string;
  /** The run that its event told of; absent: it told of none. */
  readonly after?: string;
  /** Triggers that led to it, each by a run of the one before: 1 for the first. */
  readonly depth: number;
}

// Of a run inside a run: of the run above it. $1 run
const DEPTH = `
  WITH RECURSIVE up AS (
    SELECT triggered, parent FROM runs WHERE id = $1
    UNION ALL
    SELECT r.triggered, r.parent FROM up JOIN runs r ON r.id = (up.parent->>'run')::uuid)
  SELECT coalesce(max((triggered->>'depth')::int), 0) AS depth FROM up`;

/** How many triggers led to a run; 0 where there is no such run. */
export async function triggersBehind(tx: Transaction, run: string): Promise<number> {
  const statement = { name: 'triggers-behind', text: DEPTH, values: [run] };
  return (await tx.query<{ depth: number }>(statement)).rows[0]!.depth;
}
