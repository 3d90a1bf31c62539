import {
  joinWaiting,
  roundOf,
  type JoinedPayload,
  type Plan,
  type TaskRow,
  type WaitingRow,
} from '@duofactory/engine';

/** The list of an `all` task: the joined payloads of its group, those of later rounds left out. */
export function listOf(
  plan: Plan,
  task: Pick<TaskRow, 'block' | 'sample'>,
  waiting: readonly WaitingRow[],
): JoinedPayload[] {
  const block = plan.byId.get(task.block)!;
  const { payloads } = joinWaiting(plan, block, waiting);
  if (!block.repeat) return payloads;
  const inner = plan.byId.get(block.repeat.from)!;
  return payloads.filter(({ key }) => roundOf(plan, inner, key) <= task.sample);
}
