/**
 * What brings about more rows than one transaction should write is born piece by piece, a step each, other work in
 * between. Meanwhile the task that made the payloads counts as open, or, of a join, its group, and what waits in a group
 * counts too: until the last piece. So no group below takes a part for the whole: if several of the payloads belong to
 * it, its segments are older than they are, and the task, or a payload that waits for it, has them all; for segments
 * that come to be here a payload is alone.
 */
import { blockOf, countOpen, countsOf, release, type Changes } from './changes.js';
import { deliver, makeTasks } from './deliver.js';
import type { JoinedPayload } from './join-waiting.js';
import { taskId } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import type { ResultRow, WaitingRow } from './rows.js';

/** What a task has made, or a join has joined, cut into what each step takes. */
export type Expansion =
  | OfTask<{ readonly pieces: readonly (readonly ResultRow[])[] }>
  | OfJoin<{ readonly pieces: readonly (readonly JoinedPayload[])[] }>;

/** One of them. */
export type Piece =
  | OfTask<{ readonly payloads: readonly ResultRow[]; readonly last: boolean }>
  | OfJoin<{ readonly payloads: readonly JoinedPayload[]; readonly last: boolean }>;

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
  /** With the last piece, the payloads that waited in the group of a join or an `all` task; else none. */
  consumed: readonly WaitingRow[],
  changes: Changes,
): void {
  const block = blockOf(plan, piece.block);
  const counts = countsOf(changes, block.id);
  if (piece.of === 'join') {
    for (const payload of piece.payloads) makeTasks(plan, run, block, payload, changes);
    if (!piece.last) return;
    counts.openWork -= 1;
    changes.groupStates.push({ block: block.id, key: piece.key, state: 'fired', round: 1 });
  } else {
    counts.good += piece.payloads.length;
    for (const payload of piece.payloads) {
      changes.results.push(payload);
      deliver(plan, run, block, payload, changes);
    }
    if (!piece.last) return;
    const id = taskId(run, block.id, piece.key, piece.sample);
    counts.done += 1;
    changes.statuses.push({ id, block: block.id, status: 'done' });
    countOpen(plan, block, { signature: block.taskSignature, key: piece.key }, -1, changes);
  }
  release(plan, block, consumed, changes);
}

/** Answers that come together may make so many times what one may make at once, small ones not counted. */
const TOGETHER = 20;

/** The pieces of what a task has made; undefined: it is born at once. */
export function piecesOfMade(
  plan: Plan,
  block: PlannedBlock,
  payloads: readonly ResultRow[],
  {
    mostRows,
    beside,
  }: { mostRows: number; /** Rows that others have made in the same step. */ beside: number },
): (readonly ResultRow[])[] | undefined {
  const rowsOfEach = rowsOfResult(plan, block);
  const pieces = piecesOf(payloads, mostRows / rowsOfEach);
  if (pieces) return pieces;
  const small = payloads.length * rowsOfEach <= mostRows / TOGETHER;
  return small || beside < TOGETHER * mostRows ? undefined : [payloads];
}

/** The pieces of what a group has joined; undefined: it is born at once. */
export function piecesOfJoined(
  block: PlannedBlock,
  payloads: readonly JoinedPayload[],
  mostRows: number,
): JoinedPayload[][] | undefined {
  return piecesOf(payloads, mostRows / tasksOf(block));
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
