/**
 * Where the number of the payloads that wait in a group is all that matters, one row may stand for all of a need: of a
 * group of 100,000 nobody need read more.
 */
import { blockOf } from './changes.js';
import type { Plan, PlannedBlock } from './plan.js';

/** Its task is told how many payloads it has, and reads them later. */
export function firesByCount({ input, needs, repeat }: PlannedBlock): boolean {
  return input === 'all' && needs.length === 1 && !repeat;
}

/** Nobody asks which payloads waited when its task is over, or its join: no group below tells them apart. */
export function releasesByCount(plan: Plan, block: PlannedBlock): boolean {
  return block.output !== 'pick' && !block.repeat && finerBelow(plan, block).length === 0;
}

/** Blocks below whose groups tell the payloads apart that wait in one group of this block. */
export function finerBelow(plan: Plan, block: PlannedBlock): string[] {
  const own = block.scope ?? [];
  return block.countedBy.filter((id) => {
    const scope = blockOf(plan, id).scope!;
    const isWithin = (signature: readonly string[]): boolean =>
      scope.every((segment) => signature.includes(segment));
    return !isWithin(own) && block.needs.some((need) => isWithin(blockOf(plan, need.block).signature));
  });
}
