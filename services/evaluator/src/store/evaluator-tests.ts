import { storableJson } from '@duofactory/contracts';
import type { Queryable } from '@duofactory/platform';

export interface TestRow {
  readonly id: string;
  /** `duoradio@2` */
  readonly goldenSet: string;
  readonly evaluators: string[];
  readonly repeats: number;
  readonly status: 'running' | 'done' | 'failed';
  /** Answers of so many, each evaluator and time by itself. */
  readonly done: number;
  readonly total: number;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly author: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const FIELDS = `id, golden_set AS "goldenSet", evaluators, repeats, status, done, total, error, author,
  created_at AS "createdAt", ended_at AS "endedAt"`;

// $1 id, $2 golden set, $3 evaluators, $4 repeats, $5 total, $6 author, $7 now, $8 claimed until
const INSERT = `INSERT INTO evaluator_tests
  (id, golden_set, evaluators, repeats, status, total, author, created_at, claimed_until)
  VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING ${FIELDS}`;

/** undefined: it was asked for before. */
export async function insertTest(
  db: Queryable,
  of: Pick<TestRow, 'id' | 'goldenSet' | 'evaluators' | 'repeats' | 'total' | 'author' | 'createdAt'> & {
    readonly claimedUntil: Date;
  },
): Promise<TestRow | undefined> {
  const values = [of.id, of.goldenSet, of.evaluators, of.repeats, of.total, of.author, of.createdAt];
  return (await db.query<TestRow>({ text: INSERT, values: [...values, of.claimedUntil] })).rows[0];
}

// $1 now, $2 claimed until
const CLAIM = `UPDATE evaluator_tests SET claimed_until = $2, done = 0 WHERE id = (
    SELECT id FROM evaluator_tests WHERE status = 'running' AND claimed_until < $1
    ORDER BY claimed_until LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ${FIELDS}`;

/** One whose process gave no sign of late. */
export async function claimTest(db: Queryable, now: Date, until: Date): Promise<TestRow | undefined> {
  return (await db.query<TestRow>({ text: CLAIM, values: [now, until] })).rows[0];
}

// $1 id, $2 done, $3 claimed until
const PROGRESS = `UPDATE evaluator_tests SET done = $2, claimed_until = $3 WHERE id = $1 AND status = 'running'`;

export async function noteProgress(
  db: Queryable,
  of: { id: string; done: number; claimedUntil: Date },
): Promise<void> {
  await db.query({ text: PROGRESS, values: [of.id, of.done, of.claimedUntil] });
}

// $1 id, $2 status, $3 report, $4 error, $5 now
const END = `UPDATE evaluator_tests SET status = $2, report = $3, error = $4, ended_at = $5, claimed_until = NULL,
  done = CASE WHEN $2 = 'done' THEN total ELSE done END WHERE id = $1 AND status = 'running'`;

export async function endTest(
  db: Queryable,
  of: { id: string; now: Date } & ({ report: object } | { error: NonNullable<TestRow['error']> }),
): Promise<void> {
  const values =
    'report' in of
      ? [of.id, 'done', storableJson(of.report), null, of.now]
      : [of.id, 'failed', null, storableJson(of.error), of.now];
  await db.query({ text: END, values });
}

// $1 id
const READ = `SELECT ${FIELDS}, report FROM evaluator_tests WHERE id = $1`;

export async function readTest(
  db: Queryable,
  id: string,
): Promise<(TestRow & { report: unknown }) | undefined> {
  return (await db.query<TestRow & { report: unknown }>({ text: READ, values: [id] })).rows[0];
}

// $1 golden set, $2 before (time), $3 before (id), $4 how many
const LIST = `SELECT ${FIELDS} FROM evaluator_tests
  WHERE ($1::text IS NULL OR split_part(golden_set, '@', 1) = $1)
    AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $4`;

export async function listTests(
  db: Queryable,
  of: { goldenSet?: string; before?: { at: Date; id: string }; limit: number },
): Promise<TestRow[]> {
  const values = [of.goldenSet ?? null, of.before?.at ?? null, of.before?.id ?? null, of.limit];
  return (await db.query<TestRow>({ text: LIST, values })).rows;
}
