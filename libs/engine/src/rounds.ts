import { blockOf } from './changes.js';
import type { Plan, PlannedBlock } from './plan.js';

/** Which round of its loop a key inside it belongs to. */
export function roundOf(plan: Plan, block: PlannedBlock, key: string): number {
  const from = blockOf(plan, blockOf(plan, block.loop!).repeat!.from);
  const segment = key.split('/').find((one) => one.startsWith(`${from.id}=`));
  const sample = Number(segment?.slice(from.id.length + 1) ?? 1);
  return Math.max(1, Math.ceil(sample / from.times));
}

/** The sample of an `all` block's task: in a loop the round. */
export function sampleOfAll(plan: Plan, block: PlannedBlock, key: string, round: number): number {
  if (block.repeat) return round;
  return block.loop === undefined ? 1 : roundOf(plan, block, key);
}
