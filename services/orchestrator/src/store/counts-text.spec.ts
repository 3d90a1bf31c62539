import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsText, readCounts } from './counts-text.js';
import { noCounts, type BlockRow } from './counters.js';

const rows = fc.uniqueArray(
  fc.record({
    block: fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,62}$/),
    numbers: fc.array(fc.integer({ min: -5, max: 2 ** 31 }), { minLength: 11, maxLength: 11 }),
    cost: fc.double({ min: 0, max: 1e9, noNaN: true }),
    closed: fc.boolean(),
  }),
  { selector: ({ block }) => block, maxLength: 20 },
);
const NAMES = Object.keys(noCounts('', '')).filter(
  (name) => !['run', 'block', 'cost', 'closed'].includes(name),
);

describe('the text of counters', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(rows, (made) => {
        const blocks = made.map(({ block, numbers, cost, closed }): BlockRow => {
          const counts = Object.fromEntries(NAMES.map((name, i) => [name, numbers[i]!]));
          return { ...noCounts('r', block), ...counts, cost: cost + 0, closed };
        });

        expect(readCounts('r', countsText(blocks))).toEqual(blocks);
      }),
    );
  });
});
