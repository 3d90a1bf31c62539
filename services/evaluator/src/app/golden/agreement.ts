import { percentileInterval, RESAMPLES, seededRandom, Z_95 } from '../statistics.js';

export type Verdict = 'pass' | 'fail';

/** A verdict of a person beside that of an evaluator. */
export interface VerdictPair {
  readonly human: Verdict;
  readonly judge: Verdict;
}

/** A figure with its 95 % interval. null: it is not defined, such as the precision of one who passes nothing. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** How often: by the person's verdict, then by the evaluator's. */
export interface Confusion {
  readonly passPass: number;
  readonly passFail: number;
  readonly failPass: number;
  readonly failFail: number;
}

export interface Agreement {
  readonly cases: number;
  readonly confusion: Confusion;
  /** Cohen's kappa: agreement beyond chance. Interval: percentile bootstrap, 2,000 resamples, seeded; see `kappaOf`. */
  readonly kappa: Estimate;
  /** Of those that the evaluator passes, how many people pass. Interval: Wilson's score, as of all proportions here. */
  readonly precision: Estimate;
  /** Of those that people pass, how many the evaluator passes. */
  readonly recall: Estimate;
  /** How many verdicts are equal. */
  readonly accuracy: Estimate;
}

const SEED = 20_260_101;

export function agreementOf(pairs: readonly VerdictPair[]): Agreement {
  const confusion = confusionOf(pairs);
  const { passPass, passFail, failPass, failFail } = confusion;
  return {
    cases: pairs.length,
    confusion,
    kappa: kappaOf(confusion),
    precision: proportion(passPass, passPass + failPass),
    recall: proportion(passPass, passPass + passFail),
    accuracy: proportion(passPass + failFail, pairs.length),
  };
}

/** Cohen (1960). null: both always say the same one thing, so that chance explains all of it. */
export function cohensKappa(confusion: Confusion): number | null {
  const { passPass, failFail } = confusion;
  const n = countOf(confusion);
  if (n === 0) return null;
  const byChance = agreementByChance(confusion);
  return byChance === 1 ? null : beyond(byChance, (passPass + failFail) / n);
}

/** Wilson's score interval without continuity correction (Newcombe 1998, method 3). */
export function proportion(hits: number, of: number): Estimate {
  if (of === 0) return { value: null, low: null, high: null };
  const z = Z_95;
  const p = hits / of;
  const middle = p + z ** 2 / (2 * of);
  const half = z * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  const scale = 1 + z ** 2 / of;
  return {
    value: p,
    low: hits === 0 ? 0 : Math.max(0, (middle - half) / scale),
    high: hits === of ? 1 : Math.min(1, (middle + half) / scale),
  };
}

function confusionOf(pairs: readonly VerdictPair[]): Confusion {
  const count = (human: Verdict, judge: Verdict): number =>
    pairs.filter((pair) => pair.human === human && pair.judge === judge).length;
  return {
    passPass: count('pass', 'pass'),
    passFail: count('pass', 'fail'),
    failPass: count('fail', 'pass'),
    failFail: count('fail', 'fail'),
  };
}

/**
 * Cases that are all alike in what kappa counts, such as all agreed, are alike in every resample, too: the bootstrap knows
 * of no other case, and says that there is none. There, Wilson's bounds of the agreement, by the chance that was seen.
 */
function kappaOf(confusion: Confusion): Estimate {
  const value = cohensKappa(confusion);
  if (value === null) return { value, low: null, high: null };
  const sampled = resampled(confusion)
    .map(cohensKappa)
    .filter((one) => one !== null);
  const interval = percentileInterval(sampled);
  return { value, ...(interval.low === interval.high ? byWilson(confusion) : interval) };
}

function byWilson(confusion: Confusion): { low: number; high: number } {
  const { low, high } = proportion(confusion.passPass + confusion.failFail, countOf(confusion));
  const byChance = agreementByChance(confusion);
  return { low: Math.max(-1, beyond(byChance, low!)), high: beyond(byChance, high!) };
}

const beyond = (byChance: number, observed: number): number => (observed - byChance) / (1 - byChance);

function agreementByChance(confusion: Confusion): number {
  const { passPass, passFail, failPass, failFail } = confusion;
  const both = (passPass + passFail) * (passPass + failPass) + (failPass + failFail) * (passFail + failFail);
  return both / countOf(confusion) ** 2;
}

function countOf({ passPass, passFail, failPass, failFail }: Confusion): number {
  return passPass + passFail + failPass + failFail;
}

/** As many cases again, drawn with replacement: only which of the four kinds each is matters. */
function resampled(confusion: Confusion): Confusion[] {
  const { passPass, passFail, failPass } = confusion;
  const random = seededRandom(SEED);
  const n = countOf(confusion);
  const bounds = [passPass, passPass + passFail, passPass + passFail + failPass];
  return Array.from({ length: RESAMPLES }, () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const drawn = random() * n;
      const kind = bounds.findIndex((bound) => drawn < bound);
      counts[kind < 0 ? 3 : kind]!++;
    }
    const [pp, pf, fp, ff] = counts as [number, number, number, number];
    return { passPass: pp, passFail: pf, failPass: fp, failFail: ff };
  });
}
