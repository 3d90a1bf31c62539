import type { components } from '../api/schema.js';

export type Speech = components['schemas']['Speech'];
export type SpokenLine = Speech['lines'][number];

/** What a speech block made, if it is that. */
export function speechOf(value: unknown): Speech | undefined {
  const { audio, peaks, lines } = (value ?? {}) as Partial<Speech>;
  const isSpoken =
    typeof audio?.object === 'string' &&
    typeof peaks?.object === 'string' &&
    Array.isArray(lines) &&
    lines.every(({ visemes, words }) => Array.isArray(visemes) && Array.isArray(words));
  return isSpoken ? (value as Speech) : undefined;
}

/** What it was found to be when it was made, in words. */
export function measuredOf({ measures }: Speech): string | undefined {
  if (!measures) return undefined;
  const { longestSilenceMs, quietestLineDb, loudestLineDb, peakDb, visemes } = measures;
  const seconds = (longestSilenceMs / 1000).toFixed(1);
  return `Measured: lines at ${quietestLineDb} to ${loudestLineDb} dBFS, peak ${peakDb} dBFS, longest silence ${seconds} s, ${visemes} mouth shapes`;
}

/** `sha256/ab/abc...` is named by its last part. */
export const hashOf = ({ object }: { object: string }): string => object.split('/').at(-1)!;

/** What is said at a time: -1 and `sil` where nothing is. */
export interface Said {
  readonly line: number;
  readonly word: number;
  readonly viseme: string;
}

const SILENCE = 'sil';

export function saidAt(lines: readonly SpokenLine[], ms: number): Said {
  const line = placeAt(lines, ms);
  if (line === -1) return { line, word: -1, viseme: SILENCE };
  const { words, visemes } = lines[line]!;
  return { line, word: placeAt(words, ms), viseme: visemes[placeAt(visemes, ms)]?.id ?? SILENCE };
}

interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

/** Stretches are in order: half of them are passed over at each look. */
function placeAt(stretches: readonly Stretch[], ms: number): number {
  let from = 0;
  let to = stretches.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (stretches[middle]!.startMs <= ms) from = middle + 1;
    else to = middle;
  }
  return from > 0 && ms < stretches[from - 1]!.endMs ? from - 1 : -1;
}
