import { describe, expect, it } from '@jest/globals';
import { timeScale } from './time-scale.js';

const busy = [
  { from: 0, to: 100 },
  { from: 900, to: 1000 },
];

describe('a scale of time', () => {
  it('is even where nothing is folded', () => {
    const { at, folds } = timeScale({ from: 0, to: 1000 }, busy, false);

    expect([0, 250, 1000].map(at)).toEqual([0, 0.25, 1]);
    expect(folds).toEqual([]);
  });

  it('folds an idle gap to a mark, and keeps order and ends', () => {
    const { at, folds } = timeScale({ from: 0, to: 1000 }, busy, true);

    expect(at(0)).toBe(0);
    expect(at(1000)).toBeCloseTo(1);
    expect(at(100)).toBeCloseTo(0.495, 2);
    expect(at(900) - at(100)).toBeLessThan(0.02);
    expect(at(500)).toBeGreaterThan(at(100));
    expect(folds).toMatchObject([{ from: 100, to: 900 }]);
  });

  it('keeps a gap that is too short to be worth a fold', () => {
    const { folds } = timeScale(
      { from: 0, to: 1000 },
      [
        { from: 0, to: 490 },
        { from: 500, to: 1000 },
      ],
      true,
    );

    expect(folds).toEqual([]);
  });

  it('shows only what lies in the window', () => {
    const { at, folds } = timeScale({ from: 50, to: 450 }, busy, true);

    expect(at(0)).toBe(0);
    expect(at(99_999)).toBeCloseTo(1);
    expect(folds).toMatchObject([{ from: 100, to: 450 }]);
  });
});
