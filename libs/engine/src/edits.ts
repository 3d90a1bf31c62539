import type { Plan, PlannedBlock, Refusal } from './plan.js';

/** The block whose result a review may edit, if it is one. Below the review its edited form is read there. */
export function editedBy({ type, with: configuration }: PlannedBlock): string | undefined {
  const { edits } = configuration;
  return type === 'review' && typeof edits === 'string' ? edits : undefined;
}

/** Of two reviews that edit the same block one must be below the other: else nobody has the last word. */
export function checkEdits(plan: Plan, refusals: Refusal[]): void {
  for (const block of plan.blocks) {
    const edited = editedBy(block);
    if (edited !== undefined && !block.sees.some((sight) => sight.block === edited)) {
      const message = `"${block.id}" does not see "${edited}", so it cannot be edited there`;
      refusals.push({ code: 'edits-not-above', block: block.id, field: 'with.edits', message });
    }
    const reviews = block.sees.map((sight) => plan.byId.get(sight.block)!).filter((one) => editedBy(one));
    for (const one of reviews) {
      const other = reviews.find(
        (two) => one.index < two.index && editedBy(one) === editedBy(two) && !two.above.includes(one.id),
      );
      if (!other) continue;
      const message = `"${one.id}" and "${other.id}" both edit "${editedBy(one)}", side by side`;
      refusals.push({ code: 'edits-side-by-side', block: block.id, field: 'needs', message });
    }
  }
}
