import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '../database.js';

export interface RevisionRow {
  readonly revision: number;
  readonly definition: Record<string, unknown>;
  /** YAML, as it was written. */
  readonly source: string;
  readonly by: string;
  readonly at: Date;
  /** What it was published as. */
  readonly version: number | null;
}

const FIELDS = 'r.revision, r.definition, r.source, r.saved_by AS by, r.saved_at AS at, r.version';

/** A definition with its draft, if it has one. */
export interface DraftedRow {
  readonly latest: number | null;
  readonly draft: RevisionRow | undefined;
}

// $1 kind, $2 id
const READ = `SELECT d.latest, ${FIELDS} FROM definitions d LEFT JOIN definition_revisions r
  ON r.kind = d.kind AND r.id = d.id AND r.revision = d.draft WHERE d.kind = $1 AND d.id = $2`;

export async function readDefinitionDraft(
  db: Queryable,
  kind: string,
  id: string,
): Promise<DraftedRow | undefined> {
  const { rows } = await db.query<{ latest: number | null; revision: number | null } & RevisionRow>({
    text: READ,
    values: [kind, id],
  });
  if (!rows[0]) return undefined;
  const { latest, ...draft } = rows[0];
  return { latest, draft: draft.revision === null ? undefined : draft };
}

// $1 kind, $2 id
const NEXT = `UPDATE definitions SET revision = revision + 1, draft = revision + 1
  WHERE kind = $1 AND id = $2 RETURNING revision`;
// $1 kind, $2 id, $3 revision, $4 definition, $5 source, $6 by, $7 now
const INSERT = `INSERT INTO definition_revisions AS r (kind, id, revision, definition, source, saved_by, saved_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${FIELDS}`;

/** Numbers of revisions go up for ever: an ETag of a deleted draft fits no later one. The definition's row is locked. */
export async function saveRevision(
  tx: Transaction,
  kind: string,
  id: string,
  of: Pick<RevisionRow, 'definition' | 'source' | 'by' | 'at'>,
): Promise<RevisionRow> {
  const { rows } = await tx.query<{ revision: number }>({ text: NEXT, values: [kind, id] });
  const values = [kind, id, rows[0]!.revision, storableJson(of.definition), of.source, of.by, of.at];
  return (await tx.query<RevisionRow>({ text: INSERT, values })).rows[0]!;
}

// $1 kind, $2 id
const REMOVE = `UPDATE definitions SET draft = NULL WHERE kind = $1 AND id = $2`;

/** Its revisions stay. */
export async function removeDefinitionDraft(tx: Transaction, kind: string, id: string): Promise<void> {
  await tx.query({ text: REMOVE, values: [kind, id] });
}

// $1 kind, $2 id, $3 before (revision), $4 how many
const LIST = `SELECT ${FIELDS} FROM definition_revisions r
  WHERE r.kind = $1 AND r.id = $2 AND ($3::bigint IS NULL OR r.revision < $3) ORDER BY r.revision DESC LIMIT $4`;

/** Newest first. */
export async function listRevisions(
  db: Queryable,
  kind: string,
  id: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<RevisionRow[]> {
  const values = [kind, id, before ?? null, limit];
  return (await db.query<RevisionRow>({ text: LIST, values })).rows;
}

// $1 kind, $2 id, $3 revision
const FIND = `SELECT ${FIELDS} FROM definition_revisions r WHERE r.kind = $1 AND r.id = $2 AND r.revision = $3::bigint`;

export async function findRevision(
  db: Queryable,
  kind: string,
  id: string,
  revision: number,
): Promise<RevisionRow | undefined> {
  return (await db.query<RevisionRow>({ text: FIND, values: [kind, id, revision] })).rows[0];
}

// $1 kind, $2 id, $3 revision, $4 version
const BECAME = `UPDATE definition_revisions SET version = $4 WHERE kind = $1 AND id = $2 AND revision = $3`;

export async function revisionBecame(
  tx: Transaction,
  kind: string,
  id: string,
  of: { revision: number; version: number },
): Promise<void> {
  await tx.query({ text: BECAME, values: [kind, id, of.revision, of.version] });
}

// A save that another author's follows, or none: what each made of it in a row. Those since it last became a version.
// $1 kind, $2 id, $3 how many
const BY_AUTHOR = `SELECT ${FIELDS} FROM (
    SELECT revision, saved_by, lead(saved_by) OVER (ORDER BY revision) AS next_by FROM definition_revisions
    WHERE kind = $1 AND id = $2 AND revision > coalesce((SELECT max(revision) FROM definition_revisions
      WHERE kind = $1 AND id = $2 AND version IS NOT NULL), 0)
  ) of_draft JOIN definition_revisions r ON r.kind = $1 AND r.id = $2 AND r.revision = of_draft.revision
  WHERE of_draft.next_by IS DISTINCT FROM of_draft.saved_by ORDER BY r.revision DESC LIMIT $3`;

/** The last save of each author in a row, oldest first. */
export async function savesByAuthor(
  db: Queryable,
  kind: string,
  id: string,
  limit: number,
): Promise<RevisionRow[]> {
  return (await db.query<RevisionRow>({ text: BY_AUTHOR, values: [kind, id, limit] })).rows.reverse();
}
