import type { Transaction } from './transaction.js';

export interface OpenBatch {
  batch: string;
  name: string | null;
  version: number;
  status: string;
}

// $1 workflow
const BATCHES = `SELECT id AS batch, name, version, status FROM batches
  WHERE ended_at IS NULL AND workflow = $1 ORDER BY created_at, id`;

/** Those that have not ended: they stay with their version. */
export async function openBatchesOf(tx: Transaction, workflow: string): Promise<OpenBatch[]> {
  return (await tx.query<OpenBatch>({ text: BATCHES, values: [workflow] })).rows;
}

export interface OpenRuns {
  version: number;
  runs: number;
}

// $1 workflow
const RUNS = `SELECT version, count(*)::int AS runs FROM runs
  WHERE ended_at IS NULL AND workflow = $1 GROUP BY version ORDER BY version`;

/** Runs that have not ended, by the version that they are bound to. */
export async function openRunsOf(tx: Transaction, workflow: string): Promise<OpenRuns[]> {
  return (await tx.query<OpenRuns>({ text: RUNS, values: [workflow] })).rows;
}
