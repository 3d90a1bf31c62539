import { commonSubsequence } from './common-subsequence.js';

/** A place in both lists: equal, or changed; or in one of them: removed (no `to`), added (no `from`). */
export interface AlignedPlace {
  readonly same: boolean;
  readonly from?: number;
  readonly to?: number;
}

/** Pairs two lists by a longest common subsequence; what lies between two equal places is paired in order. */
export function alignLists(before: readonly string[], after: readonly string[]): AlignedPlace[] {
  const places: AlignedPlace[] = [];
  let from = 0;
  let to = 0;
  const between = (untilFrom: number, untilTo: number): void => {
    while (from < untilFrom && to < untilTo) places.push({ same: false, from: from++, to: to++ });
    while (from < untilFrom) places.push({ same: false, from: from++ });
    while (to < untilTo) places.push({ same: false, to: to++ });
  };
  commonSubsequence(
    before.length,
    after.length,
    (a, b) => before[a] === after[b],
    (common, a, b) => {
      between(a, b);
      for (let i = 0; i < common; i++) places.push({ same: true, from: from++, to: to++ });
    },
  );
  between(before.length, after.length);
  return places;
}
