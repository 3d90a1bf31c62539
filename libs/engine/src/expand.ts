/**
 * What brings about more rows than one transaction should write is born piece by piece, a step each, other work in
 * between. Meanwhile the task that made the payloads counts as open, or, of a join, its group, and what waits in a group
 * counts too: until the last piece. So no group below takes a part for the whole: if several of the payloads belong to
 * it, its segments are older than they are, and the task, or a payload that waits for it, has them all; for segments
 * that come to be here a payload is alone.
 */
import { blockOf, countOpen, countsOf, release, type Changes } from './changes.js';
import { finerBelow } from './counted-waiting.js';
import { deliver, makeTasks } from './deliver.js';
import type { JoinedPayload } from './join-waiting.js';
import { taskId } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import type { ResultRow, TaskError, TaskRow, WaitingRow } from './rows.js';

/**
 * What a task has made, or a join has joined, cut into what each step takes. Behind it, where many groups below may fall
 * due by it, what waited and is used up, cut likewise.
 */
export type Expansion =
  | OfTask<{ readonly pieces: readonly (readonly ResultRow[])[]; readonly ends?: EndOfTask } & UsedUp>
  | OfJoin<{ readonly pieces: readonly (readonly JoinedPayload[])[] } & UsedUp>;

interface UsedUp {
  readonly usedUp?: readonly (readonly WaitingRow[])[];
}

/** How a task ends that has not succeeded, but failed or was passed by. */
export type EndOfTask =
  { readonly status: 'dropped' | 'kept'; readonly error: TaskError } | { readonly status: 'passed' };

/** One of them. With `usedUp` nothing else is released with the last. */
export type Piece =
  | OfTask<{ readonly payloads: readonly ResultRow[]; readonly ends?: EndOfTask } & OfPiece>
  | OfJoin<{ readonly payloads: readonly JoinedPayload[] } & OfPiece>;

interface OfPiece {
  readonly usedUp?: readonly WaitingRow[];
  readonly last: boolean;
}

type OfTask<More> = More & {
  readonly of: 'task';
  readonly block: string;
  readonly key: string;
  readonly sample: number;
};

type OfJoin<More> = More & { readonly of: 'join'; readonly block: string; readonly key: string };

/** What a piece brings about. */
export function expandPiece(
  plan: Plan,
  run: string,
  piece: Piece,
  /** With the last piece, the payloads that waited in the group of a join or an `all` task; none if they are in pieces. */
  consumed: readonly WaitingRow[],
  changes: Changes,
): void {
  const block = blockOf(plan, piece.block);
  const counts = countsOf(changes, block.id);
  if (piece.of === 'join') {
    for (const payload of piece.payloads) makeTasks(plan, run, block, payload, changes);
  } else {
    counts.good += piece.payloads.filter(({ state }) => state === 'ok').length;
    for (const payload of piece.payloads) {
      changes.results.push(payload);
      deliver(plan, run, block, payload, changes);
    }
  }
  release(plan, block, piece.usedUp ?? [], changes);
  if (!piece.last) return;
  if (piece.of === 'task') {
    const id = taskId(run, block.id, piece.key, piece.sample);
    if (piece.ends?.status === 'passed') counts.tasks -= 1;
    endTask(plan, block, { id, key: piece.key, sample: piece.sample }, piece.ends, changes);
  } else {
    counts.openWork -= 1;
    changes.groupStates.push({ block: block.id, key: piece.key, state: 'fired', round: 1 });
  }
  release(plan, block, consumed, changes);
}

/** What it made is there. A failed or passed-by task ends its loop by its own rules. */
export function endTask(
  plan: Plan,
  block: PlannedBlock,
  { id, key, sample }: Pick<TaskRow, 'id' | 'key' | 'sample'>,
  ends: EndOfTask | undefined,
  changes: Changes,
): void {
  const counts = countsOf(changes, block.id);
  if (ends === undefined) {
    counts.done += 1;
    changes.statuses.push({ id, block: block.id, status: 'done' });
  } else if (ends.status === 'passed') {
    counts.skipped += 1;
    changes.removed.push(id);
  } else {
    counts.failed += 1;
    changes.losses += 1;
    changes.statuses.push({ id, block: block.id, status: ends.status, error: ends.error });
  }
  countOpen(plan, block, { signature: block.taskSignature, key }, -1, changes);
  if (block.repeat && ends)
    changes.groupStates.push({ block: block.id, key, state: 'closed', round: sample });
}

/** What a step may make. */
export interface Room {
  readonly mostRows: number;
  /** Rows that others have made in the same step. */
  readonly beside: number;
}

/** Cuts what a task brings about. Undefined: it may be born at once. */
export function cutTask(
  plan: Plan,
  task: Pick<TaskRow, 'block' | 'key' | 'sample'>,
  {
    payloads,
    consumed,
    ends,
  }: { payloads: readonly ResultRow[]; consumed: readonly WaitingRow[]; ends?: EndOfTask },
  room: Room,
): Expansion | undefined {
  const block = blockOf(plan, task.block);
  const pieces = piecesOfMade(plan, block, payloads, room);
  const usedUp = piecesOfUsedUp(plan, block, consumed, room.mostRows);
  if (!pieces && !usedUp) return undefined;
  return {
    of: 'task',
    block: block.id,
    key: task.key,
    sample: task.sample,
    pieces: pieces ?? (payloads.length > 0 ? [payloads] : []),
    ...(usedUp ? { usedUp } : {}),
    ...(ends ? { ends } : {}),
  };
}

/** As `cutTask`, of what a group has joined. */
export function cutJoined(
  plan: Plan,
  block: PlannedBlock,
  { key, waiting }: { key: string; waiting: readonly WaitingRow[] },
  payloads: readonly JoinedPayload[],
  mostRows: number,
): Expansion | undefined {
  const pieces = piecesOf(payloads, mostRows / tasksOf(block));
  const usedUp = piecesOfUsedUp(plan, block, waiting, mostRows);
  if (!pieces && !usedUp) return undefined;
  return {
    of: 'join',
    block: block.id,
    key,
    pieces: pieces ?? (payloads.length > 0 ? [payloads] : []),
    ...(usedUp ? { usedUp } : {}),
  };
}

/** Answers that come together may make so many times what one may make at once, small ones not counted. */
const TOGETHER = 20;

function piecesOfMade(
  plan: Plan,
  block: PlannedBlock,
  payloads: readonly ResultRow[],
  { mostRows, beside }: Room,
): (readonly ResultRow[])[] | undefined {
  const rowsOfEach = rowsOfResult(plan, block);
  const pieces = piecesOf(payloads, mostRows / rowsOfEach);
  if (pieces) return pieces;
  const small = payloads.length * rowsOfEach <= mostRows / TOGETHER;
  return small || beside < TOGETHER * mostRows ? undefined : [payloads];
}

/** Each of them may be the last that a group of its own waits for. */
function piecesOfUsedUp(
  plan: Plan,
  block: PlannedBlock,
  waiting: readonly WaitingRow[],
  mostRows: number,
): WaitingRow[][] | undefined {
  if (waiting.some(({ count }) => count !== undefined)) return undefined;
  let rows = 0;
  for (const id of finerBelow(plan, block)) rows += tasksOf(blockOf(plan, id));
  return rows === 0 ? undefined : piecesOf(waiting, mostRows / rows);
}

function piecesOf<Payload>(payloads: readonly Payload[], most: number): Payload[][] | undefined {
  const ofPiece = Math.max(1, Math.floor(most));
  if (payloads.length <= ofPiece) return undefined;
  return Array.from({ length: Math.ceil(payloads.length / ofPiece) }, (_, n) =>
    payloads.slice(n * ofPiece, (n + 1) * ofPiece),
  );
}

/** Its result, and what its payload becomes at each block below: tasks, or one that waits. */
function rowsOfResult(plan: Plan, block: PlannedBlock): number {
  let rows = 0;
  for (const id of block.below) {
    const below = blockOf(plan, id);
    rows += below.scope === undefined ? tasksOf(below) : 1;
  }
  return Math.max(1, rows);
}

function tasksOf({ when, times }: PlannedBlock): number {
  return when === undefined ? times : 1;
}
