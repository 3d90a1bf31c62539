import type { Transaction } from './transaction.js';

export interface PinningRun {
  run: string;
  workflow: string;
  version: number;
  pins: Record<string, Record<string, unknown>>;
  at: Date;
}

// $1 text that the pins hold, $2 from (time), $3 from (run), $4 workflow, $5 how many
const RUNS = `SELECT id AS run, workflow, version, pins, created_at AS at FROM runs
  WHERE test_of IS NULL AND strpos(pins::text, $1) > 0 AND ($2::timestamptz IS NULL OR (created_at, id) <= ($2, $3::uuid))
    AND ($4::text IS NULL OR workflow = $4)
  ORDER BY created_at DESC, id DESC LIMIT $5`;

/** Runs that are bound to a version of it, newest first; what only tried something out gave it no real input. */
export async function runsPinning(
  tx: Transaction,
  of: { name: string; from?: { at: Date; run: string }; workflow?: string; limit: number },
): Promise<PinningRun[]> {
  const values = [of.name, of.from?.at ?? null, of.from?.run ?? null, of.workflow ?? null, of.limit];
  return (await tx.query<PinningRun>({ text: RUNS, values })).rows;
}

export interface GivenTask {
  task: string;
  run: string;
  block: string;
  key: string;
  status: string;
}

// $1 run, $2 blocks, $3 text of the key or of the run's inputs, $4 how many to pass over, $5 how many
const TASKS = `SELECT DISTINCT ON (t.block, t.ord, t.key) t.id AS task, t.run, t.block, t.key, t.status
  FROM tasks t JOIN runs r ON r.id = t.run
  WHERE t.run = $1 AND t.block = ANY($2::text[]) AND t.status IN ('done', 'failed', 'dropped', 'kept')
    AND ($3::text IS NULL OR strpos(lower(t.key), lower($3)) > 0 OR strpos(lower(r.inputs::text), lower($3)) > 0)
  ORDER BY t.block, t.ord, t.key, t.sample OFFSET $4 LIMIT $5`;

/** What blocks of a run were asked with, each input once: its samples were given the same. */
export async function endedInputs(
  tx: Transaction,
  of: { run: string; blocks: readonly string[]; find?: string; skip: number; limit: number },
): Promise<GivenTask[]> {
  const values = [of.run, of.blocks, of.find ?? null, of.skip, of.limit];
  return (await tx.query<GivenTask>({ text: TASKS, values })).rows;
}

export interface JudgedTask extends GivenTask {
  /** The least of what came of it, sample by sample. */
  score: number;
}

// $1 run, $2 block, $3 the judge below it, $4 text of the key or of the run's inputs, $5 highest score, $6 how many
const WORST = `WITH depth AS MATERIALIZED (
    SELECT cardinality(ord) AS of FROM tasks WHERE run = $1 AND block = $2 LIMIT 1
  ), judged AS MATERIALIZED (
    SELECT ord[1:(SELECT of FROM depth)] AS ord, min((value->'score')::float8) AS score
    FROM results WHERE run = $1 AND block = $3 AND jsonb_typeof(value->'score') = 'number' GROUP BY 1
  )
  SELECT * FROM (
    SELECT DISTINCT ON (t.ord, t.key) t.id AS task, t.run, t.block, t.key, t.status, judged.score
    FROM tasks t JOIN runs r ON r.id = t.run JOIN judged ON judged.ord = t.ord
    WHERE t.run = $1 AND t.block = $2 AND t.status IN ('done', 'failed', 'dropped', 'kept')
      AND ($4::text IS NULL OR strpos(lower(t.key), lower($4)) > 0 OR strpos(lower(r.inputs::text), lower($4)) > 0)
      AND ($5::float8 IS NULL OR judged.score <= $5)
    ORDER BY t.ord, t.key, t.sample
  ) inputs ORDER BY score, key LIMIT $6`;

/** Inputs of one block with what a judge below made of their answers, the worst first. */
export async function worstInputs(
  tx: Transaction,
  of: {
    run: string;
    block: string;
    judge: string;
    find: string | undefined;
    maxScore: number | undefined;
    limit: number;
  },
): Promise<JudgedTask[]> {
  const values = [of.run, of.block, of.judge, of.find ?? null, of.maxScore ?? null, of.limit];
  return (await tx.query<JudgedTask>({ text: WORST, values })).rows;
}
