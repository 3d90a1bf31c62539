import { describe, expect, it } from '@jest/globals';
import { wordTimes } from './word-times.js';

describe('times of words', () => {
  it('gives a word the time of its stretch', () => {
    expect(
      wordTimes('¿Tú quieres?', 'es', [
        { index: 1, startMs: 0, endMs: 160 },
        { index: 4, startMs: 160, endMs: 500 },
      ]),
    ).toEqual([
      { text: 'Tú', startMs: 0, endMs: 160 },
      { text: 'quieres', startMs: 160, endMs: 500 },
    ]);
  });

  it('shares a stretch between words that the engine joined, by their length', () => {
    expect(wordTimes("que c'est", 'fr', [{ index: 0, startMs: 100, endMs: 900 }])).toEqual([
      { text: 'que', startMs: 100, endMs: 400 },
      { text: "c'est", startMs: 400, endMs: 900 },
    ]);
  });

  it('joins the stretches of a word that is read as several', () => {
    expect(
      wordTimes('25 euros', 'en', [
        { index: 0, startMs: 0, endMs: 300 },
        { index: 1, startMs: 300, endMs: 600 },
        { index: 3, startMs: 600, endMs: 900 },
      ]),
    ).toEqual([
      { text: '25', startMs: 0, endMs: 600 },
      { text: 'euros', startMs: 600, endMs: 900 },
    ]);
  });

  it('finds words where none are parted by blanks', () => {
    const words = wordTimes('おちゃをください', 'ja', [{ index: 0, startMs: 0, endMs: 800 }]);

    expect(words.map(({ text }) => text).join('')).toBe('おちゃをください');
    expect(words.length).toBeGreaterThan(1);
  });

  it('has no times without sound', () => {
    expect(wordTimes('Hello', 'en', [])).toEqual([]);
  });
});
