import type { Viseme } from '@duofactory/contracts';
import type { Speech } from '../../app/speech-synthesis.js';
import { visemeOfPhoneme } from '../../app/viseme-of-phoneme.js';
import { sentenceTimes } from '../../app/sentence-times.js';
import { wordTimes, type TimedStretch } from '../../app/word-times.js';
import type { EspeakAnswer, EspeakEvent } from './protocol.js';

type Spoken = Extract<EspeakAnswer, { outcome: 'spoken' }>;

/** What the engine said, in our terms. */
export function speechOfAnswer(text: string, language: string, { pcm, sampleRate, events }: Spoken): Speech {
  const durationMs = Math.floor((pcm.length * 1000) / sampleRate);
  const words = wordTimes(text, language, stretchesOf(text, events, durationMs));

  return {
    pcm,
    sampleRate,
    words,
    sentences: sentenceTimes(text, { language, words }),
    visemes: visemesOf(events, durationMs),
  };
}

/** A word sounds from its event until the pause or the word after it. */
function stretchesOf(text: string, events: readonly EspeakEvent[], durationMs: number): TimedStretch[] {
  const unitOfCodePoint = utf16Offsets(text);
  const stretches: TimedStretch[] = [];
  let open: TimedStretch | undefined;

  for (const event of events) {
    const atMs = Math.min(event.atMs, durationMs);
    if (event.type === 'word') {
      if (open && open.endMs === Infinity) open.endMs = atMs;
      open = { index: unitOfCodePoint[event.index - 1] ?? text.length, startMs: atMs, endMs: Infinity };
      stretches.push(open);
    } else if (event.type === 'phoneme' && open) {
      // A pause ends the word, unless more of it follows (a change of language is such a pause).
      if (event.phoneme === '') open.endMs = Math.min(open.endMs, atMs);
      else if (isSound(event)) open.endMs = Infinity;
    }
  }
  if (open && open.endMs === Infinity) open.endMs = durationMs;

  return stretches.filter((stretch) => stretch.endMs > stretch.startMs);
}

function utf16Offsets(text: string): number[] {
  const offsets: number[] = [];
  let at = 0;
  for (const codePoint of text) {
    offsets.push(at);
    at += codePoint.length;
  }

  return offsets;
}

function visemesOf(events: readonly EspeakEvent[], durationMs: number): Viseme[] {
  const shapes: { id: string; startMs: number }[] = [{ id: 'sil', startMs: 0 }];
  for (const event of events) {
    if (event.type !== 'phoneme' || isLanguageChange(event)) continue;
    const id = event.phoneme === '' ? 'sil' : (visemeOfPhoneme(event.phoneme) ?? '@');
    if (id === 'sil' && shapes.at(-1)?.id === 'sil') continue;
    shapes.push({ id, startMs: Math.min(event.atMs, durationMs) });
  }

  return shapes
    .map(({ id, startMs }, i) => ({ id, startMs, endMs: shapes[i + 1]?.startMs ?? durationMs }))
    .filter((viseme) => viseme.endMs > viseme.startMs);
}

const isLanguageChange = (event: EspeakEvent) => event.phoneme.startsWith('(');
const isSound = (event: EspeakEvent) => event.phoneme !== '' && !isLanguageChange(event);
