import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { activeRms, decibels, levelLoudness } from './level-loudness.js';

const RATE = 22_050;
const tone = (amplitude: number, ms: number) =>
  Int16Array.from(
    { length: (RATE * ms) / 1000 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * 220 * i) / RATE),
  );

describe('lines are brought to one loudness', () => {
  it.each([300, 3_000, 30_000])('a tone of amplitude %d ends at -20 dBFS', (amplitude) => {
    expect(decibels(activeRms(levelLoudness(tone(amplitude, 500), RATE), RATE))).toBeCloseTo(-20, 1);
  });

  it('counts pauses neither as loud nor as quiet', () => {
    const spoken = tone(2_000, 500);
    const withPause = new Int16Array(spoken.length * 3);
    withPause.set(spoken);

    expect(activeRms(withPause, RATE)).toBeCloseTo(activeRms(spoken, RATE), -1);
  });

  it('leaves silence alone', () => {
    expect(levelLoudness(new Int16Array(1_000), RATE).every((sample) => sample === 0)).toBe(true);
  });

  it('never passes the ceiling, whatever the peaks', () => {
    const ceiling = 32_768 * 10 ** (-1.5 / 20) + 1;

    fc.assert(
      fc.property(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 3_000 }), (samples) => {
        const spiky = new Int16Array(RATE);
        spiky.set(tone(400, 1_000));
        spiky.set(samples, 5_000);

        expect(levelLoudness(spiky, RATE).every((sample) => Math.abs(sample) <= ceiling)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
