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
