/**
 * What follows from settled tasks and due groups: values in, values out. The store brings the rows, applies the
 * changes, and asks again until no group is due. Each change is one set of rows, whatever its size.
 *
 * Invariants (numbers as in the reference of the engine's semantics):
 * 1. A task id exists once and settles at most once: ids are derived, settlement is the store's compare-and-set.
 * 2. A result row is written once.
 * 3. A block's open work = its open tasks + payloads waiting at it + its groups that have yet to fire.
 * 4. A group's open work = the open work at the blocks above it whose key has the group's segments.
 * 5. A group fires only at 0, in plan order; nothing arrives after. So what comes is always added before what went
 *    is taken, in one change: no counter passes 0 in mid-step.
 * 7. Order and keys come from definition and results alone: arrival order never shows.
 */
import { appendSegment, cutKey, joinKeys, outputLabels, taskId } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';

export interface TaskRow {
  readonly id: string;
  readonly block: string;
  /** Of its payload (`each`) or group (`all`). */
  readonly key: string;
  readonly ord: readonly number[];
  readonly sample: number;
  /** How many payloads an `all` task's list has. */
  readonly payloads?: number;
}

export interface WaitingRow {
  readonly block: string;
  /** The group's key. */
  readonly group: string;
  /** The block it came from. */
  readonly need: string;
  readonly key: string;
  readonly ord: readonly number[];
}

export interface ResultRow {
  readonly block: string;
  readonly key: string;
  readonly ord: readonly number[];
  readonly state: 'ok' | 'passed' | 'error';
  readonly value: unknown;
  /** A pointer to the object store instead of the value. */
  readonly ref?: unknown;
}

export interface TaskError {
  readonly code: string;
  readonly message: string;
}

export type Outcome =
  | {
      readonly kind: 'outputs';
      readonly outputs: readonly { id?: string; result?: unknown; ref?: unknown }[];
    }
  | { readonly kind: 'picks'; readonly picks: readonly { key: string; result: unknown }[] }
  | { readonly kind: 'error'; readonly error: TaskError };

export interface SettledTask {
  readonly task: TaskRow;
  readonly outcome: Outcome;
  /** The payloads of an `all` task's group, as its waiting rows; empty for `each`. */
  readonly consumed: readonly WaitingRow[];
}

export interface DueGroup {
  readonly block: string;
  readonly key: string;
  readonly waiting: readonly WaitingRow[];
  /** Order vector of the payload of `per` with the group's key; empty without `per`. */
  readonly ord: readonly number[];
}

export type TaskStatus = 'done' | 'failed' | 'dropped' | 'kept';

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

/** One set operation a field; empty sets are left out by the store. */
export interface Changes {
  readonly statuses: { id: string; block: string; status: TaskStatus; error?: TaskError }[];
  readonly results: ResultRow[];
  readonly tasks: TaskRow[];
  readonly waiting: WaitingRow[];
  /** Net sums by group; a group with 0 is here because a payload now waits in it. */
  readonly groups: Map<string, GroupCount>;
  readonly fired: { block: string; key: string }[];
  readonly blocks: Map<string, BlockCounts>;
  /** Tasks that were dropped or kept. */
  losses: number;
  /** Set when an error under `fail` stops the run. */
  failure: { block: string; error: TaskError } | undefined;
}

export function noChanges(): Changes {
  return {
    statuses: [],
    results: [],
    tasks: [],
    waiting: [],
    groups: new Map(),
    fired: [],
    blocks: new Map(),
    losses: 0,
    failure: undefined,
  };
}

/** The start of a run: the empty payload reaches the blocks without needs; every whole-run group exists. */
export function decideStart(plan: Plan, run: string): Changes {
  const changes = noChanges();
  for (const block of plan.blocks) {
    if (block.scope?.length === 0) look(changes, block.id, '');
    if (block.needs.length === 0) makeTasks(plan, run, block, { key: '', ord: [] }, changes);
  }
  return changes;
}

/** What settled tasks bring about. A task whose outcome breaks the rules of its type fails with `bad-result`. */
export function decideSettled(plan: Plan, run: string, settled: readonly SettledTask[]): Changes {
  const changes = noChanges();
  for (const one of settled) settleOne(plan, run, one, changes);
  return changes;
}

/** What firing does: groups of one block, all due. */
export function decideFired(plan: Plan, run: string, due: readonly DueGroup[]): Changes {
  const changes = noChanges();
  for (const group of due) fireOne(plan, run, group, changes);
  return changes;
}

function settleOne(plan: Plan, run: string, settled: SettledTask, changes: Changes): void {
  const { task } = settled;
  const block = blockOf(plan, task.block);
  const made = madePayloads(block, settled);
  const outcome: Outcome = 'error' in made ? { kind: 'error', error: made.error } : settled.outcome;
  const counts = countsOf(changes, block.id);

  if ('error' in made && block.onError === 'fail') {
    counts.failed += 1;
    changes.statuses.push({ id: task.id, block: block.id, status: 'failed', error: made.error });
    changes.failure ??= { block: block.id, error: made.error };
    return;
  }
  if ('error' in made) {
    counts.failed += 1;
    changes.losses += 1;
    const status = block.onError === 'drop' ? 'dropped' : 'kept';
    changes.statuses.push({ id: task.id, block: block.id, status, error: made.error });
  } else {
    counts.done += 1;
    counts.good += made.payloads.length;
    changes.statuses.push({ id: task.id, block: block.id, status: 'done' });
  }

  const payloads =
    'payloads' in made
      ? made.payloads
      : block.onError === 'keep'
        ? keptPayloads(block, settled, (outcome as { error: TaskError }).error)
        : [];
  for (const payload of payloads) {
    changes.results.push(payload);
    deliver(plan, run, block, payload, changes);
  }

  countOpen(plan, block, block.taskSignature, task.key, -1, changes);
  for (const row of settled.consumed)
    countOpen(plan, block, blockOf(plan, row.need).signature, row.key, -1, changes);
}

type Made = { payloads: ResultRow[] } | { error: TaskError };

/** The payloads that a successful outcome makes, or why it breaks the rules. */
function madePayloads(block: PlannedBlock, { task, outcome, consumed }: SettledTask): Made {
  if (outcome.kind === 'error') return { error: outcome.error };
  if (block.output === 'pick') {
    if (outcome.kind !== 'picks') return badResult(`A ${block.type} block answers with picks`);
    const group = new Set(consumed.map((row) => row.key));
    const seen = new Set<string>();
    for (const { key } of outcome.picks) {
      if (!group.has(key)) return badResult(`Picked "${key}", which is not among the payloads of its group`);
      if (seen.has(key)) return badResult(`Picked "${key}" twice`);
      seen.add(key);
    }
    return {
      payloads: outcome.picks.map(({ key, result }, position) => ({
        block: block.id,
        key,
        ord: [...task.ord, position + 1],
        state: 'ok',
        value: result,
      })),
    };
  }
  if (outcome.kind !== 'outputs') return badResult(`A ${block.type} block answers with outputs, not picks`);
  if (block.output === 'one') {
    const [output, ...others] = outcome.outputs;
    if (!output || others.length > 0) return badResult(`Expected one output, got ${outcome.outputs.length}`);
    const key = block.samples ? appendSegment(task.key, block.id, String(task.sample)) : task.key;
    const ord = block.samples ? [...task.ord, task.sample] : task.ord;
    return { payloads: [resultRow(block.id, key, ord, output)] };
  }
  const labels = outputLabels(outcome.outputs);
  if ('error' in labels) return badResult(labels.message);
  return {
    payloads: outcome.outputs.map((output, position) =>
      resultRow(
        block.id,
        appendSegment(task.key, block.id, labels.labels[position]!),
        [...task.ord, position + 1],
        output,
      ),
    ),
  };
}

function resultRow(
  block: string,
  key: string,
  ord: readonly number[],
  output: { result?: unknown; ref?: unknown },
): ResultRow {
  const row = { block, key, ord, state: 'ok' as const, value: output.result ?? null };
  return output.ref === undefined ? row : { ...row, ref: output.ref };
}

function badResult(message: string): { error: TaskError } {
  return { error: { code: 'bad-result', message } };
}

/** `keep`: goes on with the error, keys as for success; `many` takes label 0, a pick passes all in order. */
function keptPayloads(block: PlannedBlock, { task, consumed }: SettledTask, error: TaskError): ResultRow[] {
  const value = { error: { code: error.code, message: error.message } };
  if (block.output === 'pick') {
    const needs = new Map(block.needs.map((need, position) => [need.block, position]));
    return [...consumed]
      .sort((a, b) => needs.get(a.need)! - needs.get(b.need)! || compareOrd(a.ord, b.ord))
      .map((row, position) => ({
        block: block.id,
        key: row.key,
        ord: [...task.ord, position + 1],
        state: 'error',
        value,
      }));
  }
  if (block.output === 'many') {
    const key = appendSegment(task.key, block.id, '0');
    return [{ block: block.id, key, ord: [...task.ord, 0], state: 'error', value }];
  }
  const key = block.samples ? appendSegment(task.key, block.id, String(task.sample)) : task.key;
  const ord = block.samples ? [...task.ord, task.sample] : task.ord;
  return [{ block: block.id, key, ord, state: 'error', value }];
}

/** A payload of `from` reaches every block that needs it: it becomes tasks there, or waits for its group. */
function deliver(
  plan: Plan,
  run: string,
  from: PlannedBlock,
  payload: { key: string; ord: readonly number[] },
  changes: Changes,
): void {
  for (const id of from.below) {
    const block = blockOf(plan, id);
    if (block.scope === undefined) {
      makeTasks(plan, run, block, payload, changes);
      continue;
    }
    const group = cutKey(payload.key, block.scope);
    changes.waiting.push({ block: id, group, need: from.id, key: payload.key, ord: payload.ord });
    look(changes, id, group);
    countOpen(plan, block, from.signature, payload.key, +1, changes);
  }
}

function makeTasks(
  plan: Plan,
  run: string,
  block: PlannedBlock,
  payload: { key: string; ord: readonly number[] },
  changes: Changes,
): void {
  for (let sample = 1; sample <= block.times; sample += 1)
    makeTask(plan, run, block, payload, sample, changes);
}

function makeTask(
  plan: Plan,
  run: string,
  block: PlannedBlock,
  of: { key: string; ord: readonly number[]; payloads?: number },
  sample: number,
  changes: Changes,
): void {
  changes.tasks.push({
    id: taskId(run, block.id, of.key, sample),
    block: block.id,
    key: of.key,
    ord: of.ord,
    sample,
    ...(of.payloads === undefined ? {} : { payloads: of.payloads }),
  });
  countsOf(changes, block.id).tasks += 1;
  countOpen(plan, block, block.taskSignature, of.key, +1, changes);
}

function fireOne(plan: Plan, run: string, group: DueGroup, changes: Changes): void {
  const block = blockOf(plan, group.block);
  changes.fired.push({ block: block.id, key: group.key });
  countsOf(changes, block.id).openWork -= 1;

  const { payloads, unmatched } = joinWaiting(plan, block, group.waiting);
  countsOf(changes, block.id).unmatched += unmatched;
  if (block.input === 'all') {
    if (payloads.length === 0 && block.per !== undefined) release(plan, block, group.waiting, changes);
    // The waiting payloads count until the task settles: a finer group below must not fire before.
    else
      makeTask(plan, run, block, { key: group.key, ord: group.ord, payloads: payloads.length }, 1, changes);
    return;
  }
  for (const payload of payloads) makeTasks(plan, run, block, payload, changes);
  release(plan, block, group.waiting, changes);
}

function release(plan: Plan, block: PlannedBlock, waiting: readonly WaitingRow[], changes: Changes): void {
  for (const row of waiting) countOpen(plan, block, blockOf(plan, row.need).signature, row.key, -1, changes);
}

export interface JoinedPayload {
  readonly key: string;
  readonly ord: readonly number[];
}

/**
 * The natural join of a group's waiting payloads on all segments that they share, in order. One need: its payloads
 * in order. Order: that of the first need that is not optional, then per further need the partner's place (none: 0).
 */
export function joinWaiting(
  plan: Plan,
  block: PlannedBlock,
  waiting: readonly WaitingRow[],
): { payloads: JoinedPayload[]; unmatched: number } {
  const rowsOf = new Map<string, WaitingRow[]>();
  for (const row of waiting) {
    const rows = rowsOf.get(row.need);
    if (rows) rows.push(row);
    else rowsOf.set(row.need, [row]);
  }
  for (const rows of rowsOf.values()) rows.sort((a, b) => compareOrd(a.ord, b.ord));

  const lead = block.needs.find((need) => !need.optional)!;
  let joined = (rowsOf.get(lead.block) ?? []).map((row) => ({ key: row.key, ord: row.ord, used: [row] }));
  let signature = blockOf(plan, lead.block).signature;
  for (const need of block.needs) {
    if (need === lead) continue;
    const theirs = blockOf(plan, need.block).signature;
    const shared = signature.filter((segment) => theirs.includes(segment));
    const partnersOf = Map.groupBy(rowsOf.get(need.block) ?? [], (row) => cutKey(row.key, shared));
    joined = joined.flatMap((one) => {
      const partners = partnersOf.get(cutKey(one.key, shared)) ?? [];
      if (partners.length === 0) return need.optional ? [{ ...one, ord: [...one.ord, 0] }] : [];
      return partners.map((partner, place) => ({
        key: joinKeys(one.key, partner.key, plan),
        ord: [...one.ord, place + 1],
        used: [...one.used, partner],
      }));
    });
    signature = plan.blocks.map(({ id }) => id).filter((id) => signature.includes(id) || theirs.includes(id));
  }
  const used = new Set(joined.flatMap((one) => one.used));
  return {
    payloads: joined.map(({ key, ord }) => ({ key, ord })).sort((a, b) => compareOrd(a.ord, b.ord)),
    unmatched: waiting.length - used.size,
  };
}

/** Lexicographic, left to right. */
export function compareOrd(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) if (a[at] !== b[at]) return a[at]! - b[at]!;
  return a.length - b.length;
}

/** Adds open work at a block: to the block, and to every group that waits for it and whose segments the key has. */
function countOpen(
  plan: Plan,
  block: PlannedBlock,
  signature: readonly string[],
  key: string,
  delta: 1 | -1,
  changes: Changes,
): void {
  countsOf(changes, block.id).openWork += delta;
  for (const id of block.countedBy) {
    const scope = blockOf(plan, id).scope!;
    if (!scope.every((segment) => signature.includes(segment))) continue;
    look(changes, id, cutKey(key, scope)).delta += delta;
  }
}

function look(changes: Changes, block: string, key: string): GroupCount {
  const name = `${block}\n${key}`;
  let group = changes.groups.get(name);
  if (!group) {
    group = { block, key, delta: 0 };
    changes.groups.set(name, group);
  }
  return group;
}

export function countsOf(changes: Changes, block: string): BlockCounts {
  let counts = changes.blocks.get(block);
  if (!counts) {
    counts = { openWork: 0, tasks: 0, done: 0, failed: 0, skipped: 0, unmatched: 0, good: 0 };
    changes.blocks.set(block, counts);
  }
  return counts;
}

function blockOf(plan: Plan, id: string): PlannedBlock {
  const block = plan.byId.get(id);
  if (!block) throw new Error(`The plan has no block "${id}": rows and plan belong to different versions`);
  return block;
}
