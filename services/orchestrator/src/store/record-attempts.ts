import { storableJson } from '@duofactory/contracts';
import type { WriteTransaction } from './transaction.js';

export interface AttemptRecord {
  task: string;
  attempt: number;
  outcome: 'completed' | 'failed' | 'lost';
  /** false: came too late, or from an earlier attempt; recorded only. */
  settled: boolean;
  error?: unknown;
  usage?: unknown;
  /** When it was asked for, where that is known. */
  requestedAt?: Date | null;
  begunAt?: Date | null;
  worker?: string | null;
}

// $1 tasks, $2 attempts, $3 outcomes, $4 settled, $5 errors, $6 usage, $7 now, $8 requested at, $9 begun at, $10 workers
const RECORD = `
  INSERT INTO attempts (task, attempt, outcome, settled, error, usage, requested_at, begun_at, worker, at)
  SELECT a.*, $7 FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::jsonb[], $6::jsonb[],
    $8::timestamptz[], $9::timestamptz[], $10::text[])
    AS a(task, attempt, outcome, settled, error, usage, requested_at, begun_at, worker)`;

export function recordAttempts(tx: WriteTransaction, rows: readonly AttemptRecord[], now: Date): void {
  if (rows.length === 0) return;
  const values = [
    rows.map((row) => row.task),
    rows.map((row) => row.attempt),
    rows.map((row) => row.outcome),
    rows.map((row) => row.settled),
    rows.map((row) => (row.error === undefined ? null : storableJson(row.error))),
    rows.map((row) => (row.usage === undefined ? null : storableJson(row.usage))),
    now,
    rows.map((row) => row.requestedAt ?? null),
    rows.map((row) => row.begunAt ?? null),
    rows.map((row) => row.worker ?? null),
  ];
  tx.send({ name: 'record-attempts', text: RECORD, values });
}
