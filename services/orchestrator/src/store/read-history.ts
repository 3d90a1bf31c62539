import type { Transaction } from './transaction.js';

export interface HistoryRow {
  readonly at: Date;
  /** With the next: what comes first of what happened at one time. */
  readonly rank: number;
  readonly place: number;
  readonly name: string;
  readonly nth: number;
  readonly id: number;
  readonly what: string;
  readonly block: string;
  readonly key: string;
  readonly task: string | null;
  readonly sample: number | null;
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly cause: Readonly<Record<string, unknown>> | null;
}

export type HistoryPosition = Pick<HistoryRow, 'at' | 'rank' | 'place' | 'name' | 'nth' | 'id'>;

// All that the rows of tasks, attempts, groups and reviews tell, in time; at one time in plan order, and of a task in the
// order of its life. For a person who looks, not for the hot path: it reads what there is of the run, or of one of its
// blocks, keys or tasks.
// $1 run, $2 block, $3 key, $4 task, $5-$10 after: time, rank, place, name, nth, id, $11 how many, $12 blocks in plan order
const HISTORY = `
  WITH t AS (
    SELECT * FROM tasks WHERE run = $1 AND ($2::text IS NULL OR block = $2) AND ($3::text IS NULL OR key = $3)
      AND ($4::uuid IS NULL OR id = $4)
  ), a AS (
    SELECT t.block, t.key, t.sample, t.attempt AS latest, t.requested_at AS "out",
      CASE WHEN a.outcome = 'failed' AND a.settled AND (a.attempt < t.attempt OR t.status = 'backoff')
        THEN coalesce(CASE WHEN t.status = 'backoff' AND a.attempt = t.attempt THEN t.due_at END,
          lead(a.requested_at) OVER (PARTITION BY t.id ORDER BY a.id), t.requested_at)
        END AS again,
      row_number() OVER (PARTITION BY t.id, a.attempt ORDER BY a.begun_at IS NULL, a.id) AS told, a.*
    FROM t CROSS JOIN LATERAL (SELECT * FROM all_attempts WHERE task = t.id) a
  ), happened (at, rank, nth, what, block, key, task, sample, attempt, worker, id, cause) AS (
    SELECT created_at, 0, 0, 'started', '', '', NULL::uuid, NULL::int, NULL::int, NULL, 0::bigint,
      jsonb_strip_nulls(jsonb_build_object('rerunOf', rerun_of, 'from', rerun_from, 'key', rerun_key, 'parent', parent, 'by', started_by,
        'trigger', triggered->'trigger', 'after', triggered->'after'))
    FROM runs WHERE id = $1 AND coalesce($2, $3, $4::text) IS NULL
    UNION ALL
    SELECT at, CASE WHEN status = 'running' THEN 1 WHEN was = 'stopping' THEN 4 ELSE 3 END, 0,
      CASE WHEN status = 'running' AND was = 'paused' THEN 'resumed' WHEN status = 'running' THEN 'retried'
        WHEN status = 'stopping' AND cause LIKE 'Cancelled: %' THEN 'cancelled' WHEN status = 'stopping' THEN 'stopping'
        WHEN status = 'paused' THEN 'paused' ELSE 'ended' END,
      '', '', NULL, NULL, NULL, NULL, id, jsonb_strip_nulls(jsonb_build_object('status', status, 'reason', cause, 'by', given_by))
    FROM run_transitions WHERE run = $1 AND coalesce($2, $3, $4::text) IS NULL
    UNION ALL
    SELECT ended_at, 4, 0, 'ended', '', '', NULL, NULL, NULL, NULL, 0,
      jsonb_strip_nulls(jsonb_build_object('status', status, 'reason', reason))
    FROM runs WHERE id = $1 AND ended_at IS NOT NULL AND coalesce($2, $3, $4::text) IS NULL
    UNION ALL
    SELECT fired_at, 2, 0, 'group-fired', block, key, NULL, NULL, NULL, NULL, 0, jsonb_build_object('round', round)
    FROM groups WHERE run = $1 AND fired_at IS NOT NULL AND ($2::text IS NULL OR block = $2)
      AND ($3::text IS NULL OR key = $3) AND $4::uuid IS NULL
    UNION ALL
    SELECT created_at, 2, 0, 'made', block, key, id, sample, NULL, NULL, 0, NULL FROM t
    UNION ALL
    SELECT requested_at, 2, attempt * 10 + 1, 'requested', block, key, id, sample, attempt, NULL, 0, NULL FROM t
      WHERE requested_at IS NOT NULL
    UNION ALL
    SELECT requested_at, 2, attempt * 10 + 1, 'requested', block, key, task, sample, attempt, NULL, 0, NULL FROM a
      WHERE requested_at IS NOT NULL AND (attempt < latest OR "out" IS NULL)
    UNION ALL
    SELECT begun_at, 2, attempt * 10 + 2, 'begun', block, key, task, sample, attempt, worker, id, NULL FROM a
      WHERE begun_at IS NOT NULL AND told = 1
    UNION ALL
    SELECT begun_at, 2, attempt * 10 + 2, 'begun', block, key, id, sample, attempt, worker, 0, NULL FROM t
      WHERE begun_at >= requested_at AND status = 'requested'
    UNION ALL
    SELECT v.created_at, 2, v.attempt * 10 + 3, 'review-asked', v.block, v.key, v.task, t.sample, v.attempt, NULL, 0,
      jsonb_build_object('assignees', v.assignees, 'dueAt', v.due_at)
    FROM t JOIN reviews v ON v.task = t.id
    UNION ALL
    SELECT t.ended_at, 2, v.attempt * 10 + 4, 'review-decided', v.block, v.key, v.task, t.sample, v.attempt,
      v.decision->>'by', 0, v.decision || jsonb_build_object('status', v.status)
    FROM t JOIN reviews v ON v.task = t.id WHERE v.decision IS NOT NULL AND t.ended_at IS NOT NULL
    UNION ALL
    SELECT at, 2, attempt * 10 + 5,
      CASE WHEN outcome = 'lost' THEN 'lost' WHEN NOT settled THEN 'ignored'
        WHEN outcome = 'completed' THEN 'succeeded' WHEN error ? 'hold' THEN 'held' ELSE 'failed' END,
      block, key, task, sample, attempt, worker, id,
      coalesce(error, '{}') || jsonb_strip_nulls(jsonb_build_object('usage', usage))
    FROM a
    UNION ALL
    SELECT at, 2, attempt * 10 + 6, 'backed-off', block, key, task, sample, attempt, NULL, id,
      jsonb_build_object('until', again)
    FROM a WHERE again IS NOT NULL
    UNION ALL
    SELECT ended_at, 2, attempt * 10 + 7,
      CASE WHEN error->>'code' IN ('deadline-exceeded', 'review-expired') THEN 'expired'
        WHEN reused_from IS NOT NULL THEN 'reused' WHEN status = 'failed' THEN 'gave-up' ELSE status END,
      block, key, id, sample, NULL, NULL, 0, CASE WHEN reused_from IS NOT NULL THEN
        jsonb_build_object('task', reused_from, 'inputHash', input_hash)
        ELSE coalesce(error, '{}') || jsonb_build_object('status', status) END
    FROM t WHERE ended_at IS NOT NULL AND (reused_from IS NOT NULL OR status IN ('failed', 'dropped', 'kept'))
  ), named AS (
    SELECT *, key || ' ' || coalesce(sample::text, '') || coalesce(task::text, '') AS name, coalesce(array_position($12::text[], block), 0) AS place FROM happened
  )
  SELECT at, rank, place, name, nth, id::float8 AS id, what, block, key, task, sample, attempt, worker, cause FROM named
  WHERE $5::timestamptz IS NULL
    OR (at, rank, place, name, nth, id) > ($5, $6::int, $7::int, $8::text, $9::int, $10::float8)
  ORDER BY at, rank, place, name, nth, id LIMIT $11`;

export async function readHistory(
  tx: Transaction,
  of: {
    readonly run: string;
    readonly block: string | undefined;
    readonly key: string | undefined;
    readonly task: string | undefined;
    readonly after: HistoryPosition | undefined;
    readonly limit: number;
    /** In plan order. */
    readonly blocks: readonly string[];
  },
): Promise<HistoryRow[]> {
  const { run, block, key, task, after, limit, blocks } = of;
  const values = [
    ...[run, block ?? null, key ?? null, task ?? null],
    ...[after?.at ?? null, after?.rank ?? null, after?.place ?? null],
    ...[after?.name ?? null, after?.nth ?? null, after?.id ?? null, limit, blocks],
  ];
  return (await tx.query<HistoryRow>({ text: HISTORY, values })).rows;
}
