import type { Transaction } from './transaction.js';

export interface EditorRow {
  readonly place: string;
  readonly tab: string;
  readonly by: string;
  readonly at: Date;
}

// $1 tab, $2 place, $3 person, $4 now
const TYPES = `INSERT INTO editors (tab, place, person, typed_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (tab) DO UPDATE SET place = $2, person = $3, typed_at = $4`;
// $1 before
const FORGET = `DELETE FROM editors WHERE typed_at < $1`;

/** Whoever typed before a time is forgotten. */
export async function types(tx: Transaction, { tab, place, by, at }: EditorRow, before: Date): Promise<void> {
  await tx.query({ text: TYPES, values: [tab, place, by, at] });
  await tx.query({ text: FORGET, values: [before] });
}

// $1 tab
const LEAVES = `DELETE FROM editors WHERE tab = $1`;

export async function leaves(tx: Transaction, tab: string): Promise<void> {
  await tx.query({ text: LEAVES, values: [tab] });
}

// $1 places, $2 since
const AT = `SELECT place, tab, person AS by, typed_at AS at FROM editors
  WHERE place = any($1) AND typed_at >= $2 ORDER BY place, person, tab`;

export async function editorsAt(
  tx: Transaction,
  places: readonly string[],
  since: Date,
): Promise<EditorRow[]> {
  return (await tx.query<EditorRow>({ name: 'editors-at', text: AT, values: [places, since] })).rows;
}
