import type { ResultRow, TaskRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction } from './transaction.js';

/** Runs that may go on and have an expression to evaluate. */
// $1 how many
const RUNS = `
  SELECT r.id FROM runs r WHERE r.id IN (
    SELECT run FROM tasks WHERE waits = 'evaluating' UNION SELECT run FROM groups WHERE state = 'deciding')
  AND r.status IN ('running', 'paused') LIMIT $1`;

export async function findUndecidedRuns(tx: Transaction, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'find-undecided', text: RUNS, values: [limit] });
  return rows.map((row) => row.id);
}

// Of runs that have ended nothing is decided any more. $1 runs, $2 how many of each
const EVALUATING = `
  SELECT t.* FROM runs r CROSS JOIN LATERAL (
    SELECT id, run, block, key, ord, sample, payloads FROM tasks
    WHERE run = r.id AND waits = 'evaluating' ORDER BY block, ord LIMIT $2) t
  WHERE r.id = ANY($1::uuid[]) AND r.ended_at IS NULL`;

export async function readEvaluating(
  tx: Transaction,
  runs: readonly string[],
  limit: number,
): Promise<OfRun<TaskRow>[]> {
  const { rows } = await tx.query<OfRun<TaskRow>>({
    name: 'read-evaluating',
    text: EVALUATING,
    values: [runs, limit],
  });
  return rows.map(withoutNull);
}

export interface DecidingGroup {
  readonly run: string;
  readonly block: string;
  readonly key: string;
  readonly round: number;
}

// $1 runs, $2 how many of each
const DECIDING = `
  SELECT g.* FROM runs r CROSS JOIN LATERAL (
    SELECT run, block, key, round FROM groups
    WHERE run = r.id AND state = 'deciding' ORDER BY block, key LIMIT $2) g
  WHERE r.id = ANY($1::uuid[]) AND r.ended_at IS NULL`;

export async function readDeciding(
  tx: Transaction,
  runs: readonly string[],
  limit: number,
): Promise<DecidingGroup[]> {
  return (await tx.query<DecidingGroup>({ name: 'read-deciding', text: DECIDING, values: [runs, limit] }))
    .rows;
}

// $1 task ids
const STILL = `SELECT id, run, block, key, ord, sample, payloads FROM tasks
  WHERE id = ANY($1::uuid[]) AND status = 'evaluating'`;

/** Of these tasks those that still wait for their `when`. */
export async function stillEvaluating(tx: Transaction, ids: readonly string[]): Promise<OfRun<TaskRow>[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<OfRun<TaskRow>>({ name: 'still-evaluating', text: STILL, values: [ids] });
  return rows.map(withoutNull);
}

export type AskedTask = OfRun<TaskRow> & { readonly outcome: readonly ResultRow[] };

// $1 runs, $2 blocks, $3 keys, $4 rounds, $5 task ids
const LAST = `
  SELECT t.id, t.run, t.block, t.key, t.ord, t.sample, t.payloads, t.outcome
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::uuid[]) AS w(run, block, key, round, task)
  JOIN groups g ON g.run = w.run AND g.block = w.block AND g.key = w.key AND g.round = w.round AND g.state = 'deciding'
  JOIN tasks t ON t.id = w.task`;

/** The last tasks of groups that are still deciding in this round, with what they made. */
export async function lastTasks(
  tx: Transaction,
  groups: readonly (DecidingGroup & { readonly task: string })[],
): Promise<AskedTask[]> {
  if (groups.length === 0) return [];
  const values = [
    groups.map((one) => one.run),
    groups.map((one) => one.block),
    groups.map((one) => one.key),
    groups.map((one) => one.round),
    groups.map((one) => one.task),
  ];
  const { rows } = await tx.query<AskedTask>({ name: 'last-tasks', text: LAST, values });
  return rows.map(withoutNull);
}

function withoutNull<Row extends { payloads?: number | null }>(row: Row): Row & { payloads?: number } {
  const { payloads, ...rest } = row;
  return (payloads === null || payloads === undefined ? rest : row) as Row & { payloads?: number };
}
