import { describe, expect, it } from '@jest/globals';
import { checkAudio, type AudioToCheck } from './check-audio.js';
import { AudioCheckFailed } from './speech-failure.js';

const RATE = 1_000;

function anAudio(changes: Partial<AudioToCheck> = {}): AudioToCheck {
  return {
    asked: [{ speaker: 'Ana', text: 'Hello you' }],
    lines: [
      {
        speaker: 'Ana',
        text: 'Hello you',
        startMs: 100,
        endMs: 900,
        words: [
          { text: 'Hello', startMs: 100, endMs: 500 },
          { text: 'you', startMs: 500, endMs: 900 },
        ],
        visemes: [
          { id: 'k', startMs: 100, endMs: 300 },
          { id: 'E', startMs: 300, endMs: 900 },
        ],
      },
    ],
    pcm: Int16Array.from({ length: 1_000 }, (_, i) => (i >= 100 && i < 900 ? 3_000 * (i % 2 ? 1 : -1) : 0)),
    sampleRate: RATE,
    durationMs: 1_000,
    encodedDurationMs: 1_000,
    pace: 1,
    ...changes,
  };
}

const aLine = (changes: Partial<AudioToCheck['lines'][number]>) => {
  const [line] = anAudio().lines;
  if (!line) throw new Error('The audio has a line.');
  return { lines: [{ ...line, ...changes }] };
};

describe('audio is checked against what was asked', () => {
  it('passes what is right and says what it measured', () => {
    expect(checkAudio(anAudio())).toEqual({
      ...{ durationMs: 1_000, encodedDurationMs: 1_000, lines: 1, visemes: 2, clippedSamples: 0 },
      ...{ longestSilenceMs: 100, peakDb: -20.8, quietestLineDb: -20.8, loudestLineDb: -20.8 },
      ...{ fastestMsPerLetter: 100, slowestMsPerLetter: 100 },
    });
  });

  it.each<[string, Partial<AudioToCheck>, RegExp]>([
    ['no lines', { asked: [], lines: [] }, /there is no line/],
    ['a missing line', { lines: [] }, /0 of 1 lines are there/],
    ['another text', { asked: [{ speaker: 'Ana', text: 'Goodbye' }] }, /line 1 is not the line asked for/],
    ['silence', { pcm: new Int16Array(1_000) }, /line 1 is silent \(-Infinity dBFS\)/],
    ['clipping', { pcm: new Int16Array(1_000).fill(32_767) }, /1000 samples are clipped/],
    ['a file cut short', { encodedDurationMs: 400 }, /the file lasts 400 ms, the audio 1000 ms/],
    [
      'too little time',
      aLine({ endMs: 150, words: [{ text: 'Hello', startMs: 100, endMs: 150 }] }),
      /50 ms for 8 letters: too short/,
    ],
    [
      'too much time',
      {
        ...aLine({ startMs: 0, endMs: 4_000 }),
        pcm: new Int16Array(4_000).fill(3_000),
        durationMs: 4_000,
        encodedDurationMs: 4_000,
      },
      /4000 ms for 8 letters: too long/,
    ],
    ['no visemes', aLine({ visemes: [] }), /visemes are missing/],
    [
      'a viseme outside',
      aLine({ visemes: [{ id: 'p', startMs: 850, endMs: 950 }] }),
      /visemes are out of order or outside at 850-950 ms/,
    ],
    [
      'visemes out of order',
      aLine({
        visemes: [
          { id: 'p', startMs: 500, endMs: 600 },
          { id: 't', startMs: 200, endMs: 300 },
        ],
      }),
      /visemes are out of order or outside at 200-300 ms/,
    ],
    [
      'a line after the end',
      { durationMs: 800, encodedDurationMs: 800 },
      /line 1 ends at 900 ms, after the audio \(800 ms\)/,
    ],
  ])('refuses %s', (_, changes, message) => {
    expect(() => checkAudio(anAudio(changes))).toThrow(AudioCheckFailed);
    expect(() => checkAudio(anAudio(changes))).toThrow(message);
  });
});
