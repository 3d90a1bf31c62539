import type { Transaction } from './transaction.js';

// Two that sweep take different ones.
const TAKE = `SELECT run FROM leftovers ORDER BY run LIMIT 1 FOR UPDATE SKIP LOCKED`;

/** A run that is forgotten and has rows left; undefined: none, or others have them in hand. */
export async function takeLeftover(tx: Transaction): Promise<string | undefined> {
  return (await tx.query<{ run: string }>({ name: 'take-leftover', text: TAKE })).rows[0]?.run;
}

// What is told of a task goes with it. $1 run, $2 how many
const TASKS = `
  WITH gone AS (
    DELETE FROM tasks WHERE id = ANY(ARRAY(SELECT id FROM tasks WHERE run = $1 LIMIT $2)) RETURNING id),
  tries AS (DELETE FROM attempts WHERE task IN (SELECT id FROM gone)),
  reasons AS (DELETE FROM not_picked WHERE task IN (SELECT id FROM gone)),
  decisions AS (DELETE FROM reviews WHERE task IN (SELECT id FROM gone))
  SELECT count(*)::int AS rows FROM gone`;

// $1 run, $2 how many
const RESULTS = `DELETE FROM results WHERE ctid = ANY(ARRAY(SELECT ctid FROM results WHERE run = $1 LIMIT $2))`;

// $1 run, $2 how many
const WAITING = `DELETE FROM waiting WHERE ctid = ANY(ARRAY(SELECT ctid FROM waiting WHERE run = $1 LIMIT $2))`;

// $1 run, $2 how many
const GROUPS = `DELETE FROM groups WHERE ctid = ANY(ARRAY(SELECT ctid FROM groups WHERE run = $1 LIMIT $2))`;

/** Removes so many rows of each kind. Returns whether any may be left. */
export async function removeRows(tx: Transaction, run: string, most: number): Promise<boolean> {
  const values = [run, most];
  const { rows } = await tx.query<{ rows: number }>({ name: 'remove-left-tasks', text: TASKS, values });
  const removed = [rows[0]!.rows];
  for (const [name, text] of Object.entries({ results: RESULTS, waiting: WAITING, groups: GROUPS }))
    removed.push((await tx.query({ name: `remove-${name}`, text, values })).rowCount ?? 0);
  return removed.some((count) => count === most);
}

// $1 run
const LAST = `
  WITH counters AS (DELETE FROM more_counts WHERE run = $1),
  pieces AS (DELETE FROM expansions WHERE run = $1),
  history AS (DELETE FROM run_transitions WHERE run = $1)
  DELETE FROM leftovers WHERE run = $1`;

/** The last of it. */
export async function removeLeftover(tx: Transaction, run: string): Promise<void> {
  await tx.query({ name: 'remove-leftover', text: LAST, values: [run] });
}
