import { describe, expect, it } from '@jest/globals';
import { castVoices } from './cast-voices.js';
import { VoiceUnknown } from './speech-failure.js';
import type { Voice } from './speech-synthesis.js';

const voicesFor = (language: string): Voice[] =>
  ['ann', 'ben', 'cleo', 'dan'].map((character) => ({
    id: `${language}+${character}`,
    language,
    character,
    gender: 'female',
  }));

const cast = (speakers: string[], chosen: Record<string, string> = {}) =>
  castVoices({ speakers, chosen, voicesFor });

describe('speakers get voices', () => {
  it('gives a speaker the same voice in every episode that has one speaker less or more after', () => {
    expect(cast(['Lucía'])('Lucía', 'es')).toEqual(cast(['Lucía', 'Marco', 'Eva'])('Lucía', 'es'));
  });

  it('gives speakers of one episode different voices', () => {
    const speakers = ['Lucía', 'Marco', 'Eva', 'Tom'];
    const voiceOf = cast(speakers);

    expect(new Set(speakers.map((speaker) => voiceOf(speaker, 'es').id)).size).toBe(4);
  });

  it('lets more speakers than voices share them', () => {
    const speakers = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const voiceOf = cast(speakers);

    expect(new Set(speakers.map((speaker) => voiceOf(speaker, 'es').id)).size).toBe(4);
  });

  it('keeps a speaker one character in two languages', () => {
    const voiceOf = cast(['Lucía', 'Marco']);

    expect(voiceOf('Marco', 'en').character).toBe(voiceOf('Marco', 'es').character);
  });

  it('takes the chosen voice by id or character, and gives it to nobody else', () => {
    const speakers = ['Lucía', 'Marco', 'Eva', 'Tom'];
    for (const choice of ['es+dan', 'dan']) {
      const voiceOf = cast(speakers, { Tom: choice });

      expect(voiceOf('Tom', 'es').id).toBe('es+dan');
      expect(speakers.filter((speaker) => voiceOf(speaker, 'es').id === 'es+dan')).toEqual(['Tom']);
    }
  });

  it('refuses a choice that the engine lacks, with those that it has', () => {
    expect(() => cast(['Tom'], { Tom: 'zoe' })('Tom', 'es')).toThrow(VoiceUnknown);
    expect(() => cast(['Tom'], { Tom: 'zoe' })('Tom', 'es')).toThrow(/es\+ann \(or ann\)/);
  });
});
