import type { Transaction } from './transaction.js';

const RUNS = `SELECT status, count(*)::int AS runs FROM runs WHERE ended_at IS NULL GROUP BY status`;

export async function countOpenRuns(tx: Transaction): Promise<{ status: string; runs: number }[]> {
  return (await tx.query<{ status: string; runs: number }>({ name: 'count-open-runs', text: RUNS })).rows;
}

/** Of one block of one version, over all runs that have not ended. */
export interface OpenTasks {
  workflow: string;
  version: number;
  block: string;
  ready: number;
  requested: number;
  /** Neither: an expression is evaluated, or a back-off goes on. */
  held: number;
}

// The counters of the blocks, not the tasks: as many rows as open runs have blocks.
const TASKS = `
  SELECT r.workflow, r.version, b.block, sum(b.ready)::int AS ready, sum(b.requested)::int AS requested,
    sum(greatest(b.tasks - b.done - b.failed - b.ready - b.requested, 0))::int AS held
  FROM runs r JOIN blocks b ON b.run = r.id
  WHERE r.ended_at IS NULL AND NOT b.closed
  GROUP BY r.workflow, r.version, b.block`;

export async function countOpenTasks(tx: Transaction): Promise<OpenTasks[]> {
  return (await tx.query<OpenTasks>({ name: 'count-open-tasks', text: TASKS })).rows;
}

const LETTERS = `SELECT count(*)::int AS letters
  FROM (SELECT FROM dead_letters WHERE redriven_at IS NULL LIMIT 10000) AS counted`;

/** Dead letters that wait for someone, up to 10,000. */
export async function countLetters(tx: Transaction): Promise<number> {
  const { rows } = await tx.query<{ letters: number }>({ name: 'count-letters', text: LETTERS });
  return rows[0]!.letters;
}

/** For the spec that looks at their plans. */
export const FIGURES = { RUNS, TASKS, LETTERS };
