import { storableJson } from '@duofactory/contracts';
import type { NewTask, ResultRow, WaitingRow } from '@duofactory/engine';
import { given } from './given.js';
import type { WriteTransaction } from './transaction.js';

/** PostgreSQL's text form of an integer array: an array of arrays must be rectangular, a text of each need not be. */
const vector = (ord: readonly number[]): string => `{${ord.join(',')}}`;

const MOST_ROWS = 1000;

export type OfRun<Row> = Row & { readonly run: string };

// $1 runs, $2 blocks, $3 keys, $4 order vectors, $5 states, $6 values, $7 refs
const RESULTS = `
  INSERT INTO results (run, block, key, ord, state, value, ref)
  SELECT r.run, r.block, r.key, r.ord::int[], r.state, r.value, r.ref
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[])
    AS r(run, block, key, ord, state, value, ref)`;

export function insertResults(tx: WriteTransaction, rows: readonly OfRun<ResultRow>[]): Promise<void> {
  return inSlices(tx, rows, { name: 'insert-results', text: RESULTS, valuesOf: resultValues });
}

function resultValues(rows: readonly OfRun<ResultRow>[]): unknown[] {
  return [
    rows.map((row) => row.run),
    rows.map((row) => row.block),
    rows.map((row) => row.key),
    rows.map((row) => vector(row.ord)),
    rows.map((row) => row.state),
    rows.map((row) => (row.ref === undefined ? storableJson(row.value) : null)),
    given(rows.map((row) => (row.ref === undefined ? null : storableJson(row.ref)))),
  ];
}

export type BornTask = OfRun<Omit<NewTask, 'status'>> & {
  readonly status: NonNullable<NewTask['status']> | 'ready' | 'requested';
  readonly dueAt: Date | null;
  readonly deadlineAt: Date | null;
};

// A task that is requested at once is born so: no second write.
// $1 ids, $2 runs, $3 blocks, $4 keys, $5 order vectors, $6 samples, $7 statuses, $8 now, $9 due times, $10 sizes of lists, $11 errors, $12 deadlines
const TASKS = `
  INSERT INTO tasks (id, run, block, key, ord, sample, status, attempt, created_at, requested_at, due_at, payloads,
    error, deadline_at, ended_at)
  SELECT t.id, t.run, t.block, t.key, t.ord::int[], t.sample, t.status,
         CASE WHEN t.status = 'requested' THEN 1 ELSE 0 END, $8,
         CASE WHEN t.status = 'requested' THEN $8::timestamptz END, t.due_at, t.payloads, t.error, t.deadline_at,
         CASE WHEN t.status IN ('failed', 'dropped', 'kept') THEN $8::timestamptz END
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $9::timestamptz[],
    $10::int[], $11::jsonb[], $12::timestamptz[])
    AS t(id, run, block, key, ord, sample, status, due_at, payloads, error, deadline_at)`;

export function insertTasks(tx: WriteTransaction, rows: readonly BornTask[], now: Date): Promise<void> {
  const valuesOf = (some: readonly BornTask[]): unknown[] => taskValues(some, now);
  return inSlices(tx, rows, { name: 'insert-tasks', text: TASKS, valuesOf });
}

function taskValues(rows: readonly BornTask[], now: Date): unknown[] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => row.run),
    rows.map((row) => row.block),
    rows.map((row) => row.key),
    rows.map((row) => vector(row.ord)),
    rows.map((row) => row.sample),
    rows.map((row) => row.status),
    now,
    rows.map((row) => row.dueAt),
    given(rows.map((row) => row.payloads ?? null)),
    given(rows.map((row) => (row.error === undefined ? null : storableJson(row.error)))),
    given(rows.map((row) => row.deadlineAt)),
  ];
}

// $1 runs, $2 blocks, $3 groups, $4 needs, $5 keys, $6 order vectors
const WAITING = `
  INSERT INTO waiting (run, block, "group", need, key, ord)
  SELECT w.run, w.block, w."group", w.need, w.key, w.ord::int[]
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    AS w(run, block, "group", need, key, ord)`;

export function insertWaiting(tx: WriteTransaction, rows: readonly OfRun<WaitingRow>[]): Promise<void> {
  return inSlices(tx, rows, { name: 'insert-waiting', text: WAITING, valuesOf: waitingValues });
}

function waitingValues(rows: readonly OfRun<WaitingRow>[]): unknown[] {
  return [
    rows.map((row) => row.run),
    rows.map((row) => row.block),
    rows.map((row) => row.group),
    rows.map((row) => row.need),
    rows.map((row) => row.key),
    rows.map((row) => vector(row.ord)),
  ];
}

/** Sent along with what follows; a set that is larger than that goes piece by piece, so that its text is never held as a whole. */
async function inSlices<Row>(
  tx: WriteTransaction,
  rows: readonly Row[],
  { valuesOf, ...statement }: { name: string; text: string; valuesOf: (rows: readonly Row[]) => unknown[] },
): Promise<void> {
  if (rows.length === 0) return;
  if (rows.length <= MOST_ROWS) {
    tx.send({ ...statement, values: valuesOf(rows) });
    return;
  }
  for (let at = 0; at < rows.length; at += MOST_ROWS)
    await tx.query({ ...statement, values: valuesOf(rows.slice(at, at + MOST_ROWS)) });
}
