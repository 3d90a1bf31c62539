import { storableJson } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';

/** Which part of a spreadsheet is a table. */
export interface SheetRange {
  /** The long part of the spreadsheet's address. */
  readonly spreadsheet: string;
  readonly tab: string;
  /** `B:F`; all of them where it is not said. */
  readonly columns?: string;
  /** 1-based: the row that names the columns; rows above it are skipped. */
  readonly headerRow: number;
  /** What a column must be; the others are taken as they are. */
  readonly types?: Readonly<Record<string, 'text' | 'number' | 'boolean'>>;
}

/** What a course says of all its units. */
export interface CourseHead {
  readonly title: string;
  /** That is learned. */
  readonly language: string;
  /** Of the learner. */
  readonly from: string;
}

export interface SheetSource {
  /** Also of the table, or of the course data, that it fills. */
  readonly id: string;
  readonly range: SheetRange;
  /** null: it fills a table. */
  readonly course: CourseHead | null;
  readonly setBy: string;
  readonly setAt: Date;
  readonly syncedAt: Date | null;
}

const FIELDS = 'id, range, course, set_by AS "setBy", set_at AS "setAt", synced_at AS "syncedAt"';
// $1 id, $2 range, $3 by, $4 now, $5 course
const PUT = `INSERT INTO sheet_sources (id, range, set_by, set_at, course) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO UPDATE SET range = $2, set_by = $3, set_at = $4, course = $5 RETURNING ${FIELDS}`;

export async function putSheetSource(
  db: Queryable,
  {
    id,
    range,
    course,
    by,
    now,
  }: { id: string; range: SheetRange; course: CourseHead | null; by: string; now: Date },
): Promise<SheetSource> {
  const values = [id, storableJson(range), by, now, course === null ? null : storableJson(course)];
  return (await db.query<SheetSource>({ text: PUT, values })).rows[0]!;
}

export async function listSheetSources(db: Queryable): Promise<SheetSource[]> {
  return (await db.query<SheetSource>({ text: `SELECT ${FIELDS} FROM sheet_sources ORDER BY id` })).rows;
}

export async function findSheetSource(db: Queryable, id: string): Promise<SheetSource | undefined> {
  const text = `SELECT ${FIELDS} FROM sheet_sources WHERE id = $1`;
  return (await db.query<SheetSource>({ text, values: [id] })).rows[0];
}

export async function deleteSheetSource(db: Queryable, id: string): Promise<boolean> {
  return (await db.query({ text: 'DELETE FROM sheet_sources WHERE id = $1', values: [id] })).rowCount === 1;
}

export async function markSynced(db: Queryable, id: string, now: Date): Promise<void> {
  await db.query({ text: 'UPDATE sheet_sources SET synced_at = $2 WHERE id = $1', values: [id, now] });
}
