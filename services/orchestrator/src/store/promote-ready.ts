import type { TaskRow } from '@duofactory/engine';
import type { OfRun } from './insert-rows.js';
import type { Transaction, WriteTransaction } from './transaction.js';

export type RequestedTask = OfRun<TaskRow> & { attempt: number; deadlineAt: Date | null };

// The first ready tasks of a block, in payload order, become requested: a new attempt each. While a retried run is taken
// up again, some of them still have the deadline of before: it counts from the retry.
// $1 run, $2 block, $3 how many, $4 now, $5 overdue at, $6 ms until the deadline, $7 retried at, where this step retries it
const PROMOTE = `
  UPDATE tasks SET status = 'requested', attempt = attempt + 1, requested_at = $4, due_at = $5,
    deadline_at = greatest(deadline_at, coalesce($7::timestamptz,
      (SELECT retried_at FROM unfinished_steps WHERE run = $1)) + $6::float8 * interval '1 millisecond')
  WHERE id IN (SELECT id FROM tasks WHERE run = $1 AND block = $2 AND waits = 'ready' ORDER BY ord, sample LIMIT $3)
  RETURNING id, run, block, key, ord, sample, attempt, payloads, deadline_at AS "deadlineAt"`;

export async function promoteReady(
  tx: Transaction,
  of: {
    run: string;
    block: string;
    limit: number;
    now: Date;
    dueAt: Date | null;
    deadlineMs: number | null;
    retriedAt: Date | null;
  },
): Promise<RequestedTask[]> {
  const values = [of.run, of.block, of.limit, of.now, of.dueAt, of.deadlineMs, of.retriedAt];
  return (await tx.query<RequestedTask>({ name: 'promote-ready', text: PROMOTE, values })).rows;
}

// $1 task ids
const TAKE_BACK = `UPDATE tasks SET attempt = attempt - 1, requested_at = NULL, due_at = NULL WHERE id = ANY($1::uuid[])`;

/** Tasks that were about to be requested, and cannot be: no attempt of them was made. */
export function neverRequested(tx: WriteTransaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({ name: 'never-requested', text: TAKE_BACK, values: [ids] });
}

// $1 task ids
const WITHDRAW = `UPDATE tasks SET status = 'ready', attempt = attempt - 1, requested_at = NULL, due_at = NULL
  WHERE id = ANY($1::uuid[])`;

/** Tasks that were about to be requested when their run stopped: no attempt of them was made. */
export function withdrawRequests(tx: WriteTransaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({ name: 'withdraw-requests', text: WITHDRAW, values: [ids] });
}

// $1 now, $2 how many
const DUE = `SELECT id, run FROM tasks WHERE wakes_at <= $1 ORDER BY wakes_at LIMIT $2`;

// No index knows the attempts that nobody has begun: each request would have to be written into it and taken out again.
// Reads the tasks of all open runs. $1 now, $2 how many
const UNBEGUN = `SELECT t.id, t.run FROM runs r JOIN tasks t ON t.run = r.id
  WHERE r.ended_at IS NULL AND t.status = 'requested' AND t.due_at <= $1 LIMIT $2`;

export interface DueTask {
  id: string;
  run: string;
  /** Its block type is silent: the attempt is lost if it was asked for before, and nobody has begun it. */
  askedBefore?: Date;
}

export interface WokenTask {
  id: string;
  run: string;
  block: string;
  key: string;
  ord: number[];
  sample: number;
  attempt: number;
  requestedAt: Date | null;
  begunAt: Date | null;
  worker: string | null;
  /** How many attempts were lost so far. */
  lost: number;
  status: 'backoff' | 'requested';
}

/** Back-offs that are over, and attempts that were begun and no longer give signs of life. */
export async function findDue(tx: Transaction, now: Date, limit: number): Promise<DueTask[]> {
  return (await tx.query<DueTask>({ name: 'find-due', text: DUE, values: [now, limit] })).rows;
}

/** Attempts that nobody began in time. */
export async function findUnbegun(tx: Transaction, now: Date, limit: number): Promise<DueTask[]> {
  return (await tx.query<DueTask>({ name: 'find-unbegun', text: UNBEGUN, values: [now, limit] })).rows;
}

// Only what is still due: another orchestrator, or an answer, may have come first.
// $1 task ids, $2 now, $3 asked before, of those whose block type is silent
const WAKE = `
  UPDATE tasks t SET status = 'ready', due_at = NULL,
    lost = t.lost + CASE WHEN old.status = 'requested' THEN 1 ELSE 0 END
  FROM (SELECT id, status, asked_before FROM unnest($1::uuid[], $3::timestamptz[]) AS due(id, asked_before)
    JOIN tasks USING (id) FOR NO KEY UPDATE OF tasks) old
  WHERE t.id = old.id AND t.status IN ('backoff', 'requested') AND (t.due_at <= $2
    OR (t.status = 'requested' AND t.requested_at <= old.asked_before
      AND (t.begun_at IS NULL OR t.begun_at < t.requested_at)))
  RETURNING t.id, t.run, t.block, t.key, t.ord, t.sample, t.attempt, t.lost, old.status,
    t.requested_at AS "requestedAt", t.begun_at AS "begunAt", t.worker`;

export async function wakeDue(tx: Transaction, due: readonly DueTask[], now: Date): Promise<WokenTask[]> {
  const values = [due.map(({ id }) => id), now, due.map(({ askedBefore }) => askedBefore ?? null)];
  return (await tx.query<WokenTask>({ name: 'wake-due', text: WAKE, values })).rows;
}
