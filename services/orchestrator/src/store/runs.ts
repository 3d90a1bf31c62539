import { storableJson } from '@duofactory/contracts';
import type { ParentTask } from './children.js';
import type { EditedResult } from './run-origin.js';
import type { Transaction } from './transaction.js';
import type { Triggered } from './triggered-runs.js';

export interface NewRun {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly inputs: unknown;
  readonly lineage: string;
  readonly deadlineAt: Date | null;
  readonly idempotencyKey: string | null;
  readonly requestHash: string;
  readonly pins: unknown;
  readonly parent?: ParentTask;
  readonly traceparent: string | null;
  readonly tracedBy: string | null;
  /** Who asked for it, where it was a person. */
  readonly startedBy?: string;
  readonly triggered?: Triggered;
  readonly rerun?: {
    readonly of: string;
    readonly from: string | null;
    readonly key: string | null;
    readonly edits?: readonly EditedResult[];
  };
}

// $1 rows as JSON, $2 now
const INSERT = `
  INSERT INTO runs (id, workflow, version, status, inputs, lineage, open_work, deadline_at, idempotency_key, request_hash,
    created_at, pins, rerun_of, rerun_from, rerun_key, rerun_edits, parent, traceparent, traced_by, started_by,
    triggered)
  SELECT id, workflow, version, 'running', inputs, lineage, 0, "deadlineAt", "idempotencyKey", "requestHash", $2, pins,
    (rerun->>'of')::uuid, rerun->>'from', rerun->>'key', rerun->'edits', parent, traceparent, "tracedBy", "startedBy",
    triggered
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, workflow text, version integer, inputs jsonb, lineage uuid,
    "deadlineAt" timestamptz, "idempotencyKey" text, "requestHash" text, pins jsonb, rerun jsonb, parent jsonb, traceparent text,
    "tracedBy" text, "startedBy" text, triggered jsonb)
  ON CONFLICT DO NOTHING RETURNING id`;

/** Those that were not there yet. */
export async function insertRuns(tx: Transaction, runs: readonly NewRun[], now: Date): Promise<Set<string>> {
  const values = [storableJson(runs), now];
  const { rows } = await tx.query<{ id: string }>({ name: 'insert-runs', text: INSERT, values });
  return new Set(rows.map(({ id }) => id));
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

// $1 keys
const BY_KEY = `SELECT id, idempotency_key AS key, request_hash AS "requestHash" FROM runs WHERE idempotency_key = any($1::text[])`;

export async function findRunsByIdempotencyKey(
  tx: Transaction,
  keys: readonly string[],
): Promise<{ id: string; key: string; requestHash: string }[]> {
  const { rows } = await tx.query<{ id: string; key: string; requestHash: string }>({
    name: 'runs-by-key',
    text: BY_KEY,
    values: [keys],
  });
  return rows;
}

export interface RunSummary {
  id: string;
  workflow: string;
  version: number;
  status: string;
  /** It goes on, and all that it waits for are decisions of people. */
  awaitsReview: boolean;
  reason: string | null;
  inputs: Record<string, unknown>;
  createdAt: Date;
  endedAt: Date | null;
}

const SUMMARY = `id, workflow, version, status, status = 'running' AND awaits_review(id) AS "awaitsReview", reason, inputs,
  created_at AS "createdAt", ended_at AS "endedAt"`;

export async function readRun(tx: Transaction, id: string): Promise<RunSummary | undefined> {
  const { rows } = await tx.query<RunSummary>({
    text: `SELECT ${SUMMARY} FROM runs WHERE id = $1`,
    values: [id],
  });
  return rows[0];
}

export interface RunFilters {
  readonly workflow?: string;
  /** `active`: whatever has not ended. */
  readonly status?: string;
  readonly endedSince?: Date;
  readonly awaitsReview?: boolean;
}

// Newest first. $1 workflow, $2 status, $3 before (time), $4 before (id), $5 how many, $6 ended since, $7 awaits review
const LIST = `SELECT ${SUMMARY} FROM runs
  WHERE ($1::text IS NULL OR workflow = $1)
    AND ($2::text IS NULL OR status = $2 OR ($2 = 'active' AND ended_at IS NULL))
    AND ($6::timestamptz IS NULL OR ended_at >= $6)
    AND ($7::boolean IS NULL OR (status = 'running' AND awaits_review(id)) = $7)
    AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;

export async function listRuns(
  tx: Transaction,
  of: RunFilters & { before?: { at: Date; id: string }; limit: number },
): Promise<RunSummary[]> {
  const values = [
    of.workflow ?? null,
    of.status ?? null,
    of.before?.at ?? null,
    of.before?.id ?? null,
    of.limit,
    of.endedSince ?? null,
    of.awaitsReview ?? null,
  ];
  return (await tx.query<RunSummary>({ text: LIST, values })).rows;
}

export interface RunCounts {
  active: number;
  completed: number;
  partial: number;
  failed: number;
  cancelled: number;
}

// Those that go on by the index of open runs, the others by the time of their end. $1 ended since
const COUNTS = `
  SELECT (SELECT count(*)::int FROM runs WHERE ended_at IS NULL) AS active,
    count(*) FILTER (WHERE status = 'completed')::int AS completed, count(*) FILTER (WHERE status = 'partial')::int AS partial,
    count(*) FILTER (WHERE status = 'failed')::int AS failed, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled
  FROM runs WHERE ended_at IS NOT NULL AND ended_at >= COALESCE($1::timestamptz, '-infinity')`;

export async function countRuns(tx: Transaction, since: Date | undefined): Promise<RunCounts> {
  const { rows } = await tx.query<RunCounts>({ name: 'count-runs', text: COUNTS, values: [since ?? null] });
  return rows[0]!;
}

export interface ResultPageRow {
  key: string;
  state: string;
  value: unknown;
  ref: unknown;
  ord: number[];
}

// In payload order. $1 run, $2 block, $3 after (order), $4 after (key), $5 how many, $6 key of one, or of those below it
const RESULTS = `SELECT key, state, value, ref, ord FROM results
  WHERE run = $1 AND block = $2 AND ($3::int[] IS NULL OR (ord, key) > ($3::int[], $4::text))
    AND ($6::text IS NULL OR key = $6 OR starts_with(key, $6 || '/'))
  ORDER BY ord, key LIMIT $5`;

export async function listResults(
  tx: Transaction,
  of: { run: string; block: string; after?: { ord: number[]; key: string }; limit: number; key?: string },
): Promise<ResultPageRow[]> {
  const after = of.after ? `{${of.after.ord.join(',')}}` : null;
  const values = [of.run, of.block, after, of.after?.key ?? null, of.limit, of.key ?? null];
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
  /** null: no service has said that it works on it. */
  begunAt: Date | null;
  endedAt: Date | null;
  ord: number[];
}

export interface TaskPosition {
  readonly block: string;
  readonly ord: readonly number[];
  readonly key: string;
  readonly sample: number;
}

// A task whose payloads are still being made is not done yet, and goes on.
const SHOWN = `CASE status WHEN 'expanding' THEN 'requested' ELSE status END`;
const SHOWN_END = `CASE WHEN status <> 'expanding' THEN ended_at END`;

// By block, then in payload order. $1 run, $2 block, $3 status, $4 words of the key in small letters,
// $5-$8 after (block, order, key, sample), $9 how many
const TASKS = `SELECT id, block, key, sample, ${SHOWN} AS status, attempt, error, begun_at AS "begunAt", ${SHOWN_END} AS "endedAt", ord
  FROM tasks
  WHERE run = $1 AND ($2::text IS NULL OR block = $2) AND ($3::text IS NULL OR ${SHOWN} = $3)
    AND NOT EXISTS (SELECT FROM unnest($4::text[]) AS word WHERE position(word IN lower(key)) = 0)
    AND ($5::text IS NULL OR (block, ord, key, sample) > ($5, $6::int[], $7::text, $8::int))
  ORDER BY block, ord, key, sample LIMIT $9`;

export async function listTasks(
  tx: Transaction,
  of: {
    run: string;
    block?: string;
    status?: string;
    words: readonly string[];
    after?: TaskPosition;
    limit: number;
  },
): Promise<TaskListRow[]> {
  const { run, block, status, words, after, limit } = of;
  const from = after
    ? [after.block, `{${after.ord.join(',')}}`, after.key, after.sample]
    : [null, null, null, null];
  const values = [run, block ?? null, status ?? null, words, ...from, limit];
  return (await tx.query<TaskListRow>({ text: TASKS, values })).rows;
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
