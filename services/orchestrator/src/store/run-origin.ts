import type { Transaction } from './transaction.js';

/** A result of the run before, as a person has corrected it for its rerun. */
export interface EditedResult {
  readonly block: string;
  /** Of the payload. */
  readonly key: string;
  readonly result: Readonly<Record<string, unknown>>;
}

export interface RunOrigin {
  pins: Record<string, Record<string, unknown>>;
  /** The run that it is the rerun of. */
  rerunOf: string | null;
  edits: readonly EditedResult[];
}

// $1 run
const ORIGIN = `SELECT pins, rerun_of AS "rerunOf", coalesce(rerun_edits, '[]') AS edits FROM runs WHERE id = $1`;

export async function readOrigin(tx: Transaction, run: string): Promise<RunOrigin | undefined> {
  return (await tx.query<RunOrigin>({ name: 'read-origin', text: ORIGIN, values: [run] })).rows[0];
}
