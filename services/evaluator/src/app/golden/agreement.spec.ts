import { describe, expect, it } from '@jest/globals';
import { agreementOf, cohensKappa, proportion, type VerdictPair } from './agreement.js';

const pairs = (passPass: number, passFail: number, failPass: number, failFail: number): VerdictPair[] => [
  ...Array.from({ length: passPass }, () => ({ human: 'pass', judge: 'pass' }) as const),
  ...Array.from({ length: passFail }, () => ({ human: 'pass', judge: 'fail' }) as const),
  ...Array.from({ length: failPass }, () => ({ human: 'fail', judge: 'pass' }) as const),
  ...Array.from({ length: failFail }, () => ({ human: 'fail', judge: 'fail' }) as const),
];

describe('agreement with people', () => {
  // Worked examples of the encyclopaedia's article on Cohen's kappa: two readers of 50 grants; the same observed agreement
  // of 0.6 by chance of 0.54 and of 0.46.
  it.each([
    [20, 5, 10, 15, 0.4],
    [45, 15, 25, 15, 0.1304],
    [25, 35, 5, 35, 0.2593],
    [10, 0, 0, 10, 1],
    [0, 10, 10, 0, -1],
    [25, 25, 25, 25, 0],
  ])('is, for %d, %d, %d, %d, a kappa of %d', (passPass, passFail, failPass, failFail, kappa) => {
    expect(cohensKappa({ passPass, passFail, failPass, failFail })).toBeCloseTo(kappa, 4);
  });

  it('has no kappa where both always say the same, or of nothing', () => {
    expect(agreementOf(pairs(7, 0, 0, 0))).toMatchObject({
      kappa: { value: null, low: null, high: null },
      accuracy: { value: 1 },
    });
    expect(agreementOf([])).toMatchObject({ cases: 0, kappa: { value: null }, precision: { value: null } });
  });

  // Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives for %d of %d an interval from %d to %d', (hits, of, low, high) => {
    const { low: below, high: above } = proportion(hits, of);

    expect([below, above]).toEqual([expect.closeTo(low, 4), expect.closeTo(high, 4)]);
  });

  it('tells precision, recall and confusion of who passes what', () => {
    const { confusion, precision, recall, accuracy } = agreementOf(pairs(30, 10, 5, 15));

    expect(confusion).toEqual({ passPass: 30, passFail: 10, failPass: 5, failFail: 15 });
    expect([precision.value, recall.value, accuracy.value]).toEqual([30 / 35, 30 / 40, 45 / 60]);
    expect(agreementOf(pairs(0, 3, 0, 3)).precision.value).toBeNull();
  });

  it('has an interval around kappa that is the same each time, and near the large-sample one', () => {
    const many = agreementOf(pairs(400, 100, 200, 300)).kappa;
    const again = agreementOf(pairs(400, 100, 200, 300)).kappa;

    // Cohen (1960): the standard error is sqrt(po (1 - po) / (n (1 - pe)^2)).
    const error = Math.sqrt((0.7 * 0.3) / (1000 * 0.5 ** 2));
    expect(many).toEqual(again);
    expect(many.value).toBeCloseTo(0.4, 10);
    expect(many.low).toBeCloseTo(0.4 - 1.96 * error, 1);
    expect(many.high).toBeCloseTo(0.4 + 1.96 * error, 1);
    expect((many.high! - many.low!) / (2 * 1.96 * error)).toBeCloseTo(1, 0.8);
    expect(many.low!).toBeLessThan(0.4);
    expect(many.high!).toBeGreaterThan(0.4);
  });

  // Cases that are alike in every resample: all agree, or one of the two always says the same.
  it.each([
    [31, 0, 0, 10, 1],
    [1, 0, 0, 1, 1],
    [30, 0, 11, 0, 0],
  ])('has an interval of some width around kappa for %d, %d, %d, %d, too', (...counts) => {
    const [passPass, passFail, failPass, failFail, kappa] = counts;
    const { value, low, high } = agreementOf(pairs(passPass, passFail, failPass, failFail)).kappa;

    expect(value).toBe(kappa);
    expect([low! >= -1, low! <= kappa, kappa <= high!, high! <= 1]).toEqual([true, true, true, true]);
    expect(high! - low!).toBeGreaterThan(0.1);
  });

  it('bounds a kappa of 1 by how few cases might have differed', () => {
    const { low, high } = agreementOf(pairs(20, 0, 0, 21)).kappa;

    // Wilson's lower bound of 41 of 41 is n / (n + z^2) = 0.9143; by chance they agree in 0.5003.
    expect([low, high]).toEqual([expect.closeTo(0.8285, 3), 1]);
    expect(agreementOf(pairs(200, 0, 0, 210)).kappa.low!).toBeGreaterThan(low!);
  });
});
