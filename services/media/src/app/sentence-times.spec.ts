import { describe, expect, it } from '@jest/globals';
import { sentenceTimes } from './sentence-times.js';

const words = (...times: [text: string, startMs: number, endMs: number][]) =>
  times.map(([text, startMs, endMs]) => ({ text, startMs, endMs }));

describe('times of sentences', () => {
  it('reach from the first word to the end of the last', () => {
    const timed = words(['Tú', 100, 300], ['quieres', 300, 700], ['Un', 900, 1000], ['café', 1000, 1400]);

    expect(sentenceTimes('¿Tú quieres? Un café.', { language: 'es', words: timed })).toEqual([
      { text: '¿Tú quieres?', startMs: 100, endMs: 700 },
      { text: 'Un café.', startMs: 900, endMs: 1400 },
    ]);
  });

  it('begin where the engine marked them, but never inside the one before or after their first word', () => {
    const timed = words(['One', 50, 300], ['Two', 400, 600], ['Three', 700, 900]);
    const starts = [
      { index: 0, startMs: 0 },
      { index: 5, startMs: 250 },
      { index: 10, startMs: 800 },
    ];

    expect(
      sentenceTimes('One. Two. Three.', { language: 'en', words: timed, starts }).map((one) => one.startMs),
    ).toEqual([0, 300, 700]);
  });

  it('are one where the engine parted a sentence that was too long', () => {
    const timed = words(['One', 0, 300], ['two', 300, 600]);
    const starts = [
      { index: 0, startMs: 0 },
      { index: 4, startMs: 300 },
    ];

    expect(sentenceTimes('One two', { language: 'en', words: timed, starts })).toEqual([
      { text: 'One two', startMs: 0, endMs: 600 },
    ]);
  });

  it('are none for what is not heard', () => {
    expect(
      sentenceTimes('Hm! 😀! Yes.', { language: 'en', words: words(['Hm', 0, 100], ['Yes', 300, 500]) }),
    ).toEqual([
      { text: 'Hm!', startMs: 0, endMs: 100 },
      { text: 'Yes.', startMs: 300, endMs: 500 },
    ]);
    expect(sentenceTimes('Hello.', { language: 'en', words: [] })).toEqual([]);
  });
});
