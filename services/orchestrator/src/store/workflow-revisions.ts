import type { Transaction } from './transaction.js';

export interface WorkflowRevisionRow {
  readonly revision: number;
  readonly definition: Record<string, unknown>;
  /** As somebody wrote it; null: nobody did. */
  readonly source: string | null;
  readonly by: string;
  readonly at: Date;
  /** What it was published as. */
  readonly version: number | null;
}

const FIELDS = `r.revision, r.definition, r.source, r.saved_by AS by, r.saved_at AS at, r.version`;

// $1 workflow
const KEEP = `INSERT INTO workflow_revisions (workflow, revision, definition, source, saved_by, saved_at)
  SELECT id, revision, draft, draft_source, draft_by, draft_at FROM workflows WHERE id = $1`;

/** The draft as it is now stays, whatever becomes of it. The workflow's row is locked. */
export async function keepDraftRevision(tx: Transaction, workflow: string): Promise<void> {
  await tx.query({ text: KEEP, values: [workflow] });
}

// $1 workflow, $2 revision, $3 version
const BECAME = `UPDATE workflow_revisions SET version = $3 WHERE workflow = $1 AND revision = $2`;

export async function draftRevisionBecame(
  tx: Transaction,
  workflow: string,
  of: { revision: number; version: number },
): Promise<void> {
  await tx.query({ text: BECAME, values: [workflow, of.revision, of.version] });
}

// $1 workflow, $2 before (revision), $3 how many
const LIST = `SELECT r.revision, r.saved_by AS by, r.saved_at AS at, r.version FROM workflow_revisions r
  WHERE r.workflow = $1 AND ($2::bigint IS NULL OR r.revision < $2) ORDER BY r.revision DESC LIMIT $3`;

/** Newest first. */
export async function listDraftRevisions(
  tx: Transaction,
  workflow: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<Omit<WorkflowRevisionRow, 'definition' | 'source'>[]> {
  const values = [workflow, before ?? null, limit];
  return (await tx.query<WorkflowRevisionRow>({ text: LIST, values })).rows;
}

// $1 workflow, $2 revision
const FIND = `SELECT ${FIELDS} FROM workflow_revisions r WHERE r.workflow = $1 AND r.revision = $2::bigint`;

export async function findDraftRevision(
  tx: Transaction,
  workflow: string,
  revision: number,
): Promise<WorkflowRevisionRow | undefined> {
  return (await tx.query<WorkflowRevisionRow>({ text: FIND, values: [workflow, revision] })).rows[0];
}

// A save that another author's follows, or none: what each made of it in a row. Those since it last became a version.
// $1 workflow, $2 how many
const BY_AUTHOR = `SELECT ${FIELDS} FROM (
    SELECT revision, saved_by, lead(saved_by) OVER (ORDER BY revision) AS next_by FROM workflow_revisions
    WHERE workflow = $1 AND revision > coalesce((SELECT max(revision) FROM workflow_revisions
      WHERE workflow = $1 AND version IS NOT NULL), 0)
  ) of_draft JOIN workflow_revisions r ON r.workflow = $1 AND r.revision = of_draft.revision
  WHERE of_draft.next_by IS DISTINCT FROM of_draft.saved_by ORDER BY r.revision DESC LIMIT $2`;

/** The last save of each author in a row, oldest first. */
export async function draftSavesByAuthor(
  tx: Transaction,
  workflow: string,
  limit: number,
): Promise<WorkflowRevisionRow[]> {
  const { rows } = await tx.query<WorkflowRevisionRow>({ text: BY_AUTHOR, values: [workflow, limit] });
  return rows.reverse();
}
