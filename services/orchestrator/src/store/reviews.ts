import { storableJson } from '@duofactory/contracts';
import type { Transaction } from './transaction.js';

export interface ReviewRow {
  task: string;
  run: string;
  block: string;
  key: string;
  attempt: number;
  title: string | null;
  assignees: string[];
  /** The block whose result may be edited. */
  edits: string | null;
  payload: Record<string, unknown>;
  status: 'open' | 'approved' | 'rejected' | 'expired';
  dueAt: Date | null;
  createdAt: Date;
  decision: Record<string, unknown> | null;
}

const COLUMNS = `task, run, block, key, attempt, title, assignees, edits, payload, status, due_at AS "dueAt",
  created_at AS "createdAt", decision`;

// A later attempt asks anew. $1 task, $2 run, $3 block, $4 key, $5 attempt, $6 title, $7 assignees, $8 edits, $9 payload, $10 due, $11 now
const OPEN = `
  INSERT INTO reviews (task, run, block, key, attempt, title, assignees, edits, payload, status, due_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11)
  ON CONFLICT (task) DO UPDATE SET attempt = excluded.attempt, status = 'open', decision = NULL,
    due_at = excluded.due_at, created_at = excluded.created_at WHERE reviews.attempt < excluded.attempt`;

export async function openReview(
  tx: Transaction,
  of: Pick<
    ReviewRow,
    'task' | 'run' | 'block' | 'key' | 'attempt' | 'title' | 'assignees' | 'edits' | 'payload' | 'dueAt'
  >,
  now: Date,
): Promise<void> {
  const { task, run, block, key, attempt, title, assignees, edits, payload, dueAt } = of;
  const values = [task, run, block, key, attempt, title, assignees, edits, storableJson(payload), dueAt, now];
  await tx.query({ text: OPEN, values });
}

// $1 task
const READ = `SELECT ${COLUMNS} FROM reviews WHERE task = $1`;

export async function readReview(tx: Transaction, task: string): Promise<ReviewRow | undefined> {
  return (await tx.query<ReviewRow>({ text: READ, values: [task] })).rows[0];
}

// Of runs that go on. $1 assignee, $2 how many
const LIST = `
  SELECT ${COLUMNS} FROM reviews v WHERE status = 'open' AND ($1::text IS NULL OR assignees = '{}' OR $1 = ANY(assignees))
    AND EXISTS (SELECT 1 FROM runs r WHERE r.id = v.run AND r.ended_at IS NULL)
  ORDER BY created_at, task LIMIT $2`;

export async function listOpenReviews(
  tx: Transaction,
  assignee: string | undefined,
  limit: number,
): Promise<ReviewRow[]> {
  return (await tx.query<ReviewRow>({ text: LIST, values: [assignee ?? null, limit] })).rows;
}

// Compare-and-set. $1 task, $2 status, $3 decision
const CLOSE = `UPDATE reviews SET status = $2, decision = $3 WHERE task = $1 AND status = 'open'`;

export async function closeReview(
  tx: Transaction,
  task: string,
  status: Exclude<ReviewRow['status'], 'open'>,
  decision: unknown,
): Promise<boolean> {
  return (await tx.query({ text: CLOSE, values: [task, status, storableJson(decision)] })).rowCount === 1;
}

// Of runs that go on. $1 now
const EXPIRED = `SELECT ${COLUMNS} FROM reviews v WHERE status = 'open' AND due_at <= $1
    AND EXISTS (SELECT 1 FROM runs r WHERE r.id = v.run AND r.ended_at IS NULL)
  ORDER BY due_at LIMIT 100`;

export async function expiredReviews(tx: Transaction, now: Date): Promise<ReviewRow[]> {
  return (await tx.query<ReviewRow>({ name: 'expired-reviews', text: EXPIRED, values: [now] })).rows;
}
