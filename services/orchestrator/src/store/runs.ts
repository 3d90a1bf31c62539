import type { Transaction } from './transaction.js';

// $1 id, $2 workflow, $3 version, $4 inputs, $5 lineage, $6 deadline, $7 key, $8 request hash, $9 now, $10 pins,
// $11 rerun of, $12 from block, $13 under key
const INSERT = `
  INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, deadline_at, idempotency_key, request_hash,
    created_at, pins, rerun_of, rerun_from, rerun_key)
  VALUES ($1, $2, $3, 'running', $4, $5, 0, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`;

export async function insertRun(
  tx: Transaction,
  run: {
    id: string;
    workflow: string;
    version: number;
    inputs: unknown;
    lineage: string;
    deadlineAt: Date | null;
    idempotencyKey: string | null;
    requestHash: string;
    now: Date;
    pins: unknown;
    rerun?: { readonly of: string; readonly from: string | null; readonly key: string | null };
  },
): Promise<boolean> {
  const values = [
    run.id,
    run.workflow,
    run.version,
    JSON.stringify(run.inputs),
    run.lineage,
    run.deadlineAt,
    run.idempotencyKey,
    run.requestHash,
    run.now,
    JSON.stringify(run.pins),
    run.rerun?.of ?? null,
    run.rerun?.from ?? null,
    run.rerun?.key ?? null,
  ];
  return (await tx.query({ name: 'insert-run', text: INSERT, values })).rowCount === 1;
}

export interface ReusableRun {
  id: string;
  workflow: string;
  version: number;
  status: string;
  inputs: Record<string, unknown>;
  pins: Record<string, Record<string, unknown>>;
  lineage: string;
}

// $1 ids
const REUSABLE = `SELECT id, workflow, version, status, inputs, pins, lineage FROM runs WHERE id = ANY($1::uuid[])`;

/** What tasks of these runs were made from. */
export async function readRunsToReuse(tx: Transaction, ids: readonly string[]): Promise<ReusableRun[]> {
  return (await tx.query<ReusableRun>({ name: 'read-reusable', text: REUSABLE, values: [ids] })).rows;
}

// $1 key
const BY_KEY = `SELECT id, request_hash AS "requestHash" FROM runs WHERE idempotency_key = $1`;

export async function findRunByIdempotencyKey(
  tx: Transaction,
  key: string,
): Promise<{ id: string; requestHash: string } | undefined> {
  const { rows } = await tx.query<{ id: string; requestHash: string }>({ text: BY_KEY, values: [key] });
  return rows[0];
}

export interface RunSummary {
  id: string;
  workflow: string;
  version: number;
  status: string;
  reason: string | null;
  inputs: Record<string, unknown>;
  createdAt: Date;
  endedAt: Date | null;
}

const SUMMARY = `id, workflow, version, status, reason, inputs, created_at AS "createdAt", ended_at AS "endedAt"`;

export async function readRun(tx: Transaction, id: string): Promise<RunSummary | undefined> {
  const { rows } = await tx.query<RunSummary>({
    text: `SELECT ${SUMMARY} FROM runs WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}

// Newest first. $1 workflow, $2 status, $3 before (time), $4 before (id), $5 how many
const LIST = `SELECT ${SUMMARY} FROM runs
  WHERE ($1::text IS NULL OR workflow = $1) AND ($2::text IS NULL OR status = $2)
    AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;

export async function listRuns(
  tx: Transaction,
  of: { workflow?: string; status?: string; before?: { at: Date; id: string }; limit: number },
): Promise<RunSummary[]> {
  const values = [
    of.workflow ?? null,
    of.status ?? null,
    of.before?.at ?? null,
    of.before?.id ?? null,
    of.limit,
  ];
  return (await tx.query<RunSummary>({ text: LIST, values })).rows;
}

export interface ResultPageRow {
  key: string;
  state: string;
  value: unknown;
  ref: unknown;
  ord: number[];
}

// In payload order. $1 run, $2 block, $3 after (order), $4 after (key), $5 how many
const RESULTS = `SELECT key, state, value, ref, ord FROM results
  WHERE run = $1 AND block = $2 AND ($3::int[] IS NULL OR (ord, key) > ($3::int[], $4::text))
  ORDER BY ord, key LIMIT $5`;

export async function listResults(
  tx: Transaction,
  of: { run: string; block: string; after?: { ord: number[]; key: string }; limit: number },
): Promise<ResultPageRow[]> {
  const after = of.after ? `{${of.after.ord.join(',')}}` : null;
  const values = [of.run, of.block, after, of.after?.key ?? null, of.limit];
  return (await tx.query<ResultPageRow>({ text: RESULTS, values })).rows;
}

export interface TaskListRow {
  id: string;
  block: string;
  key: string;
  sample: number;
  status: string;
  attempt: number;
  error: unknown;
}

// $1 run, $2 block
const TASKS = `SELECT id, block, key, sample, status, attempt, error FROM tasks
  WHERE run = $1 AND ($2::text IS NULL OR block = $2) ORDER BY block, ord, sample LIMIT 1000`;

export async function listTasks(tx: Transaction, run: string, block?: string): Promise<TaskListRow[]> {
  return (await tx.query<TaskListRow>({ text: TASKS, values: [run, block ?? null] })).rows;
}

// $1 task
const TASK = `SELECT t.id, t.run, t.block, t.key, t.sample, r.workflow, r.version FROM tasks t JOIN runs r ON r.id = t.run WHERE t.id = $1`;

export async function readTask(
  tx: Transaction,
  id: string,
): Promise<
  | { id: string; run: string; block: string; key: string; sample: number; workflow: string; version: number }
  | undefined
> {
  const { rows } = await tx.query<{
    id: string;
    run: string;
    block: string;
    key: string;
    sample: number;
    workflow: string;
    version: number;
  }>({ text: TASK, values: [id] });
  return rows[0];
}
