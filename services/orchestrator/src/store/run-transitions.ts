import type { WriteTransaction } from './transaction.js';

export interface RunTransition {
  readonly run: string;
  readonly status: string;
  readonly was: string;
  readonly cause: string | null;
  /** Who gave the command that changed it, where it was one. */
  readonly by: string | null;
}

// $1 runs, $2 statuses, $3 statuses before, $4 causes, $5 now, $6 who gave the command
const RECORD = `
  INSERT INTO run_transitions (run, status, was, cause, given_by, at)
  SELECT t.*, $5 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $6::text[]) AS t(run, status, was, cause, by)`;

/** Changes of status that the runs' rows do not keep. */
export function recordTransitions(tx: WriteTransaction, changes: readonly RunTransition[], now: Date): void {
  if (changes.length === 0) return;
  const values = [
    changes.map((one) => one.run),
    changes.map((one) => one.status),
    changes.map((one) => one.was),
    changes.map((one) => one.cause),
    now,
    changes.map((one) => one.by),
  ];
  tx.send({ name: 'record-transitions', text: RECORD, values });
}

// $1 run
const END = `
  INSERT INTO run_transitions (run, status, was, cause, at)
  SELECT id, status, 'stopping', reason, ended_at FROM runs WHERE id = $1 AND ended_at IS NOT NULL`;

/** A run that goes on after its end: the row will say the next end only. */
export function recordEnd(tx: WriteTransaction, run: string): void {
  tx.send({ name: 'record-end', text: END, values: [run] });
}
