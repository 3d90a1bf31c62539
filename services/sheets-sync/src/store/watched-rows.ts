import { storableJson, uuidFrom } from '@duofactory/contracts';
import type { Queryable, Transaction } from '@duofactory/platform';

export interface WatchedRow {
  /** The value of the key column. */
  readonly name: string;
  /** Where it is: a version of the table, and its place there. */
  readonly version: number;
  readonly ordinal: number;
  readonly change: 'added' | 'changed';
  /** Id of the event that asked for its run. */
  readonly event: string;
  /** Of what was asked for. */
  readonly requestHash: string;
}

export interface RefusedRow extends WatchedRow {
  readonly refusedAt: Date;
  readonly code: string;
  readonly message: string;
}

const MOST_AT_ONCE = 1000;

// $1 watch, $2 rows, $3 names, $4 versions, $5 ordinals, $6 changes, $7 events, $8 hashes
const PUT = `INSERT INTO sheet_watch_rows (watch, row, name, version, ordinal, change, event, request_hash)
  SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::int[], $5::int[], $6::text[], $7::uuid[], $8::text[])
  ON CONFLICT (watch, row) DO UPDATE SET name = excluded.name, version = excluded.version, ordinal = excluded.ordinal,
    change = excluded.change, event = excluded.event, request_hash = excluded.request_hash,
    refused_at = NULL, error_code = NULL, error = NULL`;

/** What is asked for now: an earlier refusal of these rows counts no more. */
export async function putWatchedRows(
  tx: Transaction,
  watch: string,
  rows: readonly WatchedRow[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_AT_ONCE) {
    const some = rows.slice(from, from + MOST_AT_ONCE);
    const values = [
      watch,
      some.map(({ name }) => rowId(name)),
      some.map(({ name }) => name),
      some.map(({ version }) => version),
      some.map(({ ordinal }) => ordinal),
      some.map(({ change }) => change),
      some.map(({ event }) => event),
      some.map(({ requestHash }) => requestHash),
    ];
    await tx.query({ text: PUT, values });
  }
}

// $1 watch, $2 rows
const DELETE = 'DELETE FROM sheet_watch_rows WHERE watch = $1 AND row = ANY ($2::uuid[])';

export async function deleteWatchedRows(
  tx: Transaction,
  watch: string,
  names: readonly string[],
): Promise<void> {
  await tx.query({ text: DELETE, values: [watch, names.map(rowId)] });
}

// $1 event, $2 now, $3 code, $4 message
const REFUSE = `UPDATE sheet_watch_rows SET refused_at = $2, error_code = $3, error = $4 WHERE event = $1`;

/** What was asked for since by another event stays as it is. */
export async function refuseWatchedRow(
  db: Queryable,
  { event, at, code, message }: { event: string; at: Date; code: string; message: string },
): Promise<void> {
  await db.query({ text: REFUSE, values: [event, at, code, storable(message)] });
}

// $1 watch
const COUNT =
  'SELECT count(*)::int AS count FROM sheet_watch_rows WHERE watch = $1 AND refused_at IS NOT NULL';

export async function countRefusedRows(db: Queryable, watch: string): Promise<number> {
  return (await db.query<{ count: number }>({ text: COUNT, values: [watch] })).rows[0]!.count;
}

// $1 watch, $2 how many
const REFUSED = `SELECT name, version, ordinal, change, event, request_hash AS "requestHash",
    refused_at AS "refusedAt", error_code AS code, error AS message
  FROM sheet_watch_rows WHERE watch = $1 AND refused_at IS NOT NULL ORDER BY version, ordinal LIMIT $2`;

/** In the order in which they were asked for. */
export async function readRefusedRows(db: Queryable, watch: string, limit: number): Promise<RefusedRow[]> {
  return (await db.query<RefusedRow>({ text: REFUSED, values: [watch, limit] })).rows;
}

function rowId(name: string): string {
  return uuidFrom('watched-row', name);
}

/** What was refused may be told back, and PostgreSQL has no place for all of it. */
function storable(text: string): string {
  return JSON.parse(storableJson(text)) as string;
}
