import { describe, expect, it } from '@jest/globals';
import { comparisonReport, type ComparedAnswer, type JudgedPair } from './comparison-report.js';

const answer = (judgements: readonly number[], over: Partial<ComparedAnswer> = {}): ComparedAnswer => ({
  ...{ value: { text: 'x' }, error: null, judgeError: null, reasons: [], cost: 0.01, judgements },
  score: judgements.length === 0 ? null : judgements.reduce((sum, one) => sum + one, 0) / judgements.length,
  ...over,
});
const pair = (before: ComparedAnswer, after: ComparedAnswer): JudgedPair => ({
  ...{ task: 't', run: 'r', workflow: 'w', block: 'b', key: 'k', before, after, changes: [] },
});
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

  it('tells the mean difference with an interval that holds it, the same for the same pairs', () => {
    const pairs = [0.1, 0.2, -0.1, 0.05, 0.15].map((by) => pair(answer([0.5]), answer([0.5 + by])));

    const { mean } = comparisonReport(pairs);

    expect(mean.value).toBeCloseTo(0.08, 10);
    expect(mean.low!).toBeGreaterThanOrEqual(-0.1);
    expect(mean.low!).toBeLessThan(0.08);
    expect(mean.high!).toBeGreaterThan(0.08);
    expect(mean.high!).toBeLessThanOrEqual(0.2);
    expect(comparisonReport(pairs).mean).toEqual(mean);
  });

  it('holds an answer for better than none, and leaves it out of the mean', () => {
    const { pairs, mean } = comparisonReport([
      pair(refused, answer([0.1])),
      pair(answer([0.9]), refused),
      pair(refused, refused),
      pair(answer([0.5]), answer([0.6])),
    ]);

    expect(pairs.map(({ verdict }) => verdict)).toEqual(['better', 'worse', 'same', 'better']);
    expect(mean).toEqual({ value: expect.closeTo(0.1, 10), low: null, high: null });
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
