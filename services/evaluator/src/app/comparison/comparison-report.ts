import type { DefinitionChange } from '@duofactory/platform';
import { sumIfKnown } from '@duofactory/contracts';
import { mean, studentT95, Z_95 } from '../statistics.js';

/** What one of the two said to an input. */
export interface ComparedAnswer {
  readonly value: Readonly<Record<string, unknown>> | null;
  /** Why there is no answer, or none that fits the schema. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Mean of its judgements; null: nothing judges it, or the judge did not answer. */
  readonly score: number | null;
  /** Every time it was judged. */
  readonly judgements: readonly number[];
  readonly reasons: readonly string[];
  readonly judgeError: { readonly code: string; readonly message: string } | null;
  /** Of the prompt's own calls, whether they were paid now or before; null: a price is unknown. */
  readonly cost: number | null;
}

export type ComparedVerdict = 'better' | 'same' | 'worse';

export interface JudgedPair {
  readonly task: string;
  readonly run: string;
  readonly workflow: string;
  readonly block: string;
  readonly key: string;
  readonly before: ComparedAnswer;
  readonly after: ComparedAnswer;
  readonly changes: readonly DefinitionChange[];
}

export interface ComparedPair extends JudgedPair {
  /** Score of the one after, less that before. */
  readonly difference: number | null;
  /** null: one of them has no score. */
  readonly verdict: ComparedVerdict | null;
}

/** Of the scores that both have. */
export interface MeanDifference {
  readonly value: number | null;
  /** 95 % by Student's t. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many differences it is the mean of. */
  readonly pairs: number;
  /** Why there is no interval: of so few, or of differences that are all the same, nothing is known of the next. */
  readonly noInterval: 'too-few' | 'all-equal' | null;
}

export interface ComparisonReport {
  readonly pairs: readonly ComparedPair[];
  readonly better: number;
  readonly same: number;
  readonly worse: number;
  readonly unjudged: number;
  /** Whose answers are not equal, whatever their scores. */
  readonly different: number;
  readonly mean: MeanDifference;
  /** The evaluator's own spread: a smaller difference is none. null: nothing was judged twice. */
  readonly spread: number | null;
  readonly cost: {
    readonly before: number | null;
    readonly after: number | null;
    /** 0.12 is 12 % more; null: not known, or of nothing. */
    readonly change: number | null;
  };
}

/** Of fewer even a sign test of 95 % tells nothing: five of one sign come by chance in more than 5 of 100 samples. */
export const FEWEST_OF_INTERVAL = 6;
/** Sums of the same numbers in another order. */
const ROUNDING = 1e-9;

export function comparisonReport(pairs: readonly JudgedPair[]): ComparisonReport {
  const spread = ownSpread(pairs.flatMap(({ before, after }) => [before.judgements, after.judgements]));
  const compared = pairs.map((pair): ComparedPair => {
    const difference = differenceOf(pair);
    return { ...pair, difference, verdict: verdictOf(pair, difference, spread ?? 0) };
  });
  const count = (verdict: ComparedVerdict | null): number =>
    compared.filter((one) => one.verdict === verdict).length;
  const costs = { before: sumOf(pairs, 'before'), after: sumOf(pairs, 'after') };
  return {
    pairs: compared,
    ...{ better: count('better'), same: count('same'), worse: count('worse'), unjudged: count(null) },
    different: compared.filter(({ changes }) => changes.length > 0).length,
    mean: meanOf(compared.flatMap(({ difference }) => (difference === null ? [] : [difference]))),
    spread,
    cost: {
      ...costs,
      change: costs.before && costs.after !== null ? (costs.after - costs.before) / costs.before : null,
    },
  };
}

/**
 * How far two scores of one and the same answer may lie apart by chance, with 95 %: from the judgements of equal
 * answers, pooled. Both sides have as many judgements.
 */
function ownSpread(judged: readonly (readonly number[])[]): number | null {
  const repeated = judged.filter(({ length }) => length > 1);
  const [first] = repeated;
  if (!first) return null;
  const squares = repeated.reduce((sum, scores) => sum + squaresWithin(scores), 0);
  const freedom = repeated.reduce((sum, { length }) => sum + length - 1, 0);
  return Z_95 * Math.sqrt((squares / freedom) * (2 / first.length));
}

function squaresWithin(scores: readonly number[]): number {
  const middle = mean(scores);
  return scores.reduce((sum, score) => sum + (score - middle) ** 2, 0);
}

function differenceOf({ before, after }: JudgedPair): number | null {
  return before.score === null || after.score === null ? null : after.score - before.score;
}

/** An answer is better than none, whatever its score. */
function verdictOf(
  { before, after }: JudgedPair,
  difference: number | null,
  spread: number,
): ComparedVerdict | null {
  if (before.error || after.error) {
    if (before.error && after.error) return 'same';
    return after.error ? 'worse' : 'better';
  }
  if (difference === null) return null;
  if (Math.abs(difference) <= spread + ROUNDING) return 'same';
  return difference > 0 ? 'better' : 'worse';
}

function meanOf(differences: readonly number[]): MeanDifference {
  const pairs = differences.length;
  const none = { low: null, high: null, pairs };
  const value = pairs === 0 ? null : mean(differences);
  if (value === null || pairs < FEWEST_OF_INTERVAL) return { value, ...none, noInterval: 'too-few' };
  const deviation = Math.sqrt(squaresWithin(differences) / (pairs - 1));
  if (deviation <= ROUNDING) return { value, ...none, noInterval: 'all-equal' };
  const half = (studentT95(pairs - 1) * deviation) / Math.sqrt(pairs);
  // Scores lie between 0 and 1.
  return { value, low: Math.max(value - half, -1), high: Math.min(value + half, 1), pairs, noInterval: null };
}

function sumOf(pairs: readonly JudgedPair[], side: 'before' | 'after'): number | null {
  return sumIfKnown(pairs.map((pair) => pair[side].cost));
}
