import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '@duofactory/platform';

export interface SheetWatch {
  /** Of the source. */
  readonly id: string;
  /** The column that names a row, wherever people move it. */
  readonly key: string;
  readonly workflow: string;
  /** Templates over the row. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly everyMinutes: number;
  /** More changes at once start nothing. */
  readonly mostRuns: number;
  readonly paused: boolean;
  readonly seenVersion: number | null;
  readonly nextAt: Date;
  readonly lastAt: Date | null;
  readonly lastRuns: number | null;
  readonly error: string | null;
  readonly setBy: string;
  readonly setAt: Date;
  /** Of the workflow: what was refused before was asked for again of this one. */
  readonly retriedVersion: number | null;
}

const FIELDS = `id, key, workflow, inputs, every_minutes AS "everyMinutes", most_runs AS "mostRuns", paused,
  seen_version AS "seenVersion", next_at AS "nextAt", last_at AS "lastAt", last_runs AS "lastRuns", error,
  set_by AS "setBy", set_at AS "setAt", retried_version AS "retriedVersion"`;

// $1 id, $2 key, $3 workflow, $4 inputs, $5 every minutes, $6 most runs, $7 paused, $8 latest version, $9 by, $10 now
const PUT = `INSERT INTO sheet_watches (id, key, workflow, inputs, every_minutes, most_runs, paused, seen_version, next_at,
    set_by, set_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $9, $10)
  ON CONFLICT (id) DO UPDATE SET key = $2, workflow = $3, inputs = $4, every_minutes = $5, most_runs = $6, paused = $7,
    seen_version = CASE
      WHEN sheet_watches.key <> $2 THEN $8
      WHEN sheet_watches.error_code = 'too-many-changes' AND $6 <= sheet_watches.most_runs THEN $8
      ELSE sheet_watches.seen_version END,
    next_at = $10, error = NULL, error_code = NULL, retried_version = NULL, set_by = $9, set_at = $10
  RETURNING ${FIELDS}`;

/**
 * What was seen already stays seen, unless rows are known by another column from now on, or more of them changed than
 * may start runs, and it is not raised how many may: those start none any more.
 */
export async function putSheetWatch(
  db: Queryable,
  of: Omit<
    SheetWatch,
    'seenVersion' | 'nextAt' | 'lastAt' | 'lastRuns' | 'error' | 'setBy' | 'setAt' | 'retriedVersion'
  > & {
    latest: number | null;
    by: string;
    now: Date;
  },
): Promise<SheetWatch> {
  const { id, key, workflow, inputs, everyMinutes, mostRuns, paused, latest, by, now } = of;
  const values = [
    ...[id, key, workflow, storableJson(inputs), everyMinutes],
    ...[mostRuns, paused, latest, by, now],
  ];
  return (await db.query<SheetWatch>({ text: PUT, values })).rows[0]!;
}

export async function findSheetWatch(db: Queryable, id: string): Promise<SheetWatch | undefined> {
  const text = `SELECT ${FIELDS} FROM sheet_watches WHERE id = $1`;
  return (await db.query<SheetWatch>({ text, values: [id] })).rows[0];
}

/** Its lock until the commit: changes have their runs once, whoever looks at the same time. */
export async function lockSheetWatch(tx: Transaction, id: string): Promise<SheetWatch | undefined> {
  const text = `SELECT ${FIELDS} FROM sheet_watches WHERE id = $1 FOR UPDATE`;
  return (await tx.query<SheetWatch>({ text, values: [id] })).rows[0];
}

export async function deleteSheetWatch(db: Queryable, id: string): Promise<boolean> {
  return (await db.query({ text: 'DELETE FROM sheet_watches WHERE id = $1', values: [id] })).rowCount === 1;
}

// $1 now, $2 how many
const CLAIM = `UPDATE sheet_watches w SET next_at = $1::timestamptz + make_interval(mins => every_minutes)
  FROM (SELECT id FROM sheet_watches WHERE NOT paused AND next_at <= $1 ORDER BY next_at LIMIT $2
    FOR UPDATE SKIP LOCKED) due
  WHERE w.id = due.id RETURNING w.id`;

/** Those whose time has come: each is one process's until its next time. */
export async function claimDueWatches(db: Queryable, now: Date, limit: number): Promise<string[]> {
  return (await db.query<{ id: string }>({ text: CLAIM, values: [now, limit] })).rows.map(({ id }) => id);
}

// $1 id, $2 seen version, $3 runs, $4 now
const SEEN = `UPDATE sheet_watches SET seen_version = $2, last_runs = $3, last_at = $4, error = NULL, error_code = NULL
  WHERE id = $1`;

export async function watchSaw(
  tx: Transaction,
  { id, version, runs, now }: { id: string; version: number | null; runs: number; now: Date },
): Promise<void> {
  await tx.query({ text: SEEN, values: [id, version, runs, now] });
}

// $1 id, $2 error, $3 its code, if it has one, $4 now
const FAILED = `UPDATE sheet_watches SET error = $2, error_code = $3, last_at = $4 WHERE id = $1`;

export async function watchFailed(
  db: Queryable,
  { id, error, code, now }: { id: string; error: string; code: string | undefined; now: Date },
): Promise<void> {
  await db.query({ text: FAILED, values: [id, error, code ?? null, now] });
}

export async function watchRetried(db: Queryable, id: string, version: number): Promise<void> {
  const text = 'UPDATE sheet_watches SET retried_version = $2 WHERE id = $1';
  await db.query({ text, values: [id, version] });
}
