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
  /** By itself, a run inside a test and a rerun of what is not published are tests too. */
  readonly testOf?: 'block';
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
    triggered, test_of)
  SELECT id, workflow, version, 'running', inputs, lineage, 0, "deadlineAt", "idempotencyKey", "requestHash", $2, pins,
    (rerun->>'of')::uuid, rerun->>'from', rerun->>'key', rerun->'edits', parent, traceparent, "tracedBy", "startedBy",
    triggered,
    coalesce("testOf", (SELECT above.test_of FROM runs above WHERE above.id = (r.parent->>'run')::uuid),
      (SELECT coalesce(before.test_of, 'draft') FROM workflow_versions v LEFT JOIN runs before ON before.id = (r.rerun->>'of')::uuid
        WHERE v.workflow = r.workflow AND v.version = r.version AND NOT v.published))
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, workflow text, version integer, inputs jsonb, lineage uuid,
    "deadlineAt" timestamptz, "idempotencyKey" text, "requestHash" text, pins jsonb, rerun jsonb, parent jsonb, traceparent text,
    "tracedBy" text, "startedBy" text, triggered jsonb, "testOf" text)
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
  /** false: `version` is a draft as it was then, which no list of versions has. */
  published: boolean;
  status: string;
  /** It goes on, and all that it waits for are decisions of people. */
  awaitsReview: boolean;
  /** It only tried something out: a block by itself, or what was not published; null: it did not. */
  testOf: 'block' | 'draft' | null;
  reason: string | null;
  inputs: Record<string, unknown>;
  createdAt: Date;
  endedAt: Date | null;
}

const SUMMARY = `id, workflow, version,
  coalesce((SELECT v.published FROM workflow_versions v WHERE v.workflow = runs.workflow AND v.version = runs.version), false)
    AS published, status, status = 'running' AND awaits_review(id) AS "awaitsReview",
  test_of AS "testOf", reason, inputs,
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
  /** One of these; `active`: whatever has not ended. */
  readonly status?: readonly string[];
  readonly endedSince?: Date;
  readonly awaitsReview?: boolean;
  /** Absent: all runs. */
  readonly areTests?: boolean;
}

// Newest first. $1 workflow, $2 statuses, $3 before (time), $4 before (id), $5 how many, $6 ended since, $7 awaits review,
// $8 are tests
const MATCHING = `FROM runs
  WHERE ($1::text IS NULL OR workflow = $1)
    AND ($2::text[] IS NULL OR status = ANY($2) OR ('active' = ANY($2) AND ended_at IS NULL))
    AND ($6::timestamptz IS NULL OR ended_at >= $6)
    AND ($7::boolean IS NULL OR (status = 'running' AND awaits_review(id)) = $7)
    AND ($8::boolean IS NULL OR (test_of IS NOT NULL) = $8)
    AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
  ORDER BY created_at DESC, id DESC LIMIT $5`;
const LIST = `SELECT ${SUMMARY} ${MATCHING}`;
const NAMES = `SELECT id, status ${MATCHING}`;

export async function listRuns(
  tx: Transaction,
  of: RunFilters & { before?: { at: Date; id: string }; limit: number },
): Promise<RunSummary[]> {
  return (await tx.query<RunSummary>({ text: LIST, values: matching(of) })).rows;
}

export interface MatchingRun {
  id: string;
  status: string;
}

/** As `listRuns`, without what they are about. */
export async function listMatchingRuns(
  tx: Transaction,
  of: RunFilters & { limit: number },
): Promise<MatchingRun[]> {
  return (await tx.query<MatchingRun>({ text: NAMES, values: matching(of) })).rows;
}

function matching(of: RunFilters & { before?: { at: Date; id: string }; limit: number }): unknown[] {
  const { workflow, status, before, limit, endedSince, awaitsReview, areTests } = of;
  return [
    ...[workflow ?? null, status ?? null, before?.at ?? null, before?.id ?? null, limit],
    ...[endedSince ?? null, awaitsReview ?? null, areTests ?? null],
  ];
}

export interface RunCounts {
  active: number;
  completed: number;
  partial: number;
  failed: number;
  cancelled: number;
}

// Without tests. Those that go on by the index of open runs, the others by the time of their end. $1 ended since
const COUNTS = `
  SELECT (SELECT count(*)::int FROM runs WHERE ended_at IS NULL AND test_of IS NULL) AS active,
    count(*) FILTER (WHERE status = 'completed')::int AS completed, count(*) FILTER (WHERE status = 'partial')::int AS partial,
    count(*) FILTER (WHERE status = 'failed')::int AS failed, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled
  FROM runs WHERE ended_at IS NOT NULL AND ended_at >= COALESCE($1::timestamptz, '-infinity') AND test_of IS NULL`;

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

// By block, then in payload order. $1 run, $2 block, $3 statuses, $4 words of the key in small letters,
// $5-$8 after (block, order, key, sample), $9 how many
const TASKS = `SELECT id, block, key, sample, ${SHOWN} AS status, attempt, error, begun_at AS "begunAt", ${SHOWN_END} AS "endedAt", ord
  FROM tasks
  WHERE run = $1 AND ($2::text IS NULL OR block = $2) AND ($3::text[] IS NULL OR ${SHOWN} = ANY($3))
    AND NOT EXISTS (SELECT FROM unnest($4::text[]) AS word WHERE position(word IN lower(key)) = 0)
    AND ($5::text IS NULL OR (block, ord, key, sample) > ($5, $6::int[], $7::text, $8::int))
  ORDER BY block, ord, key, sample LIMIT $9`;

export async function listTasks(
  tx: Transaction,
  of: {
    run: string;
    block?: string;
    status?: readonly string[];
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
