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
}

export type RunStatus =
  'queued' | 'running' | 'paused' | 'stopping' | 'completed' | 'partial' | 'failed' | 'cancelled';

// The lock that every writer takes first, in id order: the mutual exclusion of the orchestrators, without deadlock.
// $1 run ids
const LOCK = `
  SELECT id, workflow, version, status, reason, final, inputs, pins, lineage, open_work::int AS "openWork",
         errors::int AS errors, deadline_at AS "deadlineAt"
  FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

export async function lockRuns(tx: Transaction, ids: readonly string[]): Promise<RunRow[]> {
  return (await tx.query<RunRow>({ name: 'lock-runs', text: LOCK, values: [ids] })).rows;
}
