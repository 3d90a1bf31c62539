import { describe, expect, it } from '@jest/globals';
import { pauseAfter } from './pause-after.js';

describe('the pause after a line', () => {
  it.each([
    ['Hmm…', 700],
    ['Wait...', 700],
    ['¿Quieres café?', 450],
    ['“Yes.”', 450],
    ['こんにちは。', 450],
    ['नमस्ते।', 450],
    ['First of all,', 250],
    ['Ana', 350],
  ])('%s: %d ms', (text, ms) => {
    expect(pauseAfter(text, false)).toBe(ms);
  });

  it('is longer when somebody else speaks next', () => {
    expect(pauseAfter('Yes.', true)).toBeGreaterThan(pauseAfter('Yes.', false));
  });
});
