export type Combination = 'mean' | 'min' | 'weighted' | 'all-must-pass';

export interface Scored {
  readonly score: number;
  readonly weight: number;
  readonly pass: boolean;
}

/** One score of several. `all-must-pass`: the mean if all pass, else 0. */
export function combineScores(combination: Combination, scored: readonly Scored[]): number {
  const mean = scored.reduce((sum, { score }) => sum + score, 0) / scored.length;
  switch (combination) {
    case 'mean':
      return mean;
    case 'min':
      return Math.min(...scored.map(({ score }) => score));
    case 'weighted': {
      const total = scored.reduce((sum, { weight }) => sum + weight, 0);
      return scored.reduce((sum, { score, weight }) => sum + score * weight, 0) / total;
    }
    case 'all-must-pass':
      return scored.every(({ pass }) => pass) ? mean : 0;
  }
}
