import { storableJson } from '@duofactory/contracts';
import type { Transaction, WriteTransaction } from './transaction.js';

export interface NotPickedRow {
  readonly task: string;
  readonly payloads: readonly { readonly key: string; readonly why: Readonly<Record<string, unknown>> }[];
}

// A row a task, whatever there is of payloads: only people read it, one payload at a time. $1 tasks, $2 reasons by key
const RECORD = `INSERT INTO not_picked (task, why) SELECT * FROM unnest($1::uuid[], $2::jsonb[]) ON CONFLICT DO NOTHING`;

export function recordNotPicked(tx: WriteTransaction, rows: readonly NotPickedRow[]): void {
  if (rows.length === 0) return;
  const values = [
    rows.map(({ task }) => task),
    rows.map(({ payloads }) => storableJson(Object.fromEntries(payloads.map(({ key, why }) => [key, why])))),
  ];
  tx.send({ name: 'record-not-picked', text: RECORD, values });
}

// $1 task, $2 key
const READ = `SELECT why->$2::text AS why FROM not_picked WHERE task = $1 AND why ? $2::text`;

/** Why a task left the payload out, as its service told; undefined: it did not. */
export async function whyNotPicked(
  tx: Transaction,
  task: string,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { rows } = await tx.query<{ why: Record<string, unknown> }>({ text: READ, values: [task, key] });
  return rows[0]?.why;
}
