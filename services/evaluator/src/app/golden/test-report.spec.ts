import { describe, expect, it } from '@jest/globals';
import { agreementAt, versionReport, type CaseResult } from './test-report.js';

const judged = (
  id: string,
  votes: readonly number[],
  of: Pick<CaseResult, 'human' | 'course' | 'judgedOn'>,
): CaseResult => {
  const score = votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
  return { case: id, ...of, verdict: score >= 0.7 ? 'pass' : 'fail', score, reasons: [], votes, error: null };
};

const report = versionReport({
  ...{ evaluator: 'level@1', passAt: 0.7, usage: [] },
  results: [
    judged('a', [0.9, 0.9, 0.5], { human: 'pass', course: 'en-es', judgedOn: '2026-12-31' }),
    judged('b', [0.8, 0.8, 0.8], { human: 'fail', course: 'en-es', judgedOn: '2027-01-03' }),
    judged('c', [0.2, 0.2, 0.2], { human: 'fail', course: 'fr-en', judgedOn: '2027-01-04' }),
    judged('d', [1], { human: 'pass' }),
  ],
});

describe('agreement with another threshold', () => {
  it('tells how often answers to one question lie on both sides of it', () => {
    const { cases, flipped, rate } = agreementAt(report, 0.7).flips;

    expect([cases, flipped.map((one) => one.case)]).toEqual([3, ['a']]);
    expect(rate.value).toBeCloseTo(1 / 3, 10);
    expect(agreementAt(report, 0.95).flips.flipped).toEqual([]);
  });

  it('tells each course and each ISO week by itself; cases that name none are in the whole alone', () => {
    const { cases, byCourse, byWeek } = agreementAt(report, 0.7);

    expect(cases).toBe(4);
    expect(byCourse.map((part) => [part.name, part.cases, part.accuracy.value])).toEqual([
      ['en-es', 2, 0.5],
      ['fr-en', 1, 1],
    ]);
    // The last days of a year may be of the first week of the next one, and the other way round.
    expect(byWeek.map((part) => [part.name, part.cases])).toEqual([
      ['2026-W53', 2],
      ['2027-W01', 1],
    ]);
  });
});
