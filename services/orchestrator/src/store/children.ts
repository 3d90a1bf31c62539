import type { RunAbove } from '@duofactory/contracts';
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
  /** `run` and those above it, nearest first. Absent: it began before they were kept. */
  readonly above?: readonly RunAbove[];
}

export interface FamilyRow {
  id: string;
  workflow: string;
  status: string;
  reason: string | null;
  lineage: string;
  parent: ParentTask | null;
}

// $1 ids
const READ = `SELECT id, workflow, status, reason, lineage, parent FROM runs WHERE id = ANY($1::uuid[])`;

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

// Each level by the index of children: without the fence all children of all runs would be read once.
// $1 runs
const FAMILIES = `
  WITH RECURSIVE up AS (
    SELECT id, id AS of, parent FROM runs WHERE id = ANY($1::uuid[])
    UNION ALL
    SELECT r.id, up.of, r.parent FROM up JOIN runs r ON r.id = (up.parent->>'run')::uuid),
  down AS (
    SELECT id, of FROM up WHERE parent IS NULL
    UNION ALL
    SELECT inside.id, down.of FROM down CROSS JOIN LATERAL (
      SELECT id FROM runs WHERE parent IS NOT NULL AND parent->>'run' = down.id::text OFFSET 0) inside)
  SELECT of, id FROM down`;

/** By run, the outermost of the runs that it works for with all that are inside that one. */
export async function familiesOf(
  tx: Transaction,
  runs: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await tx.query<{ of: string; id: string }>({
    name: 'families-of',
    text: FAMILIES,
    values: [runs],
  });
  const families = new Map<string, string[]>();
  for (const { of, id } of rows) families.set(of, [...(families.get(of) ?? []), id]);
  return families;
}

// Less what counts already: what answers of this attempt have told before, whether they settled it or not. $1 child, $2 task of the parent, $3 attempt
const COST = `
  WITH told AS (
    SELECT COALESCE(sum((u->'cost'->>'amount')::float8), 0) AS cost, COALESCE(sum((u->'units'->>'calls')::int), 0) AS calls
    FROM all_attempts a CROSS JOIN LATERAL jsonb_array_elements(a.usage) u
    WHERE a.task = $2 AND a.attempt = $3)
  SELECT COALESCE(sum(b.cost), 0) - (SELECT cost FROM told) AS cost,
    (COALESCE(sum(b.unpriced), 0) - (SELECT calls FROM told))::int AS unpriced
  FROM blocks b WHERE b.run = $1`;

/** What a run inside a run has cost that the run above does not count yet. */
export async function costOfChild(
  tx: Transaction,
  of: { child: string; task: string; attempt: number },
): Promise<{ cost: number; unpriced: number }> {
  const values = [of.child, of.task, of.attempt];
  const { rows } = await tx.query<{ cost: number; unpriced: number }>({ text: COST, values });
  return rows[0]!;
}
