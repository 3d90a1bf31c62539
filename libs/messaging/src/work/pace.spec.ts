import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('a pace', () => {
  const paceAt = () => {
    const clock = { ms: 1000 };
    return { clock, pace: new Pace(30, () => clock.ms) };
  };

  it('lets a burst through, then one every so often', () => {
    const { clock, pace } = paceAt();

    const burst = Array.from({ length: 9 }, () => pace.next());
    const after = Array.from({ length: 3 }, () => {
      const wait = pace.next();
      clock.ms += wait;
      return wait;
    });

    expect(burst).toEqual(Array(9).fill(0));
    expect(after).toEqual([30, 30, 30]);
  });

  it('holds up nothing that comes less often', () => {
    const { clock, pace } = paceAt();

    const waits = Array.from({ length: 100 }, () => {
      clock.ms += 31;
      return pace.next();
    });

    expect(waits).toEqual(Array(100).fill(0));
  });

  it('lets the next burst through after a pause', () => {
    const { clock, pace } = paceAt();
    for (let i = 0; i < 20; i += 1) clock.ms += pace.next();
    clock.ms += 10 * 30;

    expect(Array.from({ length: 9 }, () => pace.next())).toEqual(Array(9).fill(0));
  });
});
