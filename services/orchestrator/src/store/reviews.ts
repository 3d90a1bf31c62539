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

export interface WhoseReviews {
  /** Those that this person may decide. */
  readonly assignee?: string;
  /** Of those only the ones that name the person: what everybody may decide is left out. */
  readonly assigned?: boolean;
}

/** What waits, without what is to be decided about. */
export interface WaitingReview {
  task: string;
  run: string;
  workflow: string;
  block: string;
  key: string;
  title: string | null;
  assignees: string[];
  createdAt: Date;
  dueAt: Date | null;
  claimedBy: string | null;
  claimedUntil: Date | null;
}

// Oldest first. $1 assignee, $2 after (time), $3 after (task), $4 how many, $5 only what is assigned to a person
const QUEUE = `
  SELECT v.task, v.run, r.workflow, v.block, v.key, v.title, v.assignees, v.created_at AS "createdAt", v.due_at AS "dueAt",
    v.claimed_by AS "claimedBy", v.claimed_until AS "claimedUntil"
  FROM reviews v JOIN runs r ON r.id = v.run
  WHERE v.status = 'open' AND v.undoable_until IS NULL
    AND ($1::text IS NULL OR (v.assignees = '{}' AND NOT $5::boolean) OR $1 = ANY(v.assignees))
    AND ($2::timestamptz IS NULL OR (v.created_at, v.task) > ($2, $3::uuid)) AND ${WAITED_FOR}
  ORDER BY v.created_at, v.task LIMIT $4`;

export async function listWaitingReviews(
  tx: Transaction,
  of: WhoseReviews & { after?: { at: string; task: string }; limit: number },
): Promise<WaitingReview[]> {
  const { assignee = null, assigned = false, after, limit } = of;
  const values = [assignee, after?.at ?? null, after?.task ?? null, limit, assigned];
  return (await tx.query<WaitingReview>({ text: QUEUE, values })).rows;
}

// $1 assignee, $2 only what is assigned to a person
const COUNT = `
  SELECT count(*)::int AS reviews FROM reviews v WHERE status = 'open' AND undoable_until IS NULL
    AND ($1::text IS NULL OR (assignees = '{}' AND NOT $2::boolean) OR $1 = ANY(assignees)) AND ${WAITED_FOR}`;

/** Those that wait for a decision; without a person, whoever it is to come from. */
export async function countOpenReviews(tx: Transaction, of: WhoseReviews = {}): Promise<number> {
  const values = [of.assignee ?? null, of.assigned ?? false];
  return (await tx.query<{ reviews: number }>({ name: 'count-reviews', text: COUNT, values })).rows[0]!
    .reviews;
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

// Compare-and-set: nobody else looks at it, and this person may decide. $1 task, $2 who, $3 until, $4 now
const CLAIM = `UPDATE reviews SET claimed_by = $2, claimed_until = $3
  WHERE task = $1 AND status = 'open' AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until <= $4)
    AND (assignees = '{}' OR $2 = ANY(assignees))`;

export async function claimReview(
  tx: Transaction,
  of: { task: string; by: string; until: Date; now: Date },
): Promise<boolean> {
  const { task, by, until, now } = of;
  return (await tx.query({ text: CLAIM, values: [task, by, until, now] })).rowCount === 1;
}

// $1 task, $2 who may decide
const ASSIGN = `UPDATE reviews SET assignees = $2 WHERE task = $1 AND status = 'open' AND undoable_until IS NULL`;

/** false: it is decided. */
export async function assignReview(
  tx: Transaction,
  task: string,
  assignees: readonly string[],
): Promise<boolean> {
  return (await tx.query({ text: ASSIGN, values: [task, assignees] })).rowCount === 1;
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
