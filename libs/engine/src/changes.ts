import type { Expansion } from './expand.js';
import { cutKey } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import type { NewTask, ResultRow, TaskError, TaskRow, TaskStatus, WaitingRow } from './rows.js';

/** Sums to add to a block's row. */
export interface BlockCounts {
  openWork: number;
  tasks: number;
  done: number;
  failed: number;
  skipped: number;
  unmatched: number;
  good: number;
}

export interface GroupCount {
  readonly block: string;
  readonly key: string;
  delta: number;
}

/**
 * `open`: has yet to fire. `fired`: its task is out, or its payloads went on. `deciding`: `until` is being evaluated.
 * `expanding`: what it joined is born piece by piece. `closed`: its loop has ended. `exhausted`: its loop ended under `fail`; it keeps counting.
 */
export type GroupState = 'open' | 'expanding' | 'fired' | 'deciding' | 'closed' | 'exhausted';

/** One set operation a field; empty sets are left out by the store. */
export interface Changes {
  readonly statuses: { id: string; block: string; status: TaskStatus; error?: TaskError }[];
  readonly results: ResultRow[];
  readonly tasks: NewTask[];
  /** Tasks whose `when` came true: they are requested like new ones. */
  readonly begun: TaskRow[];
  /** Tasks that were passed by: their rows go. */
  readonly removed: string[];
  /** What tasks of a loop made, kept until the loop ends. */
  readonly outcomes: { id: string; payloads: readonly ResultRow[] }[];
  /** What is to be born piece by piece, in steps of their own. */
  readonly expansions: Expansion[];
  readonly waiting: WaitingRow[];
  /** Net sums by group; a group with 0 is here because a payload now waits in it. */
  readonly groups: Map<string, GroupCount>;
  readonly groupStates: { block: string; key: string; state: GroupState; round: number }[];
  readonly blocks: Map<string, BlockCounts>;
  /** Tasks that were dropped or kept, groups that a loop dropped. */
  losses: number;
  /** Set when an error under `fail` stops the run. */
  failure: { block: string; error: TaskError; final?: boolean } | undefined;
}

export function noChanges(): Changes {
  return {
    statuses: [],
    results: [],
    tasks: [],
    begun: [],
    removed: [],
    outcomes: [],
    expansions: [],
    waiting: [],
    groups: new Map(),
    groupStates: [],
    blocks: new Map(),
    losses: 0,
    failure: undefined,
  };
}

/** What they make: results, and what comes of them below. */
export function rowsMade({ results, tasks, waiting }: Changes): number {
  return results.length + tasks.length + waiting.length;
}

export function countsOf(changes: Changes, block: string): BlockCounts {
  let counts = changes.blocks.get(block);
  if (!counts) {
    counts = { openWork: 0, tasks: 0, done: 0, failed: 0, skipped: 0, unmatched: 0, good: 0 };
    changes.blocks.set(block, counts);
  }
  return counts;
}

/** Adds open work at a block: to the block, and to every group that waits for it and whose segments the key has. */
export function countOpen(
  plan: Plan,
  block: PlannedBlock,
  of: { signature: readonly string[]; key: string },
  delta: number,
  changes: Changes,
): void {
  countsOf(changes, block.id).openWork += delta;
  for (const id of block.countedBy) {
    const scope = blockOf(plan, id).scope!;
    if (!scope.every((segment) => of.signature.includes(segment))) continue;
    look(changes, id, cutKey(of.key, scope)).delta += delta;
  }
}

/** The group is to be looked at, whether its count changes or not. */
export function look(changes: Changes, block: string, key: string): GroupCount {
  const name = `${block}\n${key}`;
  let group = changes.groups.get(name);
  if (!group) {
    group = { block, key, delta: 0 };
    changes.groups.set(name, group);
  }
  return group;
}

/** The payloads that waited in a group wait no more. */
export function release(
  plan: Plan,
  block: PlannedBlock,
  waiting: readonly WaitingRow[],
  changes: Changes,
): void {
  for (const { need, key, count = 1 } of waiting)
    countOpen(plan, block, { signature: blockOf(plan, need).signature, key }, -count, changes);
}

export function blockOf(plan: Plan, id: string): PlannedBlock {
  const block = plan.byId.get(id);
  if (!block) throw new Error(`The plan has no block "${id}": rows and plan belong to different versions`);
  return block;
}
