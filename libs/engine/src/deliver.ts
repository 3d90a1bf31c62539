import { blockOf, countOpen, countsOf, look, type Changes } from './changes.js';
import { cutKey, taskId } from './keys.js';
import type { Plan, PlannedBlock } from './plan.js';
import type { NewTask } from './rows.js';

interface Payload {
  readonly key: string;
  readonly ord: readonly number[];
}

/** A payload of `from` reaches every block that needs it: it becomes tasks there, or waits for its group. */
export function deliver(
  plan: Plan,
  run: string,
  from: PlannedBlock,
  payload: Payload,
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
    countOpen(plan, block, { signature: from.signature, key: payload.key }, +1, changes);
  }
}

/** The tasks of a payload at an `each` block: its samples, or the one that waits for `when`. */
export function makeTasks(
  plan: Plan,
  run: string,
  block: PlannedBlock,
  payload: Payload,
  changes: Changes,
): void {
  if (block.when !== undefined) {
    makeTask(plan, run, block, payload, 1, changes, 'evaluating');
    return;
  }
  for (let sample = 1; sample <= block.times; sample += 1)
    makeTask(plan, run, block, payload, sample, changes);
}

/** Makes a task. One that is evaluating is open, but counts as a task only when it begins. */
export function makeTask(
  plan: Plan,
  run: string,
  block: PlannedBlock,
  of: Payload & { payloads?: number },
  sample: number,
  changes: Changes,
  status?: 'evaluating',
): void {
  changes.tasks.push({
    id: taskId(run, block.id, of.key, sample),
    block: block.id,
    key: of.key,
    ord: of.ord,
    sample,
    ...(of.payloads === undefined ? {} : { payloads: of.payloads }),
    ...(status === undefined ? {} : { status }),
  } satisfies NewTask);
  if (status === undefined) countsOf(changes, block.id).tasks += 1;
  countOpen(plan, block, { signature: block.taskSignature, key: of.key }, +1, changes);
}
