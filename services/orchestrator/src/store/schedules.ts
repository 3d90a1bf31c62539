import { storableJson } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface ScheduleRow {
  id: string;
  workflow: string;
  inputs: Record<string, unknown>;
  cron: string;
  timeZone: string;
  /** Times that passed while nobody was there: start only the last of them, or all. */
  missed: 'skip' | 'run';
  paused: boolean;
  /** null: the pattern has no further time. */
  nextAt: Date | null;
  lastAt: Date | null;
  lastRun: string | null;
  /** Why the last time started nothing, or what is tried again every second; null once a time has started its run. */
  error: string | null;
}

const COLUMNS = `id, workflow, inputs, cron, time_zone AS "timeZone", missed, paused, next_at AS "nextAt",
  last_at AS "lastAt", last_run AS "lastRun", error`;

// The last: whether it must be a new one
const PUT = `
  INSERT INTO schedules (id, workflow, inputs, cron, time_zone, missed, paused, next_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (id) DO UPDATE SET workflow = excluded.workflow, inputs = excluded.inputs, cron = excluded.cron,
    time_zone = excluded.time_zone, missed = excluded.missed, paused = excluded.paused, next_at = excluded.next_at,
    error = NULL, updated_at = excluded.updated_at WHERE NOT $10::boolean`;

/** False: there is one of this id already, and it was to be new. */
export async function putSchedule(
  tx: Transaction,
  of: Omit<ScheduleRow, 'lastAt' | 'lastRun' | 'error'>,
  { now, isNew }: { now: Date; isNew: boolean },
): Promise<boolean> {
  const { id, workflow, inputs, cron, timeZone, missed, paused, nextAt } = of;
  const values = [id, workflow, storableJson(inputs), cron, timeZone, missed, paused, nextAt, now, isNew];
  return (await tx.query({ text: PUT, values })).rowCount === 1;
}

// $1 workflow; null: of all
const LIST = `SELECT ${COLUMNS} FROM schedules
  WHERE $1::text IS NULL OR split_part(workflow, '@', 1) = $1 ORDER BY id`;

/** Of one workflow, in whichever version. */
export async function listSchedules(tx: Transaction, workflow?: string): Promise<ScheduleRow[]> {
  return (await tx.query<ScheduleRow>({ text: LIST, values: [workflow ?? null] })).rows;
}

export async function readSchedule(tx: Transaction, id: string): Promise<ScheduleRow | undefined> {
  const text = `SELECT ${COLUMNS} FROM schedules WHERE id = $1`;
  return (await tx.query<ScheduleRow>({ text, values: [id] })).rows[0];
}

export async function deleteSchedule(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.query({ text: `DELETE FROM schedules WHERE id = $1`, values: [id] })).rowCount === 1;
}

// $1 now
const DUE = `SELECT id FROM schedules WHERE NOT paused AND next_at <= $1 ORDER BY next_at, id`;

export async function dueSchedules(tx: Transaction, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>({ name: 'due-schedules', text: DUE, values: [now] });
  return rows.map(({ id }) => id);
}

export interface DueSchedule extends ScheduleRow {
  nextAt: Date;
}

// $1 id, $2 now
const LOCK_DUE = `SELECT ${COLUMNS} FROM schedules WHERE id = $1 AND NOT paused AND next_at <= $2
  FOR UPDATE SKIP LOCKED`;

/** The schedule, locked, if it still is due and no other orchestrator has it in hand. */
export async function lockDueSchedule(
  tx: Transaction,
  id: string,
  now: Date,
): Promise<DueSchedule | undefined> {
  const values = [id, now];
  return (await tx.query<DueSchedule>({ name: 'lock-due-schedule', text: LOCK_DUE, values })).rows[0];
}

export async function scheduleFired(
  tx: Transaction,
  of: { id: string; nextAt: Date | null; lastAt: Date; lastRun: string | null; error: string | null },
): Promise<void> {
  const text = `UPDATE schedules SET next_at = $2, last_at = $3, last_run = COALESCE($4, last_run), error = $5 WHERE id = $1`;
  await tx.query({ text, values: [of.id, of.nextAt, of.lastAt, of.lastRun, of.error] });
}

/** Its time stays due. Returns false if it failed like this before. */
export async function scheduleFailed(tx: Transaction, id: string, error: string): Promise<boolean> {
  const text = `UPDATE schedules SET error = $2 WHERE id = $1 AND error IS DISTINCT FROM $2`;
  return (await tx.query({ text, values: [id, error] })).rowCount === 1;
}
