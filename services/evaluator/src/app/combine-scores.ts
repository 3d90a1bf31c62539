import { weighedMean } from './statistics.js';

export type Combination = 'mean' | 'min' | 'weighted' | 'all-must-pass';

export interface Scored {
  readonly score: number;
  readonly weight: number;
  readonly pass: boolean;
}

/** One score of several. `all-must-pass`: the mean if all pass, else 0. */
export function combineScores(combination: Combination, scored: readonly Scored[]): number {
  const mean = (): number => weighedMean(scored.map(({ score }) => ({ score })));
  switch (combination) {
    case 'mean':
      return mean();
    case 'min':
      return Math.min(...scored.map(({ score }) => score));
    case 'weighted':
      return weighedMean(scored);
    case 'all-must-pass':
      return scored.every(({ pass }) => pass) ? mean() : 0;
  }
}
