import type { RunAbove } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface RunRow {
  id: string;
  workflow: string;
  version: number;
  status: RunStatus;
  reason: string | null;
  /** What stopped it cannot be mended by trying again. */
  final: boolean;
  inputs: Record<string, unknown>;
  pins: Record<string, Record<string, unknown>>;
  lineage: string;
  openWork: number;
  errors: number;
  deadlineAt: Date | null;
  /** Goes up by one with every transaction that changes the run. */
  seq: number;
  /** The run whose succeeded tasks it may reuse. */
  rerunOf: string | null;
  /** Tasks of this block, under this key if there is one, are not reused. */
  rerunFrom: string | null;
  rerunKey: string | null;
  /** Runs that it works for, nearest first; null: none. */
  above: readonly RunAbove[] | null;
  createdAt: Date;
  /** Of the run, in the trace that it belongs to. */
  traceparent: string | null;
  /** Of what started it. */
  tracedBy: string | null;
}

export type RunStatus =
  'queued' | 'running' | 'paused' | 'stopping' | 'completed' | 'partial' | 'failed' | 'cancelled';

/** Before anything of it is known: with the counters of its first blocks. */
export type LockedRow = RunRow & { counts: string };

const COLUMNS = `id, workflow, version, status, reason, final, inputs, pins, lineage, open_work::int AS "openWork",
  errors::int AS errors, deadline_at AS "deadlineAt", seq::float8 AS seq,
  rerun_of AS "rerunOf", rerun_from AS "rerunFrom", rerun_key AS "rerunKey",
  parent->'above' AS above,
  created_at AS "createdAt", traceparent, traced_by AS "tracedBy", counts`;

// The lock that every writer takes first, in id order: the mutual exclusion of the orchestrators, without deadlock.
// $1 run ids
const LOCK = `SELECT ${COLUMNS} FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

export async function lockRuns(tx: Transaction, ids: readonly string[]): Promise<LockedRow[]> {
  return (await tx.query<LockedRow>({ name: 'lock-runs', text: LOCK, values: [ids] })).rows;
}

// The same lock, where this process was the last to change the runs: all else about them is known.
// $1 run ids
const LOCK_KNOWN = `SELECT id, seq::float8 AS seq FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

export async function lockKnownRuns(
  tx: Transaction,
  ids: readonly string[],
): Promise<Pick<RunRow, 'id' | 'seq'>[]> {
  const statement = { name: 'lock-known-runs', text: LOCK_KNOWN, values: [ids] };
  return (await tx.query<Pick<RunRow, 'id' | 'seq'>>(statement)).rows;
}

// $1 run
const HOLD = `SELECT id FROM runs WHERE id = $1 FOR NO KEY UPDATE`;

/** The same lock, for who reads something that nobody else may add meanwhile. */
export async function holdRun(tx: Transaction, id: string): Promise<void> {
  await tx.query({ name: 'hold-run', text: HOLD, values: [id] });
}

// $1 run ids
const LOCKED = `SELECT ${COLUMNS} FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id`;

/** Runs whose lock is held. */
export async function readLockedRuns(tx: Transaction, ids: readonly string[]): Promise<LockedRow[]> {
  return (await tx.query<LockedRow>({ name: 'read-locked-runs', text: LOCKED, values: [ids] })).rows;
}
