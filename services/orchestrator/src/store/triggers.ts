import { storableJson } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface TriggerRow {
  id: string;
  topic: string;
  /** Of the CloudEvent: `org.example.unit-changed.v1`. */
  type: string;
  /** null: from anywhere. */
  source: string | null;
  /** JSONata that sees the event; null: always. */
  when: string | null;
  workflow: string;
  /** By input, a template that sees the event: `{{data.unit.id}}`. */
  inputs: Record<string, unknown>;
  paused: boolean;
}

const COLUMNS = `id, topic, type, source, condition AS "when", workflow, inputs, paused`;

// The last: whether it must be a new one
const PUT = `
  INSERT INTO triggers (id, topic, type, source, condition, workflow, inputs, paused, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, type = excluded.type, source = excluded.source,
    condition = excluded.condition, workflow = excluded.workflow, inputs = excluded.inputs, paused = excluded.paused,
    updated_at = excluded.updated_at WHERE NOT $10::boolean`;

/** False: there is one of this id already, and it was to be new. */
export async function putTrigger(
  tx: Transaction,
  of: TriggerRow,
  { now, isNew }: { now: Date; isNew: boolean },
): Promise<boolean> {
  const { id, topic, type, source, when, workflow, inputs, paused } = of;
  const values = [id, topic, type, source, when, workflow, storableJson(inputs), paused, now, isNew];
  return (await tx.query({ text: PUT, values })).rowCount === 1;
}

// $1 workflow; null: of all
const LIST = `SELECT ${COLUMNS} FROM triggers
  WHERE $1::text IS NULL OR split_part(workflow, '@', 1) = $1 ORDER BY id`;

/** Of one workflow, in whichever version. */
export async function listTriggers(tx: Transaction, workflow?: string): Promise<TriggerRow[]> {
  return (await tx.query<TriggerRow>({ text: LIST, values: [workflow ?? null] })).rows;
}

export async function readTrigger(tx: Transaction, id: string): Promise<TriggerRow | undefined> {
  const text = `SELECT ${COLUMNS} FROM triggers WHERE id = $1`;
  return (await tx.query<TriggerRow>({ text, values: [id] })).rows[0];
}

export async function deleteTrigger(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query({ text: `DELETE FROM triggers WHERE id = $1`, values: [id] })).rowCount === 1;
}

// $1 topic, $2 types
const OF_TYPES = `SELECT ${COLUMNS} FROM triggers
  WHERE topic = $1 AND type = ANY($2::text[]) AND NOT paused ORDER BY id`;

/** Triggers that events of these types may set off when they come on the topic. */
export async function triggersOf(
  tx: Transaction,
  topic: string,
  types: readonly string[],
): Promise<TriggerRow[]> {
  return (await tx.query<TriggerRow>({ name: 'triggers-of', text: OF_TYPES, values: [topic, types] })).rows;
}
