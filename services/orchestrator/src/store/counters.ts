import type { Transaction, WriteTransaction } from './transaction.js';

export interface BlockRow {
  run: string;
  block: string;
  openWork: number;
  tasks: number;
  done: number;
  failed: number;
  skipped: number;
  unmatched: number;
  good: number;
  payloads: number;
  ready: number;
  requested: number;
  cost: number;
  unpriced: number;
  closed: boolean;
}

const COLUMNS = `run, block, open_work::int AS "openWork", tasks::int AS tasks, done::int AS done, failed::int AS failed,
  skipped::int AS skipped, unmatched::int AS unmatched, good::int AS good,
  payloads::int AS payloads, ready::int AS ready,
  requested::int AS requested, cost, unpriced::int AS unpriced, closed`;

// $1 run ids
const READ = `SELECT ${COLUMNS} FROM blocks WHERE run = ANY($1::uuid[])`;

export async function readBlocks(tx: Transaction, runs: readonly string[]): Promise<BlockRow[]> {
  return (await tx.query<BlockRow>({ name: 'read-blocks', text: READ, values: [runs] })).rows;
}

/** The counters of a block in which nothing has happened. */
export function noCounts(run: string, block: string): BlockRow {
  return {
    run,
    block,
    openWork: 0,
    tasks: 0,
    done: 0,
    failed: 0,
    skipped: 0,
    unmatched: 0,
    good: 0,
    payloads: 0,
    ready: 0,
    requested: 0,
    cost: 0,
    unpriced: 0,
    closed: false,
  };
}

const NAMES = `run, block, open_work, tasks, done, failed, skipped, unmatched, good, payloads, ready, requested, cost,
    unpriced, closed`;

// $1 runs, $2 blocks, $3 open work, $4 tasks, $5 done, $6 failed, $7 skipped, $8 unmatched, $9 good, $10 payloads,
// $11 ready, $12 requested, $13 cost, $14 unpriced, $15 closed
const ROWS = `
  unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::double precision[], $14::bigint[], $15::boolean[])
    AS w(${NAMES})`;

const INSERT = `INSERT INTO blocks (${NAMES}) SELECT * FROM ${ROWS}`;

/** Of runs that begin. */
export function insertBlocks(tx: WriteTransaction, rows: readonly BlockRow[]): void {
  if (rows.length > 0) tx.send({ name: 'insert-blocks', text: INSERT, values: columnsOf(rows) });
}

// Whole values, not sums: the run's lock is held and the rows were read under it.
const WRITE = `
  UPDATE blocks b SET open_work = w.open_work, tasks = w.tasks, done = w.done, failed = w.failed, skipped = w.skipped,
    unmatched = w.unmatched, good = w.good, payloads = w.payloads, ready = w.ready, requested = w.requested, cost = w.cost,
    unpriced = w.unpriced, closed = w.closed
  FROM ${ROWS}
  WHERE b.run = w.run AND b.block = w.block`;

export function writeBlocks(tx: WriteTransaction, rows: readonly BlockRow[]): void {
  if (rows.length > 0) tx.send({ name: 'write-blocks', text: WRITE, values: columnsOf(rows) });
}

function columnsOf(rows: readonly BlockRow[]): unknown[][] {
  return [
    rows.map((row) => row.run),
    rows.map((row) => row.block),
    rows.map((row) => row.openWork),
    rows.map((row) => row.tasks),
    rows.map((row) => row.done),
    rows.map((row) => row.failed),
    rows.map((row) => row.skipped),
    rows.map((row) => row.unmatched),
    rows.map((row) => row.good),
    rows.map((row) => row.payloads),
    rows.map((row) => row.ready),
    rows.map((row) => row.requested),
    rows.map((row) => row.cost),
    rows.map((row) => row.unpriced),
    rows.map((row) => row.closed),
  ];
}

export interface RunState {
  id: string;
  status: string;
  reason: string | null;
  final: boolean;
  openWork: number;
  errors: number;
  stoppingAt: Date | null;
  endedAt: Date | null;
}

// $1 ids, $2 statuses, $3 reasons, $4 open work, $5 errors, $6 stopping since, $7 ended, $8 final
const RUNS = `
  UPDATE runs r SET status = w.status, reason = w.reason, open_work = w.open_work, errors = w.errors,
    seq = r.seq + 1, stopping_at = CASE WHEN w.status = 'stopping' THEN COALESCE(r.stopping_at, w.stopping_at) END,
    ended_at = w.ended_at, final = w.final
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[],
    $8::boolean[]) AS w(id, status, reason, open_work, errors, stopping_at, ended_at, final)
  WHERE r.id = w.id`;

export function writeRuns(tx: WriteTransaction, runs: readonly RunState[]): void {
  if (runs.length === 0) return;
  const values = [
    runs.map((one) => one.id),
    runs.map((one) => one.status),
    runs.map((one) => one.reason),
    runs.map((one) => one.openWork),
    runs.map((one) => one.errors),
    runs.map((one) => one.stoppingAt),
    runs.map((one) => one.endedAt),
    runs.map((one) => one.final),
  ];
  tx.send({ name: 'write-runs', text: RUNS, values });
}
