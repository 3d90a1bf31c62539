import { storableJson } from '@duofactory/contracts';
import { given } from './given.js';
import type { Transaction, WriteTransaction } from './transaction.js';

export interface SettledRow {
  id: string;
  run: string;
  block: string;
  key: string;
  ord: number[];
  sample: number;
  attempt: number;
  failures: number;
  requestedAt: Date | null;
  was: 'ready' | 'requested' | 'backoff';
}

const SETTLED = `t.id, t.run, t.block, t.key, t.ord, t.sample, t.attempt, t.failures,
  t.requested_at AS "requestedAt"`;

export interface Success {
  readonly task: string;
  readonly attempt: number;
  readonly begunAt?: Date;
  readonly worker?: string;
  readonly usage?: readonly unknown[];
}

const SUCCEEDED = `unnest($1::uuid[], $3::int[], $4::timestamptz[], $5::text[], $6::jsonb[])
  AS s(id, attempt, begun_at, worker, usage)`;
const TOLD = `status = 'done', ended_at = $2, due_at = NULL, settled_attempt = s.attempt, begun_at = s.begun_at,
  worker = s.worker, usage = s.usage`;

// Compare-and-set: success of any attempt settles an unsettled task; the first of several wins.
// $1 task ids, $2 now, $3 attempts, $4 begun at, $5 workers, $6 usage
const CLAIM = `
  UPDATE tasks t SET ${TOLD} FROM ${SUCCEEDED}
  WHERE t.id = s.id AND t.status = 'requested'
  RETURNING ${SETTLED}, 'requested' AS was`;

// The old status may be read beside it, because the run's lock is held: nobody else changes the row meanwhile.
// As above.
const CLAIM_UNREQUESTED = `
  UPDATE tasks t SET ${TOLD} FROM ${SUCCEEDED} JOIN tasks old ON old.id = s.id
  WHERE t.id = s.id AND t.status IN ('ready', 'backoff')
  RETURNING ${SETTLED}, old.status AS was`;

/** Nearly always all of them are out; the others are asked for only where some are missing. */
export async function claimSucceeded(
  tx: Transaction,
  successes: readonly Success[],
  now: Date,
): Promise<SettledRow[]> {
  const values = valuesOf(successes, now);
  const { rows } = await tx.query<SettledRow>({ name: 'claim-succeeded', text: CLAIM, values });
  if (rows.length === successes.length) return rows;
  const claimed = new Set(rows.map(({ id }) => id));
  const others = await tx.query<SettledRow>({
    name: 'claim-unrequested',
    text: CLAIM_UNREQUESTED,
    values: valuesOf(
      successes.filter(({ task }) => !claimed.has(task)),
      now,
    ),
  });
  return [...rows, ...others.rows];
}

function valuesOf(successes: readonly Success[], now: Date): unknown[] {
  return [
    successes.map((one) => one.task),
    now,
    successes.map((one) => one.attempt),
    successes.map((one) => one.begunAt ?? null),
    successes.map((one) => one.worker ?? null),
    given(successes.map((one) => (one.usage && one.usage.length > 0 ? storableJson(one.usage) : null))),
  ];
}

// Failure counts only from the current attempt, and only while it is out.
// $1 task ids, $2 attempts
const FAILED = `
  UPDATE tasks t SET failures = t.failures + 1
  FROM unnest($1::uuid[], $2::int[]) AS f(id, attempt)
  WHERE t.id = f.id AND t.attempt = f.attempt AND t.status = 'requested'
  RETURNING ${SETTLED}, 'requested' AS was`;

export async function countFailures(
  tx: Transaction,
  failures: readonly { task: string; attempt: number }[],
): Promise<SettledRow[]> {
  const values = [failures.map((one) => one.task), failures.map((one) => one.attempt)];
  return (await tx.query<SettledRow>({ name: 'count-failures', text: FAILED, values })).rows;
}

// $1 task ids, $2 attempts
const HOLD = `
  UPDATE tasks t SET status = 'ready', due_at = NULL
  FROM unnest($1::uuid[], $2::int[]) AS f(id, attempt)
  WHERE t.id = f.id AND t.attempt = f.attempt AND t.status = 'requested'
  RETURNING ${SETTLED}, 'requested' AS was`;

/** Attempts that a budget stopped: their tasks are ready again, and nothing is counted. */
export async function holdAttempts(
  tx: Transaction,
  held: readonly { task: string; attempt: number }[],
): Promise<SettledRow[]> {
  const values = [held.map((one) => one.task), held.map((one) => one.attempt)];
  return (await tx.query<SettledRow>({ name: 'hold-attempts', text: HOLD, values })).rows;
}

// $1 task ids
const EXPAND = `UPDATE tasks SET status = 'expanding' WHERE id = ANY($1::uuid[])`;

/** Tasks that have succeeded, while what they made is born piece by piece. When they succeeded stays in their rows. */
export function expandTasks(tx: WriteTransaction, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send({ name: 'expand-tasks', text: EXPAND, values: [ids] });
}

// $1 task id
const EXPANDED = `UPDATE tasks SET status = 'done' WHERE id = $1 AND status = 'expanding'`;

/** All that the task made is there. */
export function endExpansion(tx: WriteTransaction, id: string): void {
  tx.send({ name: 'end-expansion', text: EXPANDED, values: [id] });
}

// $1 task ids, $2 statuses, $3 errors, $4 due times, $5 now
const STATUS = `
  UPDATE tasks t SET status = s.status, error = s.error, due_at = s.due_at,
         ended_at = CASE WHEN s.status IN ('failed', 'dropped', 'kept') THEN $5::timestamptz END
  FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[]) AS s(id, status, error, due_at)
  WHERE t.id = s.id`;

export interface StatusChange {
  id: string;
  status: 'failed' | 'dropped' | 'kept' | 'backoff' | 'ready';
  error?: unknown;
  dueAt?: Date;
}

export function setTaskStatuses(tx: WriteTransaction, changes: readonly StatusChange[], now: Date): void {
  if (changes.length === 0) return;
  const values = [
    changes.map((one) => one.id),
    changes.map((one) => one.status),
    changes.map((one) => (one.error === undefined ? null : storableJson(one.error))),
    changes.map((one) => one.dueAt ?? null),
    now,
  ];
  tx.send({ name: 'set-task-statuses', text: STATUS, values });
}
