import type { Transaction } from './transaction.js';

export interface RunOrigin {
  pins: Record<string, Record<string, unknown>>;
  /** The run that it is the rerun of. */
  rerunOf: string | null;
}

// $1 run
const ORIGIN = `SELECT pins, rerun_of AS "rerunOf" FROM runs WHERE id = $1`;

export async function readOrigin(tx: Transaction, run: string): Promise<RunOrigin | undefined> {
  return (await tx.query<RunOrigin>({ name: 'read-origin', text: ORIGIN, values: [run] })).rows[0];
}
