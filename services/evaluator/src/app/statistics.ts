/** The 97.5 % quantile of the normal distribution: half of an interval of 95 %. */
export const Z_95 = 1.959963984540054;
/** Of a bootstrap. */
export const RESAMPLES = 2_000;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Smaller than any difference between scores that anybody meant. */
const DIGITS = 12;

/**
 * One score of several, to be held against a threshold: three times 0.7 is 0.7, though in binary fractions the sum of
 * them is a little less than 2.1.
 */
export function weighedMean(scores: readonly { readonly score: number; readonly weight?: number }[]): number {
  const total = scores.reduce((sum, { weight = 1 }) => sum + weight, 0);
  const sum = scores.reduce((added, { score, weight = 1 }) => added + score * weight, 0);
  return Number((sum / total).toFixed(DIGITS));
}

/**
 * The 97.5 % quantile of Student's t: how many standard errors of a small sample's mean are half of an interval of 95 %.
 * By the Cornish-Fisher expansion about the normal one, four terms: off by less than 0.0005 from 5 degrees on.
 */
export function studentT95(freedom: number): number {
  const z = Z_95;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1_482 * z ** 5 - 1_920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, n) => sum + term / freedom ** (n + 1), z);
}

/** The interval of 95 % by percentiles of what resamples came to. */
export function percentileInterval(resampled: readonly number[]): { low: number; high: number } {
  const sorted = resampled.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
