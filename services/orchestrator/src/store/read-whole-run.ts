import type { ResultRow } from '@duofactory/engine';
import type { Transaction } from './transaction.js';

export interface WholeTask {
  block: string;
  key: string;
  sample: number;
  status: string;
  error: { code: string } | null;
  /** What a task of a loop made; null elsewhere. */
  outcome: ResultRow[] | null;
}

// $1 run, $2 most
const TASKS = `SELECT block, key, sample, status, error, outcome FROM tasks WHERE run = $1 ORDER BY block, ord, sample LIMIT $2`;

export async function readWholeTasks(tx: Transaction, run: string, most: number): Promise<WholeTask[]> {
  return (await tx.query<WholeTask>({ text: TASKS, values: [run, most] })).rows;
}

export interface WholeResult {
  block: string;
  key: string;
  state: string;
  value: unknown;
  ref: unknown;
}

// $1 run
const RESULTS = `SELECT block, key, state, value, ref FROM results WHERE run = $1 ORDER BY block, ord, key`;

export async function readWholeResults(tx: Transaction, run: string): Promise<WholeResult[]> {
  return (await tx.query<WholeResult>({ text: RESULTS, values: [run] })).rows;
}
