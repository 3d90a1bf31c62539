import type { Transaction, WriteTransaction } from './transaction.js';

export interface UnfinishedStep {
  readonly run: string;
  /** When the run was retried, while not all of its tasks are taken up again. */
  readonly retriedAt: Date | null;
}

// $1 runs, $2 when they were retried
const KEEP = `
  INSERT INTO unfinished_steps AS u (run, retried_at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[])
  ON CONFLICT (run) DO UPDATE SET retried_at = coalesce(excluded.retried_at, u.retried_at)`;

/** The next step of these runs has more to do than what comes to it. */
export function keepUnfinished(tx: WriteTransaction, steps: readonly UnfinishedStep[]): void {
  if (steps.length === 0) return;
  const values = [steps.map(({ run }) => run), steps.map(({ retriedAt }) => retriedAt)];
  tx.send({ name: 'keep-unfinished', text: KEEP, values });
}

// $1 run
const TAKE = `DELETE FROM unfinished_steps WHERE run = $1 RETURNING run, retried_at AS "retriedAt"`;

/** The run's lock is held, so nobody else takes it too. */
export async function takeUnfinished(tx: Transaction, run: string): Promise<UnfinishedStep | undefined> {
  return (await tx.query<UnfinishedStep>({ name: 'take-unfinished', text: TAKE, values: [run] })).rows[0];
}

// $1 runs
const FORGET = `DELETE FROM unfinished_steps WHERE run = ANY($1::uuid[])`;

/** Of runs that have ended. */
export function forgetUnfinished(tx: WriteTransaction, runs: readonly string[]): void {
  if (runs.length === 0) return;
  tx.send({ name: 'forget-unfinished', text: FORGET, values: [runs] });
}
