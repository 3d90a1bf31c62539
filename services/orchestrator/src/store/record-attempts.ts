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
}

// $1 tasks, $2 attempts, $3 outcomes, $4 settled, $5 errors, $6 usage, $7 now
const RECORD = `
  INSERT INTO attempts (task, attempt, outcome, settled, error, usage, at)
  SELECT a.*, $7 FROM unnest($1::uuid[], $2::int[], $3::text[], $4::boolean[], $5::jsonb[], $6::jsonb[])
    AS a(task, attempt, outcome, settled, error, usage)`;

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
  ];
  tx.send({ name: 'record-attempts', text: RECORD, values });
}
