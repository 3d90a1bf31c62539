/**
 * What follows from settled tasks, due groups and evaluated expressions: values in, values out. The store brings the
 * rows, applies the changes, and asks again until no group is due. Each change is one set of rows, whatever its size.
 *
 * Invariants (numbers as in the reference of workflow semantics):
 * 1. A task id exists once and settles at most once: ids are derived, settlement is the store's compare-and-set.
 * 2. A result row is written once; that of a loop's evaluating block only when the loop ends.
 * 3. A block's open work = its open tasks + payloads waiting at it + its groups that have yet to fire (and, under
 *    `fail`, one for each group whose loop is exhausted). The run's is the sum.
 * 4. A group's open work = the open work at the blocks above it whose key has the group's segments.
 * 5. A group fires only at 0, in plan order; nothing arrives after, but at a loop's evaluating block in a new round.
 *    So what comes is always added before what went is taken, in one change: no counter passes 0 in mid-step.
 * 6. A task's input is final when it is made.
 * 7. Order and keys come from definition and results alone: arrival order never shows.
 * 12. The rows of a change are proportional to the events and to the rows that it makes.
 * 13. Every error that does not stop the run is a loss, and only such.
 *
 * The store keeps the others, and what is decided here relies on them:
 * 8. Requested tasks are at most the block's `concurrency`; none is newly requested unless the run is `running`.
 * 9. An ended run has no requested task; only a retry changes it.
 * 10. Attempts of a task rise by one.
 * 11. A requested task's message is in the outbox or acknowledged.
 * 14. A reused task has an equal input hash and no request.
 */
import { blockOf, countOpen, countsOf, look, noChanges, release, rowsMade, type Changes } from './changes.js';
import { deliver, makeTask, makeTasks } from './deliver.js';
import { cutJoined, cutTask, endTask, expandPiece, type EndOfTask, type Piece, type Room } from './expand.js';
import { joinAtMost } from './join-waiting.js';
import { taskId } from './keys.js';
import { endLoop, endRound, type LoopState } from './loop.js';
import { keptPayloads, madePayloads, passedPayloads, type SettledTask } from './made-payloads.js';
import type { Plan, PlannedBlock } from './plan.js';
import { sampleOfAll } from './rounds.js';
import type { ResultRow, TaskError, TaskRow, WaitingRow } from './rows.js';

/** The start of a run: the empty payload reaches the blocks without needs; every whole-run group exists. */
export function decideStart(plan: Plan, run: string): Changes {
  const changes = noChanges();
  for (const block of plan.blocks) {
    if (block.scope?.length === 0) look(changes, block.id, '');
    if (block.needs.length === 0) makeTasks(plan, run, block, { key: '', ord: [] }, changes);
  }
  return changes;
}

/** A settled task; one of a loop's evaluating block comes with the loop. */
export type Settled = SettledTask & { readonly loop?: LoopState };

/**
 * What settled tasks bring about. A task whose outcome breaks the rules of its type fails with `bad-result`; one that
 * brings about more than `mostRows` rows, or comes behind many that have, becomes an expansion.
 */
export function decideSettled(
  plan: Plan,
  run: string,
  settled: readonly Settled[],
  mostRows = Infinity,
  /** Rows of other runs in the same step. */
  beside = 0,
): Changes {
  const changes = noChanges();
  for (const one of settled)
    settleOne(plan, run, one, { mostRows, beside: beside + rowsMade(changes) }, changes);
  return changes;
}

/** What a piece of an expansion brings about. Each is taken once, the last behind all others. */
export function decideExpanded(
  plan: Plan,
  run: string,
  piece: Piece,
  /** With the last piece, what waits in the group of a join or an `all` task; else none. */
  consumed: readonly WaitingRow[],
): Changes {
  const changes = noChanges();
  expandPiece(plan, run, piece, consumed, changes);
  return changes;
}

export interface DueGroup {
  readonly block: string;
  readonly key: string;
  readonly round: number;
  readonly waiting: readonly WaitingRow[];
  /** Order vector of the payload of `per` with the group's key; empty without `per`. */
  readonly ord: readonly number[];
  readonly loop?: LoopState;
}

/** What firing does: groups of one block, all due. A join that makes more than `mostRows` tasks becomes an expansion. */
export function decideFired(plan: Plan, run: string, due: readonly DueGroup[], mostRows = Infinity): Changes {
  const changes = noChanges();
  for (const group of due) fireOne(plan, run, group, mostRows, changes);
  return changes;
}

/** What an expression came to. */
export type Verdict = { readonly holds: boolean } | { readonly error: TaskError };

export interface EvaluatedWhen {
  readonly task: TaskRow;
  readonly consumed: readonly WaitingRow[];
  readonly verdict: Verdict;
}

/** What evaluated `when`s bring about: tasks begin, are passed by, or fail. */
export function decideWhen(
  plan: Plan,
  run: string,
  evaluated: readonly EvaluatedWhen[],
  mostRows = Infinity,
): Changes {
  const changes = noChanges();
  for (const one of evaluated) {
    const room = { mostRows, beside: rowsMade(changes) };
    if ('error' in one.verdict) failSamples(plan, run, one, { error: one.verdict.error, room }, changes);
    else if (one.verdict.holds) begin(plan, run, one.task, changes);
    else passBy(plan, run, one, room, changes);
  }
  return changes;
}

export interface EvaluatedUntil {
  /** The last task of the loop's evaluating block; its sample is the round. */
  readonly task: TaskRow;
  /** What it made. */
  readonly made: readonly ResultRow[];
  readonly waiting: readonly WaitingRow[];
  readonly loop: LoopState;
  readonly verdict: Verdict;
}

/** What evaluated `until`s bring about: loops end, begin another round, or their last task fails. */
export function decideUntil(plan: Plan, run: string, evaluated: readonly EvaluatedUntil[]): Changes {
  const changes = noChanges();
  for (const { task, made, waiting, loop, verdict } of evaluated) {
    const block = blockOf(plan, task.block);
    const group = { block, key: task.key, round: task.sample, loop, waiting };
    if ('error' in verdict) {
      countsOf(changes, block.id).done -= 1;
      countOpen(plan, block, { signature: block.taskSignature, key: task.key }, +1, changes);
      if (block.onError === 'fail')
        changes.groupStates.push({ block: block.id, key: task.key, state: 'fired', round: task.sample });
      const room = { mostRows: Infinity, beside: 0 };
      failOne(plan, run, { task, consumed: waiting }, { error: verdict.error, room }, changes);
    } else endRound(plan, run, group, made, verdict.holds, changes);
  }
  return changes;
}

/** A `when` that failed and is to be asked again: of a task's samples the first is evaluated, the others go. */
export function decideAskAgain(plan: Plan, failed: readonly TaskRow[]): Changes {
  const changes = noChanges();
  for (const task of failed) {
    const block = blockOf(plan, task.block);
    const counts = countsOf(changes, block.id);
    counts.tasks -= 1;
    counts.failed -= 1;
    if (block.input === 'all' || task.sample === 1) continue;
    changes.removed.push(task.id);
    countOpen(plan, block, { signature: block.taskSignature, key: task.key }, -1, changes);
  }
  return changes;
}

function settleOne(plan: Plan, run: string, settled: Settled, room: Room, changes: Changes): void {
  const { task, consumed, loop } = settled;
  const block = blockOf(plan, task.block);
  const made = madePayloads(plan, block, settled);
  if ('error' in made) {
    failOne(plan, run, settled, { error: made.error, room }, changes);
    return;
  }
  if (block.repeat && loop) {
    countsOf(changes, block.id).done += 1;
    changes.statuses.push({ id: task.id, block: block.id, status: 'done' });
    changes.outcomes.push({ id: task.id, payloads: made.payloads });
    const group = { block, key: task.key, round: task.sample, loop, waiting: consumed };
    if (block.repeat.until === undefined)
      endRound(plan, run, group, made.payloads, made.payloads.length > 0, changes);
    else changes.groupStates.push({ block: block.id, key: task.key, state: 'deciding', round: task.sample });
    countOpen(plan, block, { signature: block.taskSignature, key: task.key }, -1, changes);
    return;
  }
  end(plan, run, { task, payloads: made.payloads, consumed }, room, changes);
}

/** The task is over: at once, or with the last piece of what it brings about. Returns whether at once. */
function end(
  plan: Plan,
  run: string,
  of: { task: TaskRow; payloads: readonly ResultRow[]; consumed: readonly WaitingRow[]; ends?: EndOfTask },
  room: Room,
  changes: Changes,
): boolean {
  const { task, payloads, consumed, ends } = of;
  const block = blockOf(plan, task.block);
  const expansion = cutTask(plan, task, of, room);
  if (expansion) {
    changes.statuses.push({ id: task.id, block: block.id, status: 'expanding' });
    changes.expansions.push(expansion);
    return false;
  }
  countsOf(changes, block.id).good += payloads.filter(({ state }) => state === 'ok').length;
  goOn(plan, run, block, payloads, changes);
  endTask(plan, block, task, ends, changes);
  release(plan, block, consumed, changes);
  return true;
}

/** A task that failed for good. Under `fail` it keeps counting as open. */
function failOne(
  plan: Plan,
  run: string,
  { task, consumed }: { task: TaskRow; consumed: readonly WaitingRow[] },
  { error, room }: { error: TaskError; room: Room },
  changes: Changes,
): void {
  const block = blockOf(plan, task.block);
  if (block.onError === 'fail') {
    countsOf(changes, block.id).failed += 1;
    changes.statuses.push({ id: task.id, block: block.id, status: 'failed', error });
    changes.failure ??= { block: block.id, error };
    return;
  }
  const status = block.onError === 'drop' ? 'dropped' : 'kept';
  const payloads = status === 'kept' ? keptPayloads(plan, block, task, consumed, error) : [];
  end(plan, run, { task, payloads, consumed, ends: { status, error } }, room, changes);
}

/** A task whose `when` came true, with the samples that stood behind it. */
function begin(plan: Plan, run: string, task: TaskRow, changes: Changes): void {
  const block = blockOf(plan, task.block);
  changes.begun.push(task);
  countsOf(changes, block.id).tasks += 1;
  if (block.input === 'all') return;
  for (let sample = 2; sample <= block.times; sample += 1) makeTask(plan, run, block, task, sample, changes);
}

function passBy(
  plan: Plan,
  run: string,
  { task, consumed }: Pick<EvaluatedWhen, 'task' | 'consumed'>,
  room: Room,
  changes: Changes,
): void {
  const payloads = passedPayloads(plan, blockOf(plan, task.block), task, consumed);
  const atOnce = end(plan, run, { task, payloads, consumed, ends: { status: 'passed' } }, room, changes);
  // Its row stays till then, and counts.
  if (!atOnce) countsOf(changes, task.block).tasks += 1;
}

/** A `when` that throws fails its task: all its samples. */
function failSamples(
  plan: Plan,
  run: string,
  { task, consumed }: EvaluatedWhen,
  { error, room }: { error: TaskError; room: Room },
  changes: Changes,
): void {
  const block = blockOf(plan, task.block);
  countsOf(changes, block.id).tasks += 1;
  failOne(plan, run, { task, consumed }, { error, room }, changes);
  if (block.input === 'all') return;
  const status = block.onError === 'fail' ? 'failed' : block.onError === 'drop' ? 'dropped' : 'kept';
  for (let sample = 2; sample <= block.times; sample += 1) {
    const sibling = { ...task, id: taskId(run, block.id, task.key, sample), sample };
    changes.tasks.push({ ...sibling, status, error });
    countsOf(changes, block.id).tasks += 1;
    countsOf(changes, block.id).failed += 1;
    if (status === 'failed')
      countOpen(plan, block, { signature: block.taskSignature, key: task.key }, +1, changes);
    else changes.losses += 1;
    if (status === 'kept') goOn(plan, run, block, keptPayloads(plan, block, sibling, [], error), changes);
  }
}

function goOn(
  plan: Plan,
  run: string,
  block: PlannedBlock,
  payloads: readonly ResultRow[],
  changes: Changes,
): void {
  for (const payload of payloads) {
    changes.results.push(payload);
    deliver(plan, run, block, payload, changes);
  }
}

function fireOne(plan: Plan, run: string, group: DueGroup, mostRows: number, changes: Changes): void {
  const block = blockOf(plan, group.block);
  const counts = countsOf(changes, block.id);
  if (group.waiting.some(({ count }) => count !== undefined)) {
    counts.openWork -= 1;
    const payloads = group.waiting.reduce((sum, { count = 1 }) => sum + count, 0);
    fireAll(plan, run, group, payloads, changes);
    return;
  }
  const joined = joinAtMost(plan, block, group.waiting, plan.maxPayloads);
  if (!joined) {
    // It keeps waiting, and counting, in a run that ends.
    changes.groupStates.push({ block: block.id, key: group.key, state: 'open', round: group.round });
    const message = `It joins more payloads than maxPayloads (${plan.maxPayloads})`;
    changes.failure ??= { block: block.id, error: { code: 'too-many-payloads', message }, final: true };
    return;
  }
  const { payloads, unmatched } = joined;
  const endsHere =
    block.input === 'each' || (!block.repeat && payloads.length === 0 && block.per !== undefined);
  const expansion = endsHere ? cutJoined(plan, block, group, payloads, mostRows) : undefined;
  if (expansion) {
    counts.unmatched += unmatched;
    changes.groupStates.push({ block: block.id, key: group.key, state: 'expanding', round: group.round });
    changes.expansions.push(expansion);
    return;
  }
  counts.openWork -= 1;
  if (block.repeat && group.loop) {
    fireRound(plan, run, group, payloads.length, changes);
    return;
  }
  counts.unmatched += unmatched;
  if (block.input === 'all') {
    if (payloads.length === 0 && block.per !== undefined) release(plan, block, group.waiting, changes);
    else fireAll(plan, run, group, payloads.length, changes);
    return;
  }
  for (const payload of payloads) makeTasks(plan, run, block, payload, changes);
  release(plan, block, group.waiting, changes);
}

/** The waiting payloads count until the task settles: a finer group below must not fire before. */
function fireAll(plan: Plan, run: string, group: DueGroup, payloads: number, changes: Changes): void {
  const block = blockOf(plan, group.block);
  const sample = sampleOfAll(plan, block, group.key, group.round);
  const of = { key: group.key, ord: group.ord, payloads };
  makeTask(plan, run, block, of, sample, changes, block.when === undefined ? undefined : 'evaluating');
}

/** A loop in which nothing is open any more: asks the evaluating block, if there is any candidate. */
function fireRound(plan: Plan, run: string, due: DueGroup, candidates: number, changes: Changes): void {
  const block = blockOf(plan, due.block);
  const { key, round, waiting, loop } = due;
  const group = { block, key, round, waiting, loop: loop! };
  if (candidates > 0) {
    const of = { key, ord: due.ord, payloads: candidates };
    const evaluates = block.when !== undefined && !loop!.asked;
    makeTask(plan, run, block, of, round, changes, evaluates ? 'evaluating' : undefined);
  } else if (loop!.reached) endRound(plan, run, group, undefined, false, changes);
  else endLoop(plan, run, group, [], changes);
}
