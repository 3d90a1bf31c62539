import { useState } from 'react';
import type { EditedStep } from './prompt-document.js';

type Folds = readonly boolean[];

/** Which steps are folded. It is the step that is, not its place: by a move, Undo or another version it may stand elsewhere. */
export function useFolds(steps: readonly EditedStep[]): readonly [Folds, (folds: Folds) => void] {
  const [known, setKnown] = useState<{ steps: readonly EditedStep[]; folds: Folds }>(() => ({
    steps,
    folds: steps.map(() => false),
  }));
  const folds = known.steps === steps ? known.folds : foldsAfter(known, steps);
  if (known.steps !== steps) setKnown({ steps, folds });
  return [folds, (next) => setKnown({ steps, folds: next })];
}

/** A step that is the same keeps its fold; where as many stand, what differs was written over in its place. */
export function foldsAfter(
  before: { readonly steps: readonly EditedStep[]; readonly folds: Folds },
  steps: readonly EditedStep[],
): Folds {
  const left = before.steps.map((step, at) => ({ text: JSON.stringify(step), at }));
  const take = (isIt: (one: { text: string; at: number }) => boolean): boolean | undefined => {
    const found = left.findIndex(isIt);
    return found < 0 ? undefined : before.folds[left.splice(found, 1)[0]!.at];
  };
  const texts = steps.map((step) => JSON.stringify(step));
  // What stands where it stood goes first: of two that say the same, each keeps its own.
  const placed = texts.map((text, n) => take((one) => one.at === n && one.text === text));
  const moved = texts.map((text, n) => placed[n] ?? take((one) => one.text === text));
  const isWritten = steps.length === before.steps.length;
  return moved.map((fold, n) => fold ?? (isWritten ? take((one) => one.at === n) : undefined) ?? false);
}
