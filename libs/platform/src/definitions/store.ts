import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '../database.js';

export interface DefinitionVersion<D> {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly definition: D;
  readonly labels: string[];
  readonly note: string | null;
  readonly author: string;
  readonly publishedAt: Date;
}

const FIELDS =
  'v.id, v.version, v.hash, v.definition, v.labels, v.note, v.author, v.published_at AS "publishedAt"';
const LATEST = 'definition_versions v JOIN definitions d ON d.kind = v.kind AND d.id = v.id';

// $1 kind, $2 id
const ENSURE = `INSERT INTO definitions (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const LOCK = `SELECT d.latest, v.hash FROM definitions d
  LEFT JOIN definition_versions v ON v.kind = d.kind AND v.id = d.id AND v.version = d.latest
  WHERE d.kind = $1 AND d.id = $2 FOR UPDATE OF d`;

/** Publishers of one thing take turns from here to their commit. */
export async function lockDefinition(
  tx: Transaction,
  kind: string,
  id: string,
): Promise<{ latest: number; hash: string | null }> {
  await tx.query({ text: ENSURE, values: [kind, id] });
  const { rows } = await tx.query<{ latest: number | null; hash: string | null }>({
    text: LOCK,
    values: [kind, id],
  });
  return { latest: rows[0]?.latest ?? 0, hash: rows[0]?.hash ?? null };
}

// $1 kind, $2 id, $3 version, $4 hash, $5 definition, $6 note, $7 author, $8 now
const INSERT = `INSERT INTO definition_versions (kind, id, version, hash, definition, note, author, published_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
// $1 kind, $2 id, $3 version
const POINT = `UPDATE definitions SET latest = $3 WHERE kind = $1 AND id = $2`;

export async function insertDefinitionVersion<D>(
  tx: Transaction,
  kind: string,
  of: Omit<DefinitionVersion<D>, 'labels'>,
): Promise<void> {
  const { id, version, hash, definition, note, author, publishedAt } = of;
  await tx.query({
    text: INSERT,
    values: [kind, id, version, hash, storableJson(definition), note, author, publishedAt],
  });
  await tx.query({ text: POINT, values: [kind, id, version] });
}

// $1 kind, $2 id, $3 a version or a label; null: the latest
const FIND = `SELECT ${FIELDS} FROM ${LATEST}
  WHERE v.kind = $1 AND v.id = $2 AND CASE WHEN $3::text IS NULL THEN v.version = d.latest
    ELSE v.version::text = $3 OR $3 = any(v.labels) END
  ORDER BY v.version DESC LIMIT 1`;

export async function findDefinitionVersion<D>(
  db: Queryable,
  kind: string,
  id: string,
  which: string | undefined,
): Promise<DefinitionVersion<D> | undefined> {
  const values = [kind, id, which ?? null];
  return (await db.query<DefinitionVersion<D>>({ name: 'find-definition', text: FIND, values })).rows[0];
}

// $1 kind
const LIST = `SELECT ${FIELDS} FROM ${LATEST} AND d.latest = v.version WHERE v.kind = $1 ORDER BY v.id`;

export async function listDefinitions<D>(db: Queryable, kind: string): Promise<DefinitionVersion<D>[]> {
  return (await db.query<DefinitionVersion<D>>({ text: LIST, values: [kind] })).rows;
}

// $1 kind, $2 id
const VERSIONS = `SELECT ${FIELDS} FROM definition_versions v WHERE v.kind = $1 AND v.id = $2 ORDER BY v.version DESC`;

export async function listDefinitionVersions<D>(
  db: Queryable,
  kind: string,
  id: string,
): Promise<DefinitionVersion<D>[]> {
  return (await db.query<DefinitionVersion<D>>({ text: VERSIONS, values: [kind, id] })).rows;
}

// $1 kind, $2 id, $3 version, $4 labels
const TAKE = `UPDATE definition_versions
  SET labels = (SELECT coalesce(array_agg(l), '{}') FROM unnest(labels) l WHERE l <> all($4::text[]))
  WHERE kind = $1 AND id = $2 AND version <> $3 AND labels && $4::text[] RETURNING version`;
const GIVE = `UPDATE definition_versions SET labels = $4::text[] WHERE kind = $1 AND id = $2 AND version = $3`;

/** Gives a version exactly these labels; a label is on one version only. Versions that lost one. */
export async function moveLabels(
  tx: Transaction,
  of: { kind: string; id: string; version: number; labels: readonly string[] },
): Promise<number[]> {
  const values = [of.kind, of.id, of.version, of.labels];
  const { rows } = await tx.query<{ version: number }>({ text: TAKE, values });
  await tx.query({ text: GIVE, values });
  return rows.map(({ version }) => version);
}
