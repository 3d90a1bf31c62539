import type { BlockDefinition } from '@duofactory/contracts';
import type { PlannedBlock, PlannedRepeat, Refusal } from './plan.js';

/**
 * Works out a quality loop: its body lies between `from` and the block that repeats. It is entered only by `from` and
 * left only by that block, holds no other loop, and keeps the segment of `from`, so that rounds never mix.
 */
export function planRepeat({
  written,
  block,
  blocks,
  repeating,
  refusals,
}: {
  written: NonNullable<BlockDefinition['repeat']>;
  block: PlannedBlock;
  blocks: readonly PlannedBlock[];
  /** Ids of all blocks that repeat. */
  repeating: readonly string[];
  refusals: Refusal[];
}): PlannedRepeat | undefined {
  const before = refusals.length;
  const refuse = (code: string, at: string, message: string): void =>
    void refusals.push({ code: `repeat-${code}`, block: at, field: 'repeat', message });
  const from = blocks.find(({ id }) => id === written.from)!;
  if (block.input !== 'all') {
    refuse('not-on-all', block.id, '`repeat` stands at a block that takes all payloads of a round');
    return undefined;
  }
  if (!block.above.includes(from.id)) {
    refuse('from-not-above', block.id, `"${from.id}" is not above "${block.id}": nothing would come back`);
    return undefined;
  }
  if (!from.samples) {
    refuse(
      'from-makes-no-samples',
      block.id,
      `"${from.id}" makes no samples, so a new round would be the old`,
    );
    return undefined;
  }
  if (!same(block.scope ?? [], from.taskSignature)) {
    const groups =
      from.taskSignature.length === 0 ? 'no `per`' : `\`per\` over ${from.taskSignature.join('/')}`;
    refuse(
      'group',
      block.id,
      `A loop goes per payload that reaches "${from.id}": "${block.id}" wants ${groups}`,
    );
  }
  const between = blocks.filter(({ id, above }) => block.above.includes(id) && above.includes(from.id));
  const body = new Set([from.id, ...between.map(({ id }) => id)]);
  for (const inner of [...between, block]) {
    const outside = inner.needs.find((need) => !body.has(need.block));
    if (outside) {
      const message = `"${inner.id}" is inside the loop of "${block.id}" and needs "${outside.block}", which is outside`;
      refuse('side-entry', inner.id, message);
    }
  }
  for (const inner of [from, ...between]) {
    const left = inner.below.find((id) => id !== block.id && !body.has(id));
    if (left !== undefined) {
      const message = `"${left}" needs "${inner.id}" from outside the loop of "${block.id}": need "${block.id}" instead`;
      refuse('side-exit', inner.id, message);
    }
    if (repeating.includes(inner.id))
      refuse('nested', inner.id, `It is inside the loop of "${block.id}": loops do not nest`);
  }
  for (const inner of between) {
    const keeps = inner.signature.includes(from.id) && (inner.scope?.includes(from.id) ?? true);
    if (!keeps) {
      const message = `Inside the loop of "${block.id}" every block keeps the samples of "${from.id}" apart: add \`per\``;
      refuse('loses-samples', inner.id, message);
    }
  }
  if (refusals.length > before) return undefined;
  return {
    from: from.id,
    until: written.until,
    rounds: written.rounds,
    otherwise: written.otherwise ?? 'drop',
    body: [from.id, ...between.map(({ id }) => id)],
  };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
