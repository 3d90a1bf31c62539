import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '@duofactory/platform';

export type SourceKind = 'table' | 'course';

export interface SourceVersion {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly head: unknown;
  readonly rows: number;
  readonly publishedAt: Date;
}

const FIELDS = 'v.id, v.version, v.hash, v.head, v.rows, v.published_at AS "publishedAt"';

// $1 kind, $2 id
const ENSURE = `INSERT INTO sources (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const LOCK = `SELECT latest FROM sources WHERE kind = $1 AND id = $2 FOR UPDATE`;
// $1 kind, $2 id, $3 version
const HASH = `SELECT hash FROM source_versions WHERE kind = $1 AND id = $2 AND version = $3`;

/** Publishers of one source take turns from here to their commit. */
export async function lockSource(
  tx: Transaction,
  kind: SourceKind,
  id: string,
): Promise<{ latest: number; hash: string | null }> {
  await tx.query({ text: ENSURE, values: [kind, id] });
  const { rows: locked } = await tx.query<{ latest: number | null }>({ text: LOCK, values: [kind, id] });
  const latest = locked[0]?.latest ?? 0;
  // Once the lock is held: a statement that waited for it does not see the version that another one made meanwhile.
  const { rows } = await tx.query<{ hash: string }>({ text: HASH, values: [kind, id, latest] });
  return { latest, hash: rows[0]?.hash ?? null };
}

// $1 kind, $2 id, $3 version, $4 hash, $5 head, $6 rows, $7 now
const INSERT_VERSION = `INSERT INTO source_versions (kind, id, version, hash, head, rows, published_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;
// $1 kind, $2 id, $3 version
const POINT = `UPDATE sources SET latest = $3 WHERE kind = $1 AND id = $2`;

export async function insertVersion(
  tx: Transaction,
  kind: SourceKind,
  { id, version, hash, head, rows, publishedAt }: SourceVersion,
): Promise<void> {
  await tx.query({
    text: INSERT_VERSION,
    values: [kind, id, version, hash, storableJson(head), rows, publishedAt],
  });
  await tx.query({ text: POINT, values: [kind, id, version] });
}

// $1 kind, $2 id, $3 version, $4 ordinal of the first, $5 values as JSON
const INSERT_ROWS = `INSERT INTO source_rows (kind, id, version, ordinal, value)
  SELECT $1, $2, $3, $4 + place - 1, value::json FROM unnest($5::text[]) WITH ORDINALITY AS r (value, place)`;

/** `values`: storable JSON. */
export async function insertRows(
  tx: Transaction,
  of: { kind: SourceKind; id: string; version: number; from: number; values: readonly string[] },
): Promise<void> {
  await tx.query({
    name: 'insert-source-rows',
    text: INSERT_ROWS,
    values: [of.kind, of.id, of.version, of.from, of.values],
  });
}

// $1 kind, $2 id, $3 version, or null: the latest
const FIND = `SELECT ${FIELDS} FROM source_versions v JOIN sources s ON s.kind = v.kind AND s.id = v.id
  WHERE v.kind = $1 AND v.id = $2 AND v.version = COALESCE($3, s.latest)`;

export async function findVersion(
  db: Queryable,
  kind: SourceKind,
  id: string,
  version?: number,
): Promise<SourceVersion | undefined> {
  const values = [kind, id, version ?? null];
  return (await db.query<SourceVersion>({ name: 'find-source', text: FIND, values })).rows[0];
}

// $1 kind
const LIST = `SELECT ${FIELDS} FROM source_versions v
  JOIN sources s ON s.kind = v.kind AND s.id = v.id AND s.latest = v.version WHERE v.kind = $1 ORDER BY v.id`;

export async function listSources(db: Queryable, kind: SourceKind): Promise<SourceVersion[]> {
  return (await db.query<SourceVersion>({ text: LIST, values: [kind] })).rows;
}

// $1 kind, $2 id, $3 version, $4 after (ordinal), $5 how many
const ROWS = `SELECT ordinal, value FROM source_rows
  WHERE kind = $1 AND id = $2 AND version = $3 AND ordinal > $4 ORDER BY ordinal LIMIT $5`;

export async function readRows(
  db: Queryable,
  of: { kind: SourceKind; id: string; version: number; after: number; limit: number },
): Promise<{ ordinal: number; value: unknown }[]> {
  const values = [of.kind, of.id, of.version, of.after, of.limit];
  return (
    await db.query<{ ordinal: number; value: unknown }>({ name: 'read-source-rows', text: ROWS, values })
  ).rows;
}
