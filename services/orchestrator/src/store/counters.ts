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

/** Of its tasks those that back off: no counter of their own is kept, and those that evaluate are not counted as tasks. */
export function backingOff({ tasks, ready, requested, done, failed }: BlockRow): number {
  return tasks - ready - requested - done - failed;
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

/** Blocks whose counters are stored together, in the run's row (part 0) or in a row of `more_counts`. */
export const BLOCKS_OF_PART = 16;

export interface CountsPart {
  readonly run: string;
  readonly part: number;
  readonly counts: string;
}

// $1 runs
const MORE = `SELECT run, part, counts FROM more_counts WHERE run = ANY($1::uuid[]) ORDER BY run, part`;

export async function readMoreCounts(tx: Transaction, runs: readonly string[]): Promise<CountsPart[]> {
  return (await tx.query<CountsPart>({ name: 'read-more-counts', text: MORE, values: [runs] })).rows;
}

// $1 runs, $2 parts, $3 counters
const WRITE_MORE = `
  INSERT INTO more_counts (run, part, counts)
  SELECT w.* FROM unnest($1::uuid[], $2::int[], $3::text[]) AS w(run, part, counts)
  ON CONFLICT (run, part) DO UPDATE SET counts = excluded.counts`;

export function writeMoreCounts(tx: WriteTransaction, parts: readonly CountsPart[]): void {
  if (parts.length === 0) return;
  const values = [parts.map((one) => one.run), parts.map((one) => one.part), parts.map((one) => one.counts)];
  tx.send({ name: 'write-more-counts', text: WRITE_MORE, values });
}

export interface RunProgress {
  id: string;
  openWork: number;
  errors: number;
  /** Of part 0. */
  counts: string;
}

// $1 ids, $2 open work, $3 errors, $4 counters
const PROGRESS = `
  UPDATE runs r SET seq = r.seq + 1, open_work = w.open_work, errors = w.errors, counts = w.counts
  FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[]) AS w(id, open_work, errors, counts)
  WHERE r.id = w.id`;

/** Whole values, not sums: the run's lock is held and the row was read under it. */
export function writeProgress(tx: WriteTransaction, runs: readonly RunProgress[]): void {
  if (runs.length === 0) return;
  const values = [
    runs.map((one) => one.id),
    runs.map((one) => one.openWork),
    runs.map((one) => one.errors),
    runs.map((one) => one.counts),
  ];
  tx.send({ name: 'write-progress', text: PROGRESS, values });
}

export interface RunState extends RunProgress {
  status: string;
  reason: string | null;
  final: boolean;
  stoppingAt: Date | null;
  endedAt: Date | null;
}

// $1 ids, $2 statuses, $3 reasons, $4 open work, $5 errors, $6 stopping since, $7 ended, $8 final, $9 counters
const RUNS = `
  UPDATE runs r SET status = w.status, reason = w.reason, open_work = w.open_work, errors = w.errors,
    seq = r.seq + 1, stopping_at = CASE WHEN w.status = 'stopping' THEN COALESCE(r.stopping_at, w.stopping_at) END,
    ended_at = w.ended_at, final = w.final, counts = w.counts
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[],
    $8::boolean[], $9::text[]) AS w(id, status, reason, open_work, errors, stopping_at, ended_at, final, counts)
  WHERE r.id = w.id`;

/** Of runs whose status changes. */
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
    runs.map((one) => one.counts),
  ];
  tx.send({ name: 'write-runs', text: RUNS, values });
}
