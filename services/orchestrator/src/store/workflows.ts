import { storableJson, type BlockManifest, type WorkflowDefinition } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface StoredVersion {
  definition: WorkflowDefinition;
  manifests: Record<string, BlockManifest>;
}

// $1 workflow, $2 version
const READ = `SELECT definition, manifests FROM workflow_versions WHERE workflow = $1 AND version = $2`;

export async function readVersion(
  tx: Transaction,
  workflow: string,
  version: number,
): Promise<StoredVersion | undefined> {
  return (await tx.query<StoredVersion>({ name: 'read-version', text: READ, values: [workflow, version] }))
    .rows[0];
}

// $1 workflow, $2 version
const SOURCE = `SELECT source FROM workflow_versions WHERE workflow = $1 AND version = $2`;

/** A version as somebody wrote it; null: nobody did. */
export async function readVersionSource(
  tx: Transaction,
  workflow: string,
  version: number,
): Promise<string | null> {
  const { rows } = await tx.query<{ source: string | null }>({ text: SOURCE, values: [workflow, version] });
  return rows[0]?.source ?? null;
}

// $1 workflow
const LATEST = `SELECT latest FROM workflows WHERE id = $1`;

export async function readLatestVersion(tx: Transaction, workflow: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ latest: number | null }>({
    name: 'latest-version',
    text: LATEST,
    values: [workflow],
  });
  return rows[0]?.latest ?? undefined;
}

const IDS = `SELECT id FROM workflows`;

export async function workflowIds(tx: Transaction): Promise<string[]> {
  return (await tx.query<{ id: string }>({ text: IDS })).rows.map(({ id }) => id);
}

// $1 workflow, $2 now
const ENSURE = `INSERT INTO workflows (id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const LOCK = `SELECT latest FROM workflows WHERE id = $1 FOR UPDATE`;
// $1 workflow, $2 version
const HASH = `SELECT hash FROM workflow_versions WHERE workflow = $1 AND version = $2`;
// $1 workflow
const NEXT = `SELECT coalesce(max(version), 0)::int + 1 AS version FROM workflow_versions WHERE workflow = $1`;
// $1 workflow, $2 version, $3 definition, $4 manifests, $5 hash, $6 now, $7 published, $8 revision, $9 author, $10 note, $11 source
const INSERT = `INSERT INTO workflow_versions
  (workflow, version, definition, manifests, hash, published_at, published, revision, author, note, source)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
// $1 workflow, $2 version, $3 source
const RETELL = `UPDATE workflow_versions SET source = $3 WHERE workflow = $1 AND version = $2 AND source IS DISTINCT FROM $3`;
// $1 workflow, $2 version, $3 now
const POINT = `UPDATE workflows SET latest = $2, updated_at = $3 WHERE id = $1`;
// $1 workflow, $2 revision, $3 hash
const KEPT = `SELECT version FROM workflow_versions 
  WHERE workflow = $1 AND revision IS NOT DISTINCT FROM $2 AND hash = $3 AND NOT published LIMIT 1`;

export interface NewVersion extends StoredVersion {
  readonly workflow: string;
  readonly hash: string;
  readonly author: string | null;
  readonly note: string | null;
  /** As somebody wrote it; null: nobody did. */
  readonly source: string | null;
  /** Of the draft that it was. */
  readonly revision: number | null;
  readonly now: Date;
}

/** Publishes a definition as the next version; the same content again is the version that is there, as it is written now. */
export async function publishVersion(
  tx: Transaction,
  of: NewVersion,
): Promise<{ version: number; created: boolean }> {
  await tx.query({ text: ENSURE, values: [of.workflow, of.now] });
  const { rows: locked } = await tx.query<{ latest: number | null }>({ text: LOCK, values: [of.workflow] });
  const { latest } = locked[0]!;
  // Once the lock is held: a statement that waited for it does not see the version that another one made meanwhile.
  const { rows } = await tx.query<{ hash: string }>({ text: HASH, values: [of.workflow, latest] });
  if (latest !== null && rows[0]?.hash === of.hash) {
    // What it means never changes; comments do.
    if (of.source !== null) await tx.query({ text: RETELL, values: [of.workflow, latest, of.source] });
    return { version: latest, created: false };
  }
  const version = await insertVersion(tx, of, true);
  await tx.query({ text: POINT, values: [of.workflow, version, of.now] });
  return { version, created: true };
}

/** Keeps a draft's revision, or what is of no draft, as a version that is not published. The workflow's row is locked. */
export async function keepRevision(tx: Transaction, of: NewVersion): Promise<number> {
  const values = [of.workflow, of.revision, of.hash];
  const { rows } = await tx.query<{ version: number }>({ text: KEPT, values });
  return rows[0]?.version ?? insertVersion(tx, of, false);
}

async function insertVersion(tx: Transaction, of: NewVersion, published: boolean): Promise<number> {
  const { rows } = await tx.query<{ version: number }>({ text: NEXT, values: [of.workflow] });
  const { version } = rows[0]!;
  const content = [storableJson(of.definition), storableJson(of.manifests), of.hash, of.now];
  const values = [of.workflow, version, ...content, published, of.revision, of.author, of.note, of.source];
  await tx.query({ text: INSERT, values });
  return version;
}

export interface WorkflowSummary {
  id: string;
  name: string | null;
  /** null: only a draft so far. */
  latest: number | null;
  publishedAt: Date | null;
  draft: { revision: number; by: string; at: Date } | null;
  /** One that is no test, where there is one. */
  lastRun: {
    id: string;
    status: string;
    awaitsReview: boolean;
    testOf: string | null;
    createdAt: string;
  } | null;
  /** By its schedules; null: none is on. */
  nextRunAt: Date | null;
}

const LIST = `SELECT w.id, coalesce(v.definition->>'name', w.draft->>'name') AS name, w.latest,
    v.published_at AS "publishedAt",
    CASE WHEN w.draft IS NOT NULL THEN
      jsonb_build_object('revision', w.revision, 'by', w.draft_by, 'at', to_jsonb(w.draft_at)) END AS draft,
    (SELECT jsonb_build_object('id', r.id, 'status', r.status, 'testOf', r.test_of,
        'awaitsReview', r.status = 'running' AND awaits_review(r.id), 'createdAt', to_jsonb(r.created_at))
      FROM runs r WHERE r.id = coalesce(
        (SELECT id FROM runs WHERE workflow = w.id AND test_of IS NULL ORDER BY created_at DESC, id DESC LIMIT 1),
        (SELECT id FROM runs WHERE workflow = w.id ORDER BY created_at DESC, id DESC LIMIT 1))) AS "lastRun",
    (SELECT min(s.next_at) FROM schedules s
      WHERE split_part(s.workflow, '@', 1) = w.id AND NOT s.paused) AS "nextRunAt"
  FROM workflows w LEFT JOIN workflow_versions v ON v.workflow = w.id AND v.version = w.latest
  WHERE w.latest IS NOT NULL OR w.draft IS NOT NULL ORDER BY w.id`;

export async function listWorkflows(tx: Transaction): Promise<WorkflowSummary[]> {
  return (await tx.query<WorkflowSummary>({ text: LIST })).rows;
}

export interface VersionSummary {
  version: number;
  /** false: a draft that ran, kept for its runs. */
  published: boolean;
  /** Of the draft that it was. */
  revision: number | null;
  author: string | null;
  note: string | null;
  at: Date;
}

// $1 workflow
const VERSIONS = `SELECT version, published, revision, author, note, published_at AS at FROM workflow_versions
  WHERE workflow = $1 ORDER BY version DESC`;

/** Newest first. */
export async function listVersions(tx: Transaction, workflow: string): Promise<VersionSummary[]> {
  return (await tx.query<VersionSummary>({ text: VERSIONS, values: [workflow] })).rows;
}
