import type { Transaction } from './transaction.js';

export interface RunSequence {
  id: string;
  seq: number;
  status: string;
  awaitsReview: boolean;
  reason: string | null;
  endedAt: Date | null;
}

// $1 runs
const READ = `SELECT id, seq::float8 AS seq, status, status = 'running' AND awaits_review(id) AS "awaitsReview", reason,
  ended_at AS "endedAt" FROM runs WHERE id = any($1::uuid[])`;

export async function readSequences(tx: Transaction, runs: readonly string[]): Promise<RunSequence[]> {
  return (await tx.query<RunSequence>({ name: 'read-sequences', text: READ, values: [runs] })).rows;
}

// Lists leave tests out.
const NEWEST = `SELECT id FROM runs WHERE test_of IS NULL ORDER BY created_at DESC, id DESC LIMIT 1`;

/** null: there is no run yet. */
export async function readNewestRun(tx: Transaction): Promise<string | null> {
  return (
    (await tx.query<{ id: string }>({ name: 'newest-run', text: NEWEST, values: [] })).rows[0]?.id ?? null
  );
}
