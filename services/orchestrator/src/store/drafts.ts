import { storableJson } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface DraftRow {
  readonly definition: Record<string, unknown>;
  /** As somebody wrote it; null: nobody did. */
  readonly source: string | null;
  readonly revision: number;
  readonly by: string;
  readonly at: Date;
}

/** A workflow with its draft, if it has one. */
export interface WorkflowRow {
  readonly latest: number | null;
  readonly draft: DraftRow | undefined;
}

const COLUMNS = `latest, draft AS definition, draft_source AS source, revision, draft_by AS by, draft_at AS at`;
// $1 workflow
const READ = `SELECT ${COLUMNS} FROM workflows WHERE id = $1`;
const LOCK = `${READ} FOR UPDATE`;
// $1 workflow, $2 now
const ENSURE = `INSERT INTO workflows (id, updated_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;

export async function readDraft(tx: Transaction, workflow: string): Promise<WorkflowRow | undefined> {
  return first((await tx.query<Columns>({ text: READ, values: [workflow] })).rows);
}

/** As `readDraft`; nobody changes it until the transaction ends. */
export async function lockDraft(tx: Transaction, workflow: string): Promise<WorkflowRow | undefined> {
  return first((await tx.query<Columns>({ text: LOCK, values: [workflow] })).rows);
}

/** As `lockDraft`, and the workflow comes into being. */
export async function ensureDraft(tx: Transaction, workflow: string, now: Date): Promise<WorkflowRow> {
  await tx.query({ text: ENSURE, values: [workflow, now] });
  return (await lockDraft(tx, workflow))!;
}

// Numbers of revisions go up for ever: an ETag of a deleted draft fits no later one.
// $1 workflow, $2 definition, $3 source, $4 author, $5 now
const SAVE = `UPDATE workflows SET draft = $2, draft_source = $3, revision = revision + 1, draft_by = $4, draft_at = $5,
    updated_at = $5
  WHERE id = $1 RETURNING ${COLUMNS}`;

export async function saveDraft(
  tx: Transaction,
  of: { workflow: string; by: string; now: Date } & Pick<DraftRow, 'definition' | 'source'>,
): Promise<DraftRow> {
  const values = [of.workflow, storableJson(of.definition), of.source, of.by, of.now];
  return first((await tx.query<Columns>({ text: SAVE, values })).rows)!.draft!;
}

// $1 workflow
const REMOVE = `UPDATE workflows SET draft = NULL, draft_source = NULL, draft_by = NULL, draft_at = NULL WHERE id = $1`;

export async function removeDraft(tx: Transaction, workflow: string): Promise<void> {
  await tx.query({ text: REMOVE, values: [workflow] });
}

// $1 workflow, $2 revision
const FROM_REVISION = `SELECT version FROM workflow_versions
  WHERE workflow = $1 AND revision = $2 AND published ORDER BY version DESC LIMIT 1`;

/** The version that a draft's revision was published as. */
export async function publishedFrom(
  tx: Transaction,
  workflow: string,
  revision: number,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ version: number }>({ text: FROM_REVISION, values: [workflow, revision] });
  return rows[0]?.version;
}

interface Columns {
  latest: number | null;
  definition: Record<string, unknown> | null;
  source: string | null;
  revision: number;
  by: string | null;
  at: Date | null;
}

function first([row]: Columns[]): WorkflowRow | undefined {
  if (!row) return undefined;
  const { latest, definition, source, revision, by, at } = row;
  const draft = definition === null ? undefined : { definition, source, revision, by: by!, at: at! };
  return { latest, draft };
}
