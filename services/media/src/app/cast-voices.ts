import { createHash } from 'node:crypto';
import type { Voice } from './speech-synthesis.js';
import { VoiceUnknown } from './speech-failure.js';

export interface Casting {
  /** In order of their first line. */
  speakers: readonly string[];
  /** Voice id or character of a speaker, where the author chose one. */
  chosen: Readonly<Record<string, string>>;
  voicesFor: (language: string) => readonly Voice[];
}

/**
 * Gives each speaker a voice: the chosen one, else one by the hash of the name, so that a host sounds the same in every
 * episode. Speakers of one episode differ as long as there are voices: who comes later takes the next free one.
 * A speaker is one character in all languages. The answer throws VoiceUnknown for a choice that the engine lacks.
 */
export function castVoices({
  speakers,
  chosen,
  voicesFor,
}: Casting): (speaker: string, language: string) => Voice {
  return (speaker, language) => {
    const voices = voicesFor(language);
    const wanted = chosen[speaker];
    if (wanted !== undefined) return chosenVoice(wanted, voices, { speaker, language });

    const taken = new Set<number>();
    for (const other of speakers) {
      const choice = chosen[other];
      if (choice === undefined) continue;
      const at = voices.findIndex((voice) => isVoice(voice, choice));
      if (at !== -1) taken.add(at);
    }

    for (const other of speakers) {
      if (chosen[other] !== undefined) continue;
      if (taken.size >= voices.length) taken.clear();
      const index = nextFree(hashOf(other) % voices.length, taken, voices.length);
      taken.add(index);
      if (other === speaker) return voiceAt(voices, index, language);
    }

    return voiceAt(voices, hashOf(speaker) % voices.length, language);
  };
}

function chosenVoice(
  wanted: string,
  voices: readonly Voice[],
  { speaker, language }: { speaker: string; language: string },
): Voice {
  const voice = voices.find((candidate) => isVoice(candidate, wanted));
  if (!voice) {
    throw new VoiceUnknown(
      `The voice "${wanted}" chosen for ${speaker} does not speak "${language}". ` +
        `Choose one of ${voices.map(({ id, character }) => `${id} (or ${character})`).join(', ')}.`,
    );
  }

  return voice;
}

function voiceAt(voices: readonly Voice[], index: number, language: string): Voice {
  const voice = voices[index];
  if (!voice) throw new VoiceUnknown(`There is no voice for the language "${language}".`);

  return voice;
}

function nextFree(from: number, taken: ReadonlySet<number>, count: number): number {
  let index = from;
  while (taken.has(index)) index = (index + 1) % count;

  return index;
}

const isVoice = ({ id, character }: Voice, wanted: string) => id === wanted || character === wanted;
const hashOf = (speaker: string) =>
  createHash('sha256').update(speaker.normalize('NFC').trim()).digest().readUInt32BE(0);
