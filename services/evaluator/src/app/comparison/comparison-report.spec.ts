import { describe, expect, it } from '@jest/globals';
import { comparisonReport, type ComparedAnswer, type JudgedPair } from './comparison-report.js';
import { seededRandom, studentT95 } from '../statistics.js';

const answer = (judgements: readonly number[], over: Partial<ComparedAnswer> = {}): ComparedAnswer => ({
  ...{ value: { text: 'x' }, error: null, judgeError: null, reasons: [], cost: 0.01, judgements },
  score: judgements.length === 0 ? null : judgements.reduce((sum, one) => sum + one, 0) / judgements.length,
  ...over,
});
const pair = (before: ComparedAnswer, after: ComparedAnswer): JudgedPair => ({
  ...{ task: 't', run: 'r', workflow: 'w', block: 'b', key: 'k', before, after, changes: [] },
});
const differing = (differences: readonly number[]): JudgedPair[] =>
  differences.map((by) => pair(answer([0]), answer([by])));
const refused = answer([], { value: null, error: { code: 'invalid-output', message: 'no' }, cost: null });

describe('a comparison of two prompts', () => {
  it('calls better and worse what lies beyond the spread of the evaluator itself', () => {
    // Each answer judged twice, 0.1 apart: within-answer variance 0.005, so 1.96 * sqrt(0.005 * 2 / 2) = 0.1386.
    const { pairs, spread, ...counts } = comparisonReport([
      pair(answer([0.5, 0.6]), answer([0.6, 0.7])),
      pair(answer([0.5, 0.6]), answer([0.7, 0.8])),
      pair(answer([0.7, 0.8]), answer([0.5, 0.6])),
    ]);

    expect(spread).toBeCloseTo(0.13859, 4);
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['same', 'better', 'worse']);
    expect(counts).toMatchObject({ better: 1, same: 1, worse: 1, unjudged: 0 });
  });

  it('takes every difference for one where the evaluator never changes its mind, and none for rounding', () => {
    const { pairs, spread } = comparisonReport([
      pair(answer([0.5, 0.5]), answer([0.51, 0.51])),
      pair(answer([0.1 + 0.2, 0.1 + 0.2]), answer([0.3, 0.3])),
    ]);

    expect(spread).toBe(0);
    expect(pairs.map(({ verdict }) => verdict)).toEqual(['better', 'same']);
  });

  it('tells the mean difference with an interval that holds it', () => {
    const { mean } = comparisonReport(differing([0.1, 0.2, -0.1, 0.05, 0.15, 0.08]));

    // 0.08 +- 2.5706 standard errors of 0.1030 / sqrt(6).
    expect(mean).toEqual({
      ...{ value: expect.closeTo(0.08, 10), pairs: 6, noInterval: null },
      ...{ low: expect.closeTo(-0.028, 4), high: expect.closeTo(0.188, 4) },
    });
  });

  it('tells no interval of few pairs, nor of differences that are all the same', () => {
    const { mean: ofTwo } = comparisonReport(differing([-0.09, -0.0042]));
    const { mean: ofFive } = comparisonReport(differing([0.1, 0.2, -0.1, 0.05, 0.15]));
    const { mean: ofEqual } = comparisonReport(differing([0, 0, 0, 0, 0, 0]));

    expect(ofTwo).toMatchObject({ low: null, high: null, pairs: 2, noInterval: 'too-few' });
    expect(ofFive).toMatchObject({ value: expect.closeTo(0.08, 10), low: null, noInterval: 'too-few' });
    expect(ofEqual).toMatchObject({ value: 0, low: null, high: null, noInterval: 'all-equal' });
  });

  it('tells no interval beyond what scores can differ', () => {
    const { mean } = comparisonReport(differing([1, 1, 1, 1, 1, -1]));

    expect(mean).toMatchObject({ low: expect.any(Number), high: 1 });
  });

  it.each([6, 10, 20])('holds the true mean in about 95 of 100 samples of %i inputs', (inputs) => {
    const SAMPLES = 2_000;
    const random = seededRandom(inputs);
    const draws: Record<string, { readonly draw: () => number; readonly mean: number }> = {
      even: { draw: () => random() - 0.3, mean: 0.2 },
      // Most stay as they are, some become better, few much worse.
      skewed: {
        draw: () => {
          const at = random();
          return at < 0.5 ? at / 10 : at < 0.85 ? 0.2 + at / 10 : -at / 2;
        },
        mean: 0.0125 + 0.35 * 0.2675 - 0.15 * 0.4625,
      },
    };
    for (const [name, { draw, mean: truth }] of Object.entries(draws)) {
      let holding = 0;
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const { mean } = comparisonReport(differing(Array.from({ length: inputs }, draw)));
        if (mean.low! <= truth && truth <= mean.high!) holding += 1;
      }
      // A skewed sample of six holds it a little less often, as any interval of so few does.
      expect({ name, share: holding / SAMPLES }).toEqual({ name, share: expect.closeTo(0.95, 1) });
    }
  });

  it('holds an answer for better than none, and leaves it out of the mean', () => {
    const { pairs, mean } = comparisonReport([
      pair(refused, answer([0.1])),
      pair(answer([0.9]), refused),
      pair(refused, refused),
      pair(answer([0.5]), answer([0.6])),
    ]);

    expect(pairs.map(({ verdict }) => verdict)).toEqual(['better', 'worse', 'same', 'better']);
    expect(mean).toEqual({
      value: expect.closeTo(0.1, 10),
      low: null,
      high: null,
      pairs: 1,
      noInterval: 'too-few',
    });
  });

  it('takes the factor of standard errors from the t distribution', () => {
    for (const [freedom, factor] of [
      [5, 2.5706],
      [9, 2.2622],
      [19, 2.093],
      [99, 1.9842],
    ] as const)
      expect(studentT95(freedom)).toBeCloseTo(factor, 3);
  });

  it('says that nothing was judged instead of calling it the same', () => {
    const report = comparisonReport([pair(answer([]), answer([]))]);

    expect(report).toMatchObject({ unjudged: 1, same: 0, spread: null, mean: { value: null } });
  });

  it('tells what a change of the prompt costs, and nothing where a price is unknown', () => {
    const cheap = pair(answer([0.5], { cost: 0.1 }), answer([0.5], { cost: 0.112 }));

    expect(comparisonReport([cheap, cheap]).cost).toEqual({
      ...{ before: 0.2, after: 0.224, change: expect.closeTo(0.12, 10) },
    });
    expect(comparisonReport([cheap, pair(answer([0.5]), answer([0.5], { cost: null }))]).cost).toEqual({
      ...{ before: 0.11, after: null, change: null },
    });
    expect(
      comparisonReport([pair(answer([1], { cost: 0 }), answer([1], { cost: 0 }))]).cost.change,
    ).toBeNull();
  });
});
