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
  /** Until then a decision of an open review may be taken back; then it holds. */
  undoableUntil: Date | null;
  /** Who looks at it, and until when nobody else decides. */
  claimedBy: string | null;
  claimedUntil: Date | null;
}

const COLUMNS = `task, run, block, key, attempt, title, assignees, edits, payload, status, due_at AS "dueAt",
  created_at AS "createdAt", decision, undoable_until AS "undoableUntil", claimed_by AS "claimedBy",
  claimed_until AS "claimedUntil"`;

// Whose task still waits: its run has not ended or stopped, and no deadline has come first. Of `v`.
const WAITED_FOR = `EXISTS (SELECT 1 FROM tasks t WHERE t.id = v.task AND t.status = 'requested' AND t.attempt = v.attempt)`;

// A later attempt asks anew. $1 task, $2 run, $3 block, $4 key, $5 attempt, $6 title, $7 assignees, $8 edits, $9 payload, $10 due, $11 now
const OPEN = `
  INSERT INTO reviews (task, run, block, key, attempt, title, assignees, edits, payload, status, due_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11)
  ON CONFLICT (task) DO UPDATE SET attempt = excluded.attempt, status = 'open', decision = NULL,
    undoable_until = NULL, claimed_by = NULL, claimed_until = NULL, due_at = excluded.due_at, created_at = excluded.created_at WHERE reviews.attempt < excluded.attempt`;

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

// $1 assignee, $2 how many
const LIST = `
  SELECT ${COLUMNS} FROM reviews v WHERE status = 'open' AND undoable_until IS NULL AND ($1::text IS NULL OR assignees = '{}' OR $1 = ANY(assignees))
    AND ${WAITED_FOR}
  ORDER BY created_at, task LIMIT $2`;

export async function listOpenReviews(
  tx: Transaction,
  assignee: string | undefined,
  limit: number,
): Promise<ReviewRow[]> {
  return (await tx.query<ReviewRow>({ text: LIST, values: [assignee ?? null, limit] })).rows;
}

const COUNT = `
  SELECT count(*)::int AS reviews FROM reviews v WHERE status = 'open' AND undoable_until IS NULL AND ${WAITED_FOR}`;

/** Those that wait for a decision, whoever it is to come from. */
export async function countOpenReviews(tx: Transaction): Promise<number> {
  return (await tx.query<{ reviews: number }>({ name: 'count-reviews', text: COUNT })).rows[0]!.reviews;
}

// Compare-and-set. $1 task, $2 status, $3 decision
const CLOSE = `UPDATE reviews SET status = $2, decision = $3, undoable_until = NULL WHERE task = $1 AND status = 'open'`;

export async function closeReview(
  tx: Transaction,
  task: string,
  status: Exclude<ReviewRow['status'], 'open'>,
  decision: unknown,
): Promise<boolean> {
  return (await tx.query({ text: CLOSE, values: [task, status, storableJson(decision)] })).rowCount === 1;
}

// $1 now
const EXPIRED = `SELECT ${COLUMNS} FROM reviews v WHERE status = 'open' AND undoable_until IS NULL AND due_at <= $1
    AND ${WAITED_FOR}
  ORDER BY due_at LIMIT 100`;

export async function expiredReviews(tx: Transaction, now: Date): Promise<ReviewRow[]> {
  return (await tx.query<ReviewRow>({ name: 'expired-reviews', text: EXPIRED, values: [now] })).rows;
}

// Compare-and-set: nobody else looks at it. $1 task, $2 who, $3 until, $4 now
const CLAIM = `UPDATE reviews SET claimed_by = $2, claimed_until = $3
  WHERE task = $1 AND status = 'open' AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until <= $4)`;

export async function claimReview(
  tx: Transaction,
  of: { task: string; by: string; until: Date; now: Date },
): Promise<boolean> {
  const { task, by, until, now } = of;
  return (await tx.query({ text: CLAIM, values: [task, by, until, now] })).rowCount === 1;
}

// $1 task, $2 who
const RELEASE = `UPDATE reviews SET claimed_by = NULL, claimed_until = NULL
  WHERE task = $1 AND status = 'open' AND claimed_by = $2`;

export async function releaseReview(tx: Transaction, task: string, by: string): Promise<void> {
  await tx.query({ text: RELEASE, values: [task, by] });
}

// $1 task, $2 decision, $3 until
const TAKE = `UPDATE reviews v SET decision = $2, undoable_until = $3 WHERE task = $1 AND status = 'open' AND ${WAITED_FOR}`;

/** A decision that may still be taken back. false: nobody waits for one. */
export async function takeDecision(
  tx: Transaction,
  of: { task: string; decision: unknown; until: Date },
): Promise<boolean> {
  const values = [of.task, storableJson(of.decision), of.until];
  return (await tx.query({ text: TAKE, values })).rowCount === 1;
}

// $1 task
const TAKE_BACK = `UPDATE reviews SET decision = NULL, undoable_until = NULL
  WHERE task = $1 AND status = 'open' AND undoable_until IS NOT NULL`;

/** false: none was taken, or it holds already. */
export async function takeBackDecision(tx: Transaction, task: string): Promise<boolean> {
  return (await tx.query({ text: TAKE_BACK, values: [task] })).rowCount === 1;
}

// $1 now
const TAKEN = `SELECT ${COLUMNS} FROM reviews v WHERE status = 'open' AND undoable_until <= $1
    AND ${WAITED_FOR}
  ORDER BY undoable_until LIMIT 100`;

export async function takenReviews(tx: Transaction, now: Date): Promise<ReviewRow[]> {
  return (await tx.query<ReviewRow>({ name: 'taken-reviews', text: TAKEN, values: [now] })).rows;
}
