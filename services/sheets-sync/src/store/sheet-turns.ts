import type { Queryable } from '@duofactory/platform';

export interface SheetTurn {
  readonly spreadsheet: string;
  readonly tab: string;
  readonly holder: string;
}

// $1 spreadsheet, $2 tab, $3 holder, $4 held until, $5 now
const TAKE = `INSERT INTO sheet_turns (spreadsheet, tab, holder, held_until) VALUES ($1, $2, $3, $4)
  ON CONFLICT (spreadsheet, tab) DO UPDATE SET holder = $3, held_until = $4 WHERE sheet_turns.held_until <= $5`;

/** false: it is somebody else's. */
export async function takeSheetTurn(
  db: Queryable,
  { spreadsheet, tab, holder }: SheetTurn,
  { until, now }: { until: Date; now: Date },
): Promise<boolean> {
  return (await db.query({ text: TAKE, values: [spreadsheet, tab, holder, until, now] })).rowCount === 1;
}

// $1 spreadsheet, $2 tab, $3 holder, $4 held until
const RENEW = `UPDATE sheet_turns SET held_until = $4 WHERE spreadsheet = $1 AND tab = $2 AND holder = $3`;

/** false: it was taken for dead, and the turn is another's. */
export async function renewSheetTurn(
  db: Queryable,
  { spreadsheet, tab, holder }: SheetTurn,
  until: Date,
): Promise<boolean> {
  return (await db.query({ text: RENEW, values: [spreadsheet, tab, holder, until] })).rowCount === 1;
}

// $1 spreadsheet, $2 tab, $3 holder
const RELEASE = `DELETE FROM sheet_turns WHERE spreadsheet = $1 AND tab = $2 AND holder = $3`;

export async function releaseSheetTurn(
  db: Queryable,
  { spreadsheet, tab, holder }: SheetTurn,
): Promise<void> {
  await db.query({ text: RELEASE, values: [spreadsheet, tab, holder] });
}
