import { storableJson } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

/** What becomes of runs for inputs that have been run before: run all, skip those done, or run only those that failed. */
export type Existing = 'all' | 'skip' | 'failed';
export type BatchStatus = 'running' | 'paused' | 'stopping' | 'completed' | 'partial' | 'cancelled';
export type ItemStatus = 'waiting' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled' | 'skipped';

export interface NewBatch {
  readonly id: string;
  readonly name: string | null;
  readonly workflow: string;
  readonly version: number;
  readonly concurrency: number;
  readonly maxCost: number | null;
  readonly existing: Existing;
  /** Where the list was read; null: it was sent. */
  readonly source: ListSource | null;
  readonly requestHash: string;
  /** Who starts it, if that is known. */
  readonly givenBy: string | null;
}

/** A list that a service of the product answers, and how its rows become inputs. */
export interface ListSource {
  /** Below `/api`: `tables/units/rows`, `episodes?course=en-es`. */
  readonly list: string;
  /** JSONata that sees a row: only those for which it is true. */
  readonly where?: string;
  /** By input, a template that sees a row. Left out: the row's fields that have an input's name. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

// $1 id, $2 name, $3 workflow, $4 version, $5 concurrency, $6 most cost, $7 existing, $8 hash, $9 now, $10 source, $11 who
const INSERT = `
  INSERT INTO batches (id, name, workflow, version, status, concurrency, max_cost, existing, request_hash, created_at,
    source, given_by)
  VALUES ($1, $2, $3, $4, 'running', $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`;

// A run of the same workflow and inputs says what was done before: the latest one counts, or any that still goes on and
// is not being stopped. Rows of `i`. $2 workflow, $4 existing
const BEFORE = `LEFT JOIN LATERAL (
    SELECT (array_agg(r.status ORDER BY r.created_at DESC))[1] AS status,
      bool_or(r.ended_at IS NULL AND r.status <> 'stopping') AS goes_on
    FROM runs r
    WHERE r.workflow = $2 AND jsonb_hash(r.inputs) = jsonb_hash(i.inputs) AND r.inputs = i.inputs) before ON $4 <> 'all'`;
const SKIPPED = `CASE $4
      WHEN 'skip' THEN before.goes_on IS TRUE OR before.status IS NOT DISTINCT FROM 'completed'
      WHEN 'failed' THEN before.goes_on IS TRUE OR before.status IS NULL
        OR before.status NOT IN ('failed', 'cancelled', 'partial')
      ELSE false END`;

// In order. What is done is told at once, by one statement however long the list is; of the others it is decided when their
// turn comes. $1 batch, $2 workflow, $3 inputs as a JSON array, $4 existing
const ITEMS = `
  INSERT INTO batch_items (batch, ord, inputs, status)
  SELECT $1, i.ord::int, i.inputs,
    CASE WHEN before.status = 'completed' AND NOT before.goes_on THEN 'skipped' ELSE 'waiting' END
  FROM jsonb_array_elements($3::jsonb) WITH ORDINALITY AS i(inputs, ord) ${BEFORE}`;

// $1 nothing, $2 workflow, $3 inputs as a JSON array, $4 existing
const TO_RUN = `
  SELECT count(*) FILTER (WHERE NOT ${SKIPPED})::int AS rows
  FROM jsonb_array_elements($3::jsonb) AS i(inputs) ${BEFORE} WHERE $1::text IS NULL`;

/** Of a list of inputs, how many a batch would run if all had their turn now. */
export async function countToRun(
  tx: Transaction,
  workflow: string,
  items: readonly Record<string, unknown>[],
  existing: Existing,
): Promise<number> {
  const values = [null, workflow, storableJson(items), existing];
  return (await tx.query<{ rows: number }>({ text: TO_RUN, values })).rows[0]!.rows;
}

/** Returns false if the batch is there already. */
export async function insertBatch(
  tx: Transaction,
  batch: NewBatch,
  items: readonly Record<string, unknown>[],
  now: Date,
): Promise<boolean> {
  const { id, name, workflow, version, concurrency, maxCost, existing, source, requestHash, givenBy } = batch;
  const from = source && storableJson(source);
  const { rowCount } = await tx.query({
    text: INSERT,
    values: [id, name, workflow, version, concurrency, maxCost, existing, requestHash, now, from, givenBy],
  });
  if (rowCount === 0) return false;
  await tx.query({ text: ITEMS, values: [id, workflow, storableJson(items), existing] });
  return true;
}

export interface BatchRow {
  id: string;
  name: string | null;
  workflow: string;
  version: number;
  status: BatchStatus;
  reason: string | null;
  concurrency: number;
  maxCost: number | null;
  existing: Existing;
  source: ListSource | null;
  createdAt: Date;
  endedAt: Date | null;
  /** Who started it, or told it to go on last; null: nobody said. */
  givenBy: string | null;
}

const COLUMNS = `id, name, workflow, version, status, reason, concurrency, max_cost AS "maxCost", existing, source,
  created_at AS "createdAt", ended_at AS "endedAt", given_by AS "givenBy"`;

/** Every change of a batch takes its lock first. */
export async function lockBatch(tx: Transaction, id: string): Promise<BatchRow | undefined> {
  const text = `SELECT ${COLUMNS} FROM batches WHERE id = $1 FOR NO KEY UPDATE`;
  return (await tx.query<BatchRow>({ name: 'lock-batch', text, values: [id] })).rows[0];
}

export async function readBatch(
  tx: Transaction,
  id: string,
): Promise<(BatchRow & { requestHash: string }) | undefined> {
  const text = `SELECT ${COLUMNS}, request_hash AS "requestHash" FROM batches WHERE id = $1`;
  return (await tx.query<BatchRow & { requestHash: string }>({ text, values: [id] })).rows[0];
}

// Newest first. $1 before (time), $2 before (id), $3 how many
const LIST = `SELECT ${COLUMNS} FROM batches
  WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid) ORDER BY created_at DESC, id DESC LIMIT $3`;

export async function listBatches(
  tx: Transaction,
  of: { before?: { at: Date; id: string }; limit: number },
): Promise<BatchRow[]> {
  const values = [of.before?.at ?? null, of.before?.id ?? null, of.limit];
  return (await tx.query<BatchRow>({ text: LIST, values })).rows;
}

export async function setBatch(
  tx: Transaction,
  id: string,
  set: {
    status: BatchStatus;
    reason: string | null;
    endedAt: Date | null;
    concurrency: number;
    maxCost: number | null;
    givenBy: string | null;
  },
): Promise<void> {
  const { status, reason, endedAt, concurrency, maxCost, givenBy } = set;
  const text = `UPDATE batches SET status = $2, reason = $3, ended_at = $4, concurrency = $5, max_cost = $6, given_by = $7
    WHERE id = $1`;
  await tx.query({ text, values: [id, status, reason, endedAt, concurrency, maxCost, givenBy] });
}

export interface ItemCounts {
  batch: string;
  status: ItemStatus;
  items: number;
  cost: number;
}

// What runs that are still going have cost so far is in their blocks: there are no more of these than run at a time. What
// a run below one of them has cost is in the blocks of the run above it once it has ended. `OFFSET 0`: children are found
// by their parents, whatever the statistics say.
// $1 batches
const COUNTS = `
  WITH RECURSIVE going AS (
    SELECT i.batch, i.run, i.spent FROM batch_items i
    WHERE i.batch = ANY($1::uuid[]) AND i.status = 'running' AND i.run IS NOT NULL
    UNION ALL
    SELECT g.batch, r.id, 0 FROM going g
    CROSS JOIN LATERAL (SELECT id, ended_at FROM runs
      WHERE parent IS NOT NULL AND parent->>'run' = g.run::text OFFSET 0) r WHERE r.ended_at IS NULL)
  SELECT c.batch, c.status, c.items, CASE WHEN c.status <> 'running' THEN c.cost::float8 ELSE
    (SELECT COALESCE(sum(g.spent + COALESCE((SELECT sum(b.cost) FROM blocks b WHERE b.run = g.run), 0)), 0)
     FROM going g WHERE g.batch = c.batch) END AS cost
  FROM batch_counts c WHERE c.batch = ANY($1::uuid[]) AND c.items > 0`;

export async function countItems(tx: Transaction, batches: readonly string[]): Promise<ItemCounts[]> {
  return (await tx.query<ItemCounts>({ name: 'count-items', text: COUNTS, values: [batches] })).rows;
}

export interface ItemRow {
  ord: number;
  inputs: Record<string, unknown>;
  status: ItemStatus;
  run: string | null;
  error: string | null;
  cost: number;
}

export interface BegunItem extends ItemRow {
  /** The run that it had, when it is tried again. */
  previous: string | null;
}

// $1 batch, $2 status, $3 after, $4 how many
const ITEM_LIST = `SELECT ord, inputs, status, run, error, cost FROM batch_items
  WHERE batch = $1 AND ($2::text IS NULL OR status = $2) AND ord > $3 ORDER BY ord LIMIT $4`;

export async function listItems(
  tx: Transaction,
  of: { batch: string; status?: string; after: number; limit: number },
): Promise<ItemRow[]> {
  const values = [of.batch, of.status ?? null, of.after, of.limit];
  return (await tx.query<ItemRow>({ text: ITEM_LIST, values })).rows;
}

// Another batch has begun the same input, and its run is not there yet. Of `i`. $1 batch, $2 workflow
const IS_STARTING = `EXISTS (SELECT 1 FROM batches b
    JOIN batch_items o ON o.batch = b.id AND o.status = 'running' AND o.run IS NULL AND o.inputs = i.inputs
    WHERE b.workflow = $2 AND b.status IN ('running', 'stopping') AND b.id <> $1)`;

// Who looks what was run before sees what others have begun, and they what he begins. $1 workflow
const ONE_AT_A_TIME = `SELECT pg_advisory_xact_lock(hashtextextended('batches of ' || $1, 0))`;

// The first that wait. One that is tried again is not skipped, and has no run until it is known which: nobody takes its old
// end for a new one.
// $1 batch, $2 workflow, $3 now, $4 existing, $5 how many
const BEGIN = `
  WITH first AS MATERIALIZED (SELECT ord, inputs, run IS NOT NULL OR previous IS NOT NULL AS again FROM batch_items
    WHERE batch = $1 AND status = 'waiting' ORDER BY ord LIMIT $5),
  begun AS MATERIALIZED (SELECT i.ord, NOT i.again AND ($4 <> 'all' AND ${IS_STARTING} OR ${SKIPPED}) AS skipped
    FROM first i ${BEFORE})
  UPDATE batch_items i SET status = CASE WHEN b.skipped THEN 'skipped' ELSE 'running' END,
    begun_at = CASE WHEN b.skipped THEN i.begun_at ELSE $3 END, error = NULL,
    previous = COALESCE(i.run, i.previous), run = NULL
  FROM begun b WHERE i.batch = $1 AND i.ord = b.ord
  RETURNING i.ord, i.inputs, i.status, i.run, i.error, i.cost, i.previous`;

/** Those that are skipped among them. */
export async function beginItems(
  tx: Transaction,
  of: { batch: string; limit: number; now: Date; existing: Existing; workflow: string },
): Promise<BegunItem[]> {
  if (of.existing !== 'all') await tx.query({ text: ONE_AT_A_TIME, values: [of.workflow] });
  const values = [of.batch, of.workflow, of.now, of.existing, of.limit];
  return (await tx.query<BegunItem>({ name: 'begin-items', text: BEGIN, values })).rows;
}

// Begun, and a crash came before its run did, or before its end was noted. $1 batch, $2 begun before
const ORPHANS = `SELECT i.ord, i.inputs, i.status, i.run, i.error, i.cost, i.previous FROM batch_items i
  WHERE i.batch = $1 AND i.status = 'running' AND i.begun_at < $2
    AND (SELECT r.ended_at IS NULL FROM runs r WHERE r.id = i.run) IS NOT TRUE`;

export async function orphanedItems(tx: Transaction, batch: string, before: Date): Promise<BegunItem[]> {
  return (await tx.query<BegunItem>({ text: ORPHANS, values: [batch, before] })).rows;
}

// What an earlier run of the item has cost stays its cost. $1 batch, $2 items, $3 runs
const RUNS = `
  UPDATE batch_items i SET run = n.run,
    spent = CASE WHEN i.previous IS NULL OR i.previous = n.run THEN i.spent ELSE i.cost END
  FROM unnest($2::int[], $3::uuid[]) AS n(ord, run)
  WHERE i.batch = $1 AND i.ord = n.ord AND i.status = 'running' AND i.run IS NULL`;

/** The runs of items that have begun. */
export async function setItemRuns(
  tx: Transaction,
  batch: string,
  items: readonly { ord: number; run: string }[],
): Promise<void> {
  if (items.length === 0) return;
  const values = [batch, items.map(({ ord }) => ord), items.map(({ run }) => run)];
  await tx.query({ name: 'set-item-runs', text: RUNS, values });
}

// $1 batch, $2 item, $3 reason
const REFUSED = `UPDATE batch_items SET status = 'failed', run = previous, error = $3 WHERE batch = $1 AND ord = $2`;

/** An item whose run could not be started. */
export async function failItem(
  tx: Transaction,
  batch: string,
  { ord, error }: { ord: number; error: string },
): Promise<void> {
  await tx.query({ name: 'fail-item', text: REFUSED, values: [batch, ord, error] });
}

// $1 runs
const GOING = `SELECT run FROM batch_items WHERE run = ANY($1::uuid[]) AND status = 'running'`;
// $1 runs
const ENDED = `
  UPDATE batch_items i SET status = r.status, error = r.reason,
    cost = i.spent + COALESCE((SELECT sum(b.cost) FROM blocks b WHERE b.run = r.id), 0)
  FROM runs r WHERE r.id = ANY($1::uuid[]) AND i.run = r.id AND r.ended_at IS NOT NULL AND i.status = 'running'
  RETURNING i.batch`;

/** Items whose runs have ended. Returns their batches. */
export async function endItems(tx: Transaction, runs: readonly string[]): Promise<string[]> {
  // Most runs are of no batch, and an update counts the items anew even where it changes none.
  const going = await tx.query<{ run: string }>({ name: 'going-items', text: GOING, values: [runs] });
  if (going.rows.length === 0) return [];
  const values = [going.rows.map(({ run }) => run)];
  const { rows } = await tx.query<{ batch: string }>({ name: 'end-items', text: ENDED, values });
  return [...new Set(rows.map(({ batch }) => batch))];
}

/** Runs of a batch that are going. */
export async function runningRuns(tx: Transaction, batch: string): Promise<string[]> {
  const text = `SELECT run FROM batch_items WHERE batch = $1 AND status = 'running' AND run IS NOT NULL ORDER BY ord`;
  return (await tx.query<{ run: string }>({ text, values: [batch] })).rows.map(({ run }) => run);
}

/** Moves all items of one status to another. Returns how many. */
export async function moveItems(
  tx: Transaction,
  batch: string,
  from: readonly ItemStatus[],
  to: ItemStatus,
): Promise<number> {
  const text = `UPDATE batch_items SET status = $3 WHERE batch = $1 AND status = ANY($2::text[])`;
  return (await tx.query({ text, values: [batch, from, to] })).rowCount ?? 0;
}

// Batches before items, as everywhere. $1 run
const LOCK_OF_RUN = `SELECT id FROM batches WHERE id IN (SELECT batch FROM batch_items WHERE run = $1)
  ORDER BY id FOR NO KEY UPDATE`;
// $1 run
const ITEM_GOES_ON = `UPDATE batch_items SET status = 'running', error = NULL
  WHERE run = $1 AND status IN ('failed', 'cancelled', 'partial') RETURNING batch`;
// $1 batches
const GO_ON = `UPDATE batches SET status = 'running', ended_at = NULL
  WHERE id = ANY($1::uuid[]) AND status IN ('completed', 'partial')`;

/** A run goes on after its end: so does its item, and the batch that had ended. One that was cancelled stays so. */
export async function itemsGoOn(tx: Transaction, run: string): Promise<void> {
  const { rowCount } = await tx.query({ text: LOCK_OF_RUN, values: [run] });
  if (rowCount === 0) return;
  const { rows } = await tx.query<{ batch: string }>({ text: ITEM_GOES_ON, values: [run] });
  await tx.query({ text: GO_ON, values: [rows.map(({ batch }) => batch)] });
}

export async function openBatches(tx: Transaction): Promise<string[]> {
  const text = `SELECT id FROM batches WHERE status IN ('running', 'stopping') ORDER BY id`;
  return (await tx.query<{ id: string }>({ name: 'open-batches', text })).rows.map(({ id }) => id);
}
