import type { Usage } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface ToldUsage {
  readonly task: string;
  readonly run: string;
  readonly block: string;
  /** null: nothing is told of any attempt. */
  readonly attempt: number | null;
  readonly usage: Usage[] | null;
}

// $1 task ids
const TOLD = `SELECT t.id AS task, t.run, t.block, a.attempt, a.usage FROM tasks t
  LEFT JOIN LATERAL (SELECT attempt, usage FROM all_attempts WHERE task = t.id AND usage IS NOT NULL OFFSET 0) a ON true
  WHERE t.id = ANY($1::uuid[])`;

/** What the attempts of these tasks have told of their cost so far; a row at least for each task. */
export async function readToldUsage(tx: Transaction, tasks: readonly string[]): Promise<ToldUsage[]> {
  return (await tx.query<ToldUsage>({ name: 'told-usage', text: TOLD, values: [tasks] })).rows;
}

// $1 runs
const ITEMS = `UPDATE batch_items i SET
    cost = i.spent + COALESCE((SELECT sum(b.cost) FROM blocks b WHERE b.run = i.run), 0)
  WHERE i.run = ANY($1::uuid[]) AND i.status <> 'running'`;

/** Items of batches whose runs have cost something after their end. */
export async function countItemsAnew(tx: Transaction, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  await tx.query({ name: 'count-items-anew', text: ITEMS, values: [runs] });
}

// By their ids: without the fence the index of all runs inside runs would be read. $1 runs
const NOTE = `
  WITH ended AS MATERIALIZED (SELECT id, parent FROM runs WHERE id = ANY($1::uuid[]))
  INSERT INTO late_costs AS l (run) SELECT id FROM ended WHERE parent IS NOT NULL
  ON CONFLICT (run) DO UPDATE SET times = l.times + 1`;

/** Of those that are inside runs: the run above is still to be told of it. */
export async function noteLateCosts(tx: Transaction, runs: readonly string[]): Promise<void> {
  if (runs.length === 0) return;
  await tx.query({ name: 'note-late-costs', text: NOTE, values: [runs] });
}

export interface LateCost {
  readonly run: string;
  readonly times: number;
}

// $1 runs
const NOTED = `SELECT run, times FROM late_costs WHERE run = ANY($1::uuid[])`;

export async function lateCostsOf(tx: Transaction, runs: readonly string[]): Promise<LateCost[]> {
  return (await tx.query<LateCost>({ name: 'late-costs-of', text: NOTED, values: [runs] })).rows;
}

// $1 how many
const UNTOLD = `SELECT run, times FROM late_costs ORDER BY run LIMIT $1`;

/** What nobody has told yet, of whatever runs. */
export async function findLateCosts(tx: Transaction, limit: number): Promise<LateCost[]> {
  return (await tx.query<LateCost>({ name: 'find-late-costs', text: UNTOLD, values: [limit] })).rows;
}

// $1 run, $2 how often
const TOLD_ABOVE = `DELETE FROM late_costs WHERE run = $1 AND times = $2`;

/** The run above knows. What has come since is told anew. */
export async function forgetLateCost(tx: Transaction, { run, times }: LateCost): Promise<void> {
  await tx.query({ name: 'forget-late-cost', text: TOLD_ABOVE, values: [run, times] });
}
