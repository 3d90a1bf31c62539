import type { TaskError, WaitingRow } from '@duofactory/engine';
import type { Transaction } from './transaction.js';

export interface LineageTask {
  readonly id: string;
  readonly block: string;
  readonly key: string;
  readonly ord: number[];
  readonly sample: number;
  readonly status: string;
  readonly attempt: number;
  readonly payloads: number | null;
  readonly error: TaskError | null;
  readonly reusedFrom: string | null;
}

// A task whose payloads are still being made is not done yet.
const COLUMNS = `t.id, t.block, t.key, t.ord, t.sample,
  CASE t.status WHEN 'expanding' THEN 'requested' ELSE t.status END AS status, t.attempt, t.payloads, t.error, t.reused_from AS "reusedFrom"`;

// $1 run, $2 blocks, $3 keys
const TASKS = `SELECT ${COLUMNS} FROM unnest($2::text[], $3::text[]) AS w(block, key)
  JOIN tasks t ON t.run = $1 AND t.block = w.block AND t.key = w.key ORDER BY t.ord, t.sample`;

/** Tasks with these keys, their samples and rounds in order. Reads all tasks of these blocks: for a person who looks. */
export async function tasksWithKeys(
  tx: Transaction,
  run: string,
  keys: readonly { block: string; key: string }[],
): Promise<LineageTask[]> {
  if (keys.length === 0) return [];
  const values = [run, keys.map(({ block }) => block), keys.map(({ key }) => key)];
  return (await tx.query<LineageTask>({ text: TASKS, values })).rows;
}

// $1 run, $2 block, $3 segments of a key
const EXTENDING = `SELECT ${COLUMNS} FROM tasks t
  WHERE t.run = $1 AND t.block = $2 AND string_to_array(t.key, '/') @> $3::text[] ORDER BY t.ord, t.sample LIMIT 100`;

/** Tasks of a block whose keys have all segments of this key. */
export async function tasksExtending(
  tx: Transaction,
  run: string,
  block: string,
  key: string,
): Promise<LineageTask[]> {
  const values = [run, block, key === '' ? [] : key.split('/')];
  return (await tx.query<LineageTask>({ text: EXTENDING, values })).rows;
}

export interface LineageAttempt {
  readonly task: string;
  readonly attempt: number;
  readonly outcome: string;
  readonly settled: boolean;
  readonly worker: string | null;
  readonly requestedAt: Date | null;
  readonly begunAt: Date | null;
  readonly at: Date;
  readonly error: unknown;
  readonly usage: readonly { cost: { amount: number } | null; saved?: boolean }[] | null;
}

// $1 tasks
const ATTEMPTS = `SELECT task, attempt, outcome, settled, worker, requested_at AS "requestedAt", begun_at AS "begunAt", at,
  error, usage FROM all_attempts WHERE task = ANY($1::uuid[]) ORDER BY task, attempt, id`;

export async function readAttempts(tx: Transaction, tasks: readonly string[]): Promise<LineageAttempt[]> {
  if (tasks.length === 0) return [];
  return (await tx.query<LineageAttempt>({ text: ATTEMPTS, values: [tasks] })).rows;
}

export interface LineageGroup {
  readonly state: string;
  readonly openWork: number;
  readonly round: number;
  readonly firedAt: Date | null;
}

// $1 run, $2 block, $3 key
const GROUP = `SELECT state, open_work::int AS "openWork", round, fired_at AS "firedAt" FROM groups
  WHERE run = $1 AND block = $2 AND key = $3`;

export async function readGroup(
  tx: Transaction,
  run: string,
  block: string,
  key: string,
): Promise<LineageGroup | undefined> {
  return (await tx.query<LineageGroup>({ text: GROUP, values: [run, block, key] })).rows[0];
}

// $1 run, $2 block, $3 group
const NEEDS = `SELECT DISTINCT need FROM waiting WHERE run = $1 AND block = $2 AND "group" = $3`;

/** The needs of which anything came to a group. */
export async function needsInGroup(
  tx: Transaction,
  run: string,
  block: string,
  group: string,
): Promise<WaitingRow['need'][]> {
  const { rows } = await tx.query<{ need: string }>({ text: NEEDS, values: [run, block, group] });
  return rows.map(({ need }) => need);
}

// $1 run, $2 block, $3 segments of a group's key
const MADE = `SELECT EXISTS (SELECT FROM results WHERE run = $1 AND block = $2
  AND string_to_array(key, '/') @> $3::text[]) AS made`;

/** Whether anything came of a group. */
export async function madeOfGroup(
  tx: Transaction,
  run: string,
  block: string,
  group: string,
): Promise<boolean> {
  const values = [run, block, group === '' ? [] : group.split('/')];
  return (await tx.query<{ made: boolean }>({ text: MADE, values })).rows[0]!.made;
}
