import type { Transaction } from './transaction.js';

/** Where a look at the ended runs goes on. */
export interface EndedRun {
  readonly id: string;
  readonly endedAt: Date;
}

// Runs inside runs go with the one that they are in. $1 ended before, $2 and $3 after which, $4 how many
const ENDED = `SELECT id, ended_at AS "endedAt" FROM runs
  WHERE ended_at < $1 AND parent IS NULL AND (ended_at, id) > ($2::timestamptz, $3::uuid)
  ORDER BY ended_at, id LIMIT $4`;

/** The next that ended before, in the order of their ends. */
export async function runsEndedBefore(
  tx: Transaction,
  { before, after, limit }: { before: Date; after: EndedRun; limit: number },
): Promise<EndedRun[]> {
  const values = [before, after.endedAt, after.id, limit];
  return (await tx.query<EndedRun>({ name: 'runs-ended-before', text: ENDED, values })).rows;
}

/** A run and the one that it is inside of, however deep; or itself. */
export interface FamilyMember {
  readonly id: string;
  readonly root: string;
}

// $1 runs that are in no other
const FAMILIES = `
  WITH RECURSIVE family AS (
    SELECT id, id AS root FROM runs WHERE id = ANY($1::uuid[])
    UNION ALL
    SELECT c.id, f.root FROM family f CROSS JOIN LATERAL (
      SELECT id FROM runs WHERE parent IS NOT NULL AND parent->>'run' = f.id::text OFFSET 0) c)
  SELECT id, root FROM family`;

export async function familiesOf(tx: Transaction, roots: readonly string[]): Promise<FamilyMember[]> {
  return (await tx.query<FamilyMember>({ name: 'families-of-runs', text: FAMILIES, values: [roots] })).rows;
}

// In the order of all who lock runs. $1 runs
const LOCK = `SELECT id FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`;

/** Those of them that nobody else has in hand. */
export async function lockForgettable(tx: Transaction, runs: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'lock-forgettable', text: LOCK, values: [runs] });
  return rows.map(({ id }) => id);
}

// $1 runs, $2 ended before, $3 block types whose work others hold
const NEEDED = `
  SELECT id FROM runs WHERE id = ANY($1::uuid[]) AND (ended_at IS NULL OR ended_at >= $2)
  UNION ALL SELECT rerun_of FROM runs WHERE rerun_of = ANY($1)
  UNION ALL SELECT (triggered->>'after')::uuid FROM runs
    WHERE triggered IS NOT NULL AND triggered->>'after' = ANY($1::text[])
  UNION ALL SELECT run FROM batch_items WHERE run = ANY($1)
  UNION ALL SELECT previous FROM batch_items WHERE previous = ANY($1)
  UNION ALL SELECT last_run FROM schedules WHERE last_run = ANY($1)
  UNION ALL SELECT run FROM late_costs WHERE run = ANY($1)
  UNION ALL SELECT run FROM held_runs WHERE run = ANY($1)
  UNION ALL SELECT run FROM unfinished_steps WHERE run = ANY($1)
  UNION ALL SELECT r.id FROM runs r JOIN workflow_versions v ON v.workflow = r.workflow AND v.version = r.version
    CROSS JOIN LATERAL jsonb_array_elements((v.definition->'blocks')::jsonb) AS d(block)
    JOIN blocks b ON b.run = r.id AND b.block = d.block->>'id'
    WHERE r.id = ANY($1) AND d.block->>'type' = ANY($3::text[]) AND b.done > 0`;

/** Those of them that are not over for so long, that something which is kept refers to, or whose work is published. */
export async function neededRuns(
  tx: Transaction,
  runs: readonly string[],
  { before, publishing }: { before: Date; publishing: readonly string[] },
): Promise<string[]> {
  const values = [runs, before, publishing];
  return (await tx.query<{ id: string }>({ name: 'needed-runs', text: NEEDED, values })).rows.map(
    ({ id }) => id,
  );
}

// What may be many rows is left for later. $1 runs
const FORGET = `
  WITH gone AS (DELETE FROM runs WHERE id = ANY($1::uuid[]) RETURNING id)
  INSERT INTO leftovers (run) SELECT id FROM gone`;

/** Nobody finds them any more. Their rows are left over. */
export async function forgetRuns(tx: Transaction, runs: readonly string[]): Promise<void> {
  await tx.query({ name: 'forget-runs', text: FORGET, values: [runs] });
}

// $1 run
const KEEP = `SELECT id FROM runs WHERE id = $1 FOR KEY SHARE`;

/** Keeps a run from being forgotten until the transaction is over. False: it is forgotten. */
export async function keepRun(tx: Transaction, run: string): Promise<boolean> {
  return (await tx.query({ name: 'keep-run', text: KEEP, values: [run] })).rowCount === 1;
}
