import type { Transaction } from './transaction.js';

const RUNS = `SELECT status, count(*)::int AS runs FROM runs WHERE ended_at IS NULL GROUP BY status`;

export async function countOpenRuns(tx: Transaction): Promise<{ status: string; runs: number }[]> {
  return (await tx.query<{ status: string; runs: number }>({ name: 'count-open-runs', text: RUNS })).rows;
}

const OPEN = `SELECT id, seq::text AS seq FROM runs WHERE ended_at IS NULL`;

/** All that have not ended; `seq` is another one after each change. */
export async function openRuns(tx: Transaction): Promise<{ id: string; seq: string }[]> {
  return (await tx.query<{ id: string; seq: string }>({ name: 'open-runs', text: OPEN })).rows;
}

export interface CountsOfRun {
  id: string;
  workflow: string;
  version: number;
  /** Of part 0. */
  counts: string;
}

// $1 ids
const COUNTS = `SELECT id, workflow, version, counts FROM runs WHERE id = ANY($1::uuid[])`;

export async function readRunCounts(tx: Transaction, ids: readonly string[]): Promise<CountsOfRun[]> {
  return (await tx.query<CountsOfRun>({ name: 'read-run-counts', text: COUNTS, values: [ids] })).rows;
}

const LETTERS = `SELECT count(*)::int AS letters
  FROM (SELECT FROM dead_letters WHERE redriven_at IS NULL LIMIT 10000) AS counted`;

/** Dead letters that wait for someone, up to 10,000. */
export async function countLetters(tx: Transaction): Promise<number> {
  const { rows } = await tx.query<{ letters: number }>({ name: 'count-letters', text: LETTERS });
  return rows[0]!.letters;
}

/** For the spec that looks at their plans. */
export const FIGURES = { RUNS, OPEN, LETTERS };
