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

// $1 workflow
const LATEST = `SELECT latest FROM workflows WHERE id = $1`;

export async function readLatestVersion(tx: Transaction, workflow: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ latest: number | null }>({ text: LATEST, values: [workflow] });
  return rows[0]?.latest ?? undefined;
}

// $1 workflow, $2 now
const ENSURE = `INSERT INTO workflows (id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const LOCK = `SELECT w.latest, v.hash FROM workflows w
  LEFT JOIN workflow_versions v ON v.workflow = w.id AND v.version = w.latest WHERE w.id = $1 FOR UPDATE OF w`;
// $1 workflow, $2 version, $3 definition, $4 manifests, $5 hash, $6 now
const INSERT = `INSERT INTO workflow_versions (workflow, version, definition, manifests, hash, published_at)
  VALUES ($1, $2, $3, $4, $5, $6)`;
// $1 workflow, $2 version, $3 now
const POINT = `UPDATE workflows SET latest = $2, updated_at = $3 WHERE id = $1`;

/** Publishes a definition as the next version; the same content again is the version that is there. */
export async function publishVersion(
  tx: Transaction,
  of: StoredVersion & { workflow: string; hash: string; now: Date },
): Promise<{ version: number; created: boolean }> {
  await tx.query({ text: ENSURE, values: [of.workflow, of.now] });
  const { rows } = await tx.query<{ latest: number | null; hash: string | null }>({
    text: LOCK,
    values: [of.workflow],
  });
  const { latest, hash } = rows[0]!;
  if (latest !== null && hash === of.hash) return { version: latest, created: false };
  const version = (latest ?? 0) + 1;
  const values = [
    of.workflow,
    version,
    storableJson(of.definition),
    storableJson(of.manifests),
    of.hash,
    of.now,
  ];
  await tx.query({ text: INSERT, values });
  await tx.query({ text: POINT, values: [of.workflow, version, of.now] });
  return { version, created: true };
}

export interface WorkflowSummary {
  id: string;
  name: string | null;
  latest: number;
  publishedAt: Date;
}

const LIST = `SELECT w.id, v.definition->>'name' AS name, w.latest, v.published_at AS "publishedAt" FROM workflows w
  JOIN workflow_versions v ON v.workflow = w.id AND v.version = w.latest ORDER BY w.id`;

export async function listWorkflows(tx: Transaction): Promise<WorkflowSummary[]> {
  return (await tx.query<WorkflowSummary>({ text: LIST })).rows;
}
