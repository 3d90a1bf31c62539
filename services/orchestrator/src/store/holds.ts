import type { Transaction, WriteTransaction } from './transaction.js';

export interface HoldEpoch {
  readonly id: string;
  readonly epoch: number;
}

// The row's lock makes whoever holds runs and whoever lifts the hold take turns.
// $1 ids, $2 epochs
const NOTE = `INSERT INTO holds AS h (id, epoch) SELECT * FROM unnest($1::text[], $2::bigint[]) AS n(id, epoch) ORDER BY id
  ON CONFLICT (id) DO UPDATE SET epoch = greatest(h.epoch, excluded.epoch)
  RETURNING id, epoch::float8 AS epoch`;

/** The latest epoch of each hold: one above that of a failure says that its hold is lifted. */
export async function noteHolds(
  tx: Transaction,
  holds: readonly HoldEpoch[],
): Promise<ReadonlyMap<string, number>> {
  const latest = new Map<string, number>();
  for (const { id, epoch } of holds) latest.set(id, Math.max(epoch, latest.get(id) ?? 0));
  const values = [[...latest.keys()], [...latest.values()]];
  const { rows } = await tx.query<HoldEpoch>({ name: 'note-holds', text: NOTE, values });
  return new Map(rows.map(({ id, epoch }) => [id, epoch]));
}

// $1 runs, $2 holds, $3 until
const KEEP = `INSERT INTO held_runs (run, hold, until)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
  ON CONFLICT (run) DO UPDATE SET hold = excluded.hold, until = excluded.until`;

export function keepHeld(
  tx: WriteTransaction,
  held: readonly { run: string; hold: string; until: string | null }[],
): void {
  if (held.length === 0) return;
  const values = [held.map(({ run }) => run), held.map(({ hold }) => hold), held.map(({ until }) => until)];
  tx.send({ name: 'keep-held', text: KEEP, values });
}

/** Whoever pauses or resumes it from now on decides. */
export function forgetHeld(tx: WriteTransaction, run: string): void {
  tx.send({ name: 'forget-held', text: `DELETE FROM held_runs WHERE run = $1`, values: [run] });
}

export async function runsHeldBy(tx: Transaction, hold: string): Promise<string[]> {
  const { rows } = await tx.query<{ run: string }>({
    name: 'runs-held-by',
    text: `SELECT run FROM held_runs WHERE hold = $1`,
    values: [hold],
  });
  return rows.map(({ run }) => run);
}

/** Runs whose hold ends by itself. */
export async function runsHeldUntil(tx: Transaction, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ run: string }>({
    name: 'runs-held-until',
    text: `SELECT run FROM held_runs WHERE until <= $1 LIMIT 500`,
    values: [now],
  });
  return rows.map(({ run }) => run);
}
