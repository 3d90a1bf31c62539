import { storableJson } from '@duofactory/contracts';
import type { Queryable, Transaction } from '../database.js';

export interface DefinitionVersion<D> {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly definition: D;
  /** Versions of its own kind, by the references that it names them with; as they were when it was published. */
  readonly pins?: Readonly<Record<string, string>>;
  readonly labels: string[];
  readonly note: string | null;
  readonly author: string;
  readonly publishedAt: Date;
}

const FIELDS = `v.id, v.version, v.hash, v.definition, coalesce(v.pins, '{}') AS pins, v.labels, v.note, v.author,
  v.published_at AS "publishedAt"`;
const LATEST = 'definition_versions v JOIN definitions d ON d.kind = v.kind AND d.id = v.id';

// $1 kind, $2 id
const ENSURE = `INSERT INTO definitions (kind, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const LOCK = `SELECT latest FROM definitions WHERE kind = $1 AND id = $2 FOR UPDATE`;
// $1 kind, $2 id, $3 version
const HASH = `SELECT hash, coalesce(pins, '{}') AS pins FROM definition_versions WHERE kind = $1 AND id = $2 AND version = $3`;

/** Publishers of one thing take turns from here to their commit. */
export async function lockDefinition(
  tx: Transaction,
  kind: string,
  id: string,
): Promise<{ latest: number; hash: string | null; pins: Readonly<Record<string, string>> }> {
  await tx.query({ text: ENSURE, values: [kind, id] });
  const { rows: locked } = await tx.query<{ latest: number | null }>({ text: LOCK, values: [kind, id] });
  const latest = locked[0]?.latest ?? 0;
  // Once the lock is held: a statement that waited for it does not see the version that another one made meanwhile.
  type Row = { hash: string; pins: Record<string, string> };
  const { rows } = await tx.query<Row>({ text: HASH, values: [kind, id, latest] });
  return { latest, hash: rows[0]?.hash ?? null, pins: rows[0]?.pins ?? {} };
}

// $1 kind, $2 id, $3 version, $4 hash, $5 definition, $6 note, $7 author, $8 now, $9 source, $10 pins
const INSERT = `INSERT INTO definition_versions (kind, id, version, hash, definition, note, author, published_at, source, pins)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
// $1 kind, $2 id, $3 version
const POINT = `UPDATE definitions SET latest = $3 WHERE kind = $1 AND id = $2`;

export async function insertDefinitionVersion<D>(
  tx: Transaction,
  kind: string,
  of: Omit<DefinitionVersion<D>, 'labels'> & { readonly source: string },
): Promise<void> {
  const { id, version, hash, definition, note, author, publishedAt, source, pins = {} } = of;
  const row = [kind, id, version, hash, storableJson(definition), note, author, publishedAt, source];
  await tx.query({ text: INSERT, values: [...row, storableJson(pins)] });
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

// $1 kind, $2 id, $3 version
const SOURCE = `SELECT source FROM definition_versions WHERE kind = $1 AND id = $2 AND version = $3`;

/** The YAML that a version was published with; undefined: it was none. */
export async function readDefinitionSource(
  db: Queryable,
  kind: string,
  { id, version }: { id: string; version: number },
): Promise<string | undefined> {
  const { rows } = await db.query<{ source: string | null }>({ text: SOURCE, values: [kind, id, version] });
  return rows[0]?.source ?? undefined;
}

// $1 kind, $2 id, $3 version, $4 source
const RETELL = `UPDATE definition_versions SET source = $4
  WHERE kind = $1 AND id = $2 AND version = $3 AND source IS DISTINCT FROM $4`;

/** Another text of the same content: what a version means never changes, its comments do. */
export async function retellDefinition(
  tx: Transaction,
  kind: string,
  { id, version, source }: { id: string; version: number; source: string },
): Promise<void> {
  await tx.query({ text: RETELL, values: [kind, id, version, source] });
}

export interface DefinitionSummary {
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  /** null: only a draft so far. */
  readonly latest: number | null;
  readonly labels: { label: string; version: number }[];
  readonly author: string | null;
  readonly publishedAt: Date | null;
  readonly draft: { revision: number; by: string; at: string } | null;
}

// $1 kind
const LIST = `SELECT d.id, coalesce(v.definition->>'name', r.definition->>'name') AS name,
    coalesce(v.definition->>'description', r.definition->>'description') AS description, d.latest,
    coalesce((SELECT jsonb_agg(jsonb_build_object('label', l.label, 'version', o.version) ORDER BY l.label)
      FROM definition_versions o, unnest(o.labels) AS l(label) WHERE o.kind = d.kind AND o.id = d.id), '[]') AS labels,
    v.author, v.published_at AS "publishedAt",
    CASE WHEN r.revision IS NOT NULL THEN
      jsonb_build_object('revision', r.revision, 'by', r.saved_by, 'at', to_jsonb(r.saved_at)) END AS draft
  FROM definitions d LEFT JOIN definition_versions v ON v.kind = d.kind AND v.id = d.id AND v.version = d.latest
  LEFT JOIN definition_revisions r ON r.kind = d.kind AND r.id = d.id AND r.revision = d.draft
  WHERE d.kind = $1 AND (d.latest IS NOT NULL OR d.draft IS NOT NULL) ORDER BY d.id`;

export async function listDefinitions(db: Queryable, kind: string): Promise<DefinitionSummary[]> {
  return (await db.query<DefinitionSummary>({ text: LIST, values: [kind] })).rows;
}

export type VersionSummary = Omit<DefinitionVersion<unknown>, 'definition'>;

// $1 kind, $2 id
const VERSIONS = `SELECT v.id, v.version, v.hash, v.labels, v.note, v.author, v.published_at AS "publishedAt"
  FROM definition_versions v WHERE v.kind = $1 AND v.id = $2 ORDER BY v.version DESC`;

export async function listDefinitionVersions(
  db: Queryable,
  kind: string,
  id: string,
): Promise<VersionSummary[]> {
  return (await db.query<VersionSummary>({ text: VERSIONS, values: [kind, id] })).rows;
}

// $1 kind, $2 id, $3 version or null, $4 label
const MOVE = `UPDATE definition_versions SET labels = CASE WHEN version = $3
    THEN (SELECT array_agg(l ORDER BY l) FROM unnest(array_append(labels, $4)) l) ELSE array_remove(labels, $4) END
  WHERE kind = $1 AND id = $2 AND (version IS NOT DISTINCT FROM $3) <> ($4 = any(labels))
  RETURNING version`;

/** The label is on this version alone, or on none (null). Versions whose labels changed. */
export async function moveLabel(
  tx: Transaction,
  of: { kind: string; id: string; version: number | null; label: string },
): Promise<number[]> {
  const values = [of.kind, of.id, of.version, of.label];
  return (await tx.query<{ version: number }>({ text: MOVE, values })).rows.map(({ version }) => version);
}
