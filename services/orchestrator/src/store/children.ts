import type { Transaction } from './transaction.js';

/** The task that a child run works for. */
export interface ParentTask {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  /** Runs above: 1 for a child, 2 for its children. */
  readonly depth: number;
  /** The block whose payloads go back; null: the last. */
  readonly output: string | null;
}

export interface FamilyRow {
  id: string;
  status: string;
  reason: string | null;
  lineage: string;
  parent: ParentTask | null;
}

// $1 ids
const READ = `SELECT id, status, reason, lineage, parent FROM runs WHERE id = ANY($1::uuid[])`;

export async function readFamily(tx: Transaction, ids: readonly string[]): Promise<FamilyRow[]> {
  return (await tx.query<FamilyRow>({ name: 'read-family', text: READ, values: [ids] })).rows;
}

// Of a run that goes on only those whose attempt it no longer waits for.
// $1 parent
const UNWANTED = `
  WITH children AS MATERIALIZED (
    SELECT id, ended_at, parent FROM runs WHERE parent IS NOT NULL AND parent->>'run' = ($1::uuid)::text)
  SELECT c.id FROM children c
  JOIN runs p ON p.id = $1::uuid
  LEFT JOIN tasks t ON t.id = (c.parent->>'task')::uuid
  WHERE c.ended_at IS NULL
    AND (p.status NOT IN ('queued', 'running', 'paused')
      OR t.id IS NULL OR t.status <> 'requested' OR t.attempt <> (c.parent->>'attempt')::int)`;

/** Children that nobody waits for. */
export async function unwantedChildren(tx: Transaction, parent: string): Promise<string[]> {
  const values = [parent];
  const { rows } = await tx.query<{ id: string }>({ name: 'unwanted-children', text: UNWANTED, values });
  return rows.map(({ id }) => id);
}

// By the parent, whatever the statistics say: a plan made while few runs went on would read all that do.
// $1 parent
const OPEN = `
  WITH children AS MATERIALIZED (SELECT id, ended_at FROM runs WHERE parent IS NOT NULL AND parent->>'run' = $1)
  SELECT id FROM children WHERE ended_at IS NULL`;

export async function openChildren(tx: Transaction, parent: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'open-children', text: OPEN, values: [parent] });
  return rows.map(({ id }) => id);
}
