import type { Transaction } from './transaction.js';

// $1 stopping since
const STOPPED = `SELECT id FROM runs WHERE status = 'stopping' AND stopping_at <= $1 LIMIT 100`;

export async function findStoppedTooLong(tx: Transaction, since: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'find-stopped', text: STOPPED, values: [since] });
  return rows.map((row) => row.id);
}

// $1 now
const OVERDUE = `SELECT id FROM runs
  WHERE ended_at IS NULL AND deadline_at IS NOT NULL AND deadline_at <= $1 AND status <> 'stopping' LIMIT 100`;

export async function findOverdueRuns(tx: Transaction, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'find-overdue', text: OVERDUE, values: [now] });
  return rows.map((row) => row.id);
}

// $1 run, $2 block, $3 how many
const RECALL = `
  UPDATE tasks SET status = 'ready', due_at = NULL WHERE id IN (
    SELECT id FROM tasks WHERE run = $1 AND block = $2 AND status = 'requested' LIMIT $3)`;

/** Takes back requested tasks of a block: an answer that comes later is recorded only. Returns how many. */
export function recallRequested(tx: Transaction, of: BlockOfRun, limit: number): Promise<number> {
  return change(tx, { name: 'recall-requested', text: RECALL, values: [of.run, of.block, limit] });
}

// $1 run, $2 block, $3 how many
const CALL_OFF = `
  UPDATE tasks SET status = 'ready', due_at = NULL WHERE id IN (
    SELECT id FROM tasks WHERE run = $1 AND block = $2 AND status = 'backoff' LIMIT $3)`;

/** What backs off in runs that stop is woken no more: it waits for a retry of its run. Returns how many. */
export function callOffBackOffs(tx: Transaction, of: BlockOfRun, limit: number): Promise<number> {
  return change(tx, { name: 'call-off-back-offs', text: CALL_OFF, values: [of.run, of.block, limit] });
}

interface BlockOfRun {
  readonly run: string;
  readonly block: string;
}

async function change(tx: Transaction, statement: Parameters<Transaction['query']>[0]): Promise<number> {
  return (await tx.query(statement)).rowCount ?? 0;
}
