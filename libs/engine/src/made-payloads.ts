import { joinWaiting } from './join-waiting.js';
import { appendSegment, outputLabels } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import type { Outcome, ResultRow, TaskError, TaskRow, WaitingRow } from './rows.js';

export interface SettledTask {
  readonly task: TaskRow;
  readonly outcome: Outcome;
  /** The payloads of an `all` task's group, as its waiting rows; empty for `each`. */
  readonly consumed: readonly WaitingRow[];
}

/** The payloads that an outcome makes, or why there are none: it is an error, or breaks the rules of its type. */
export function madePayloads(
  plan: Plan,
  block: PlannedBlock,
  settled: SettledTask,
): { payloads: ResultRow[] } | { error: TaskError } {
  const { task, outcome } = settled;
  if (outcome.kind === 'error') return { error: outcome.error };
  if (outcome.kind === 'ended') return { payloads: [] };
  if (outcome.kind === 'reused') return { payloads: reusedPayloads(block, task, outcome.payloads) };
  if (block.output === 'pick') return pickedPayloads(plan, block, settled);
  if (outcome.kind !== 'outputs') return badResult(`A ${block.type} block answers with outputs, not picks`);
  if (block.output === 'one') {
    const [output, ...others] = outcome.outputs;
    if (!output || others.length > 0) return badResult(`Expected one output, got ${outcome.outputs.length}`);
    return { payloads: [okRow({ block: block.id, ...single(block, task, String(task.sample)) }, output)] };
  }
  const labels = outputLabels(outcome.outputs);
  if ('error' in labels) return badResult(labels.message);
  return {
    payloads: outcome.outputs.map((output, position) => {
      const key = appendSegment(task.key, block.id, labels.labels[position]!);
      return okRow({ block: block.id, key, ord: [...task.ord, position + 1] }, output);
    }),
  };
}

/** `keep`: goes on with the error, keys as for success; `many` takes label 0, a pick passes all in order. */
export function keptPayloads(
  plan: Plan,
  block: PlannedBlock,
  task: TaskRow,
  consumed: readonly WaitingRow[],
  error: TaskError,
): ResultRow[] {
  const value = { error: { code: error.code, message: error.message } };
  const label = block.output === 'many' ? '0' : String(task.sample);
  return throughPayloads(plan, block, task, consumed, label).map((payload) => ({
    ...payload,
    state: 'error',
    value,
  }));
}

/** Passed by: goes on without a result; a fork adds label 0, a pick passes all in order. */
export function passedPayloads(
  plan: Plan,
  block: PlannedBlock,
  task: TaskRow,
  consumed: readonly WaitingRow[],
): ResultRow[] {
  return throughPayloads(plan, block, task, consumed, '0').map((payload) => ({
    ...payload,
    state: 'passed',
    value: null,
  }));
}

function throughPayloads(
  plan: Plan,
  block: PlannedBlock,
  task: TaskRow,
  consumed: readonly WaitingRow[],
  label: string,
): { block: string; key: string; ord: readonly number[] }[] {
  if (block.output !== 'pick') return [{ block: block.id, ...single(block, task, label) }];
  return joinWaiting(plan, block, consumed).payloads.map(({ key }, position) => ({
    block: block.id,
    key,
    ord: [...task.ord, position + 1],
  }));
}

/** Key and order of a task's only payload; a fork adds its segment. */
function single(block: PlannedBlock, task: TaskRow, label: string): { key: string; ord: readonly number[] } {
  if (!block.forks) return { key: task.key, ord: task.ord };
  return { key: appendSegment(task.key, block.id, label), ord: [...task.ord, Number(label)] };
}

function pickedPayloads(
  plan: Plan,
  block: PlannedBlock,
  { task, outcome, consumed }: SettledTask,
): { payloads: ResultRow[] } | { error: TaskError } {
  if (outcome.kind !== 'picks') return badResult(`A ${block.type} block answers with picks`);
  const group = new Set(joinWaiting(plan, block, consumed).payloads.map(({ key }) => key));
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

/** The place within the task is the last number of an order, where the block adds one. */
function reusedPayloads(
  block: PlannedBlock,
  task: TaskRow,
  payloads: readonly Omit<ResultRow, 'block'>[],
): ResultRow[] {
  const places = block.forks || block.output === 'pick';
  return payloads.map(({ key, ord, state, value, ref }) => ({
    block: block.id,
    key,
    ord: places ? [...task.ord, ord.at(-1)!] : task.ord,
    state,
    value,
    ...(ref === undefined || ref === null ? {} : { ref }),
  }));
}

function okRow(
  at: { block: string; key: string; ord: readonly number[] },
  output: { result?: unknown; ref?: unknown },
): ResultRow {
  const row = { ...at, state: 'ok' as const, value: output.result ?? null };
  return output.ref === undefined ? row : { ...row, ref: output.ref };
}

function badResult(message: string): { error: TaskError } {
  return { error: { code: 'bad-result', message } };
}
