import type { AudioMeasures, SpokenLine } from '@duofactory/contracts';
import { activeRms, decibels, longestSilence } from './level-loudness.js';
import { AudioCheckFailed } from './speech-failure.js';

export interface AudioToCheck {
  /** What had to be spoken, in order. */
  asked: readonly { speaker: string; text: string }[];
  lines: readonly SpokenLine[];
  pcm: Int16Array;
  sampleRate: number;
  durationMs: number;
  /** As the encoded file itself says. */
  encodedDurationMs: number;
  /** By so much an encoder may fill up the end. Default: not at all. */
  mayBeLongerMs?: number;
  pace: number;
}

/** A sample at the end of what 16 bits hold. */
const CLIPPED = 32_767;
const SILENT_BELOW_DB = -40;
const ENCODING_MAY_DIFFER_MS = 30;
/** Fast and slow speech at the usual pace; a short line also has the time that its first word takes. */
const MIN_MS_PER_LETTER = 20;
const MAX_MS_PER_LETTER = 350;
const SHORT_LINE_MS = 800;

/** Measures an episode's audio against what was asked. Throws AudioCheckFailed with all that is wrong, in numbers. */
export function checkAudio(audio: AudioToCheck): AudioMeasures {
  const { asked, lines, pcm, sampleRate, durationMs, encodedDurationMs, mayBeLongerMs = 0, pace } = audio;
  const faults: string[] = [];
  const fail = (fault: string) => faults.push(fault);

  if (lines.length !== asked.length) fail(`${lines.length} of ${asked.length} lines are there`);
  const levels = lines.map((line, i) => {
    const name = `line ${i + 1}`;
    if (line.text !== asked[i]?.text || line.speaker !== asked[i]?.speaker)
      fail(`${name} is not the line asked for`);
    if (line.startMs < (lines[i - 1]?.endMs ?? 0)) fail(`${name} begins before the one above ends`);
    if (line.endMs > durationMs) fail(`${name} ends at ${line.endMs} ms, after the audio (${durationMs} ms)`);
    checkOrder(`${name}: words`, line.words, line, fail);
    checkOrder(`${name}: visemes`, line.visemes, line, fail);
    if (line.sentences) checkOrder(`${name}: sentences`, line.sentences, line, fail);

    const spokenMs = (line.endMs - line.startMs) * pace;
    const letters = lettersOf(line.text);
    if (spokenMs < letters * MIN_MS_PER_LETTER)
      fail(`${name} has ${spokenMs} ms for ${letters} letters: too short`);
    if (spokenMs > SHORT_LINE_MS + letters * MAX_MS_PER_LETTER) {
      fail(`${name} has ${spokenMs} ms for ${letters} letters: too long`);
    }

    const level = decibels(
      activeRms(
        pcm.subarray(sampleAt(line.startMs, sampleRate), sampleAt(line.endMs, sampleRate)),
        sampleRate,
      ),
    );
    if (!(level >= SILENT_BELOW_DB)) fail(`${name} is silent (${level.toFixed(1)} dBFS)`);

    return { level, msPerLetter: spokenMs / Math.max(1, letters) };
  });
  const { peak, clippedSamples } = extremesOf(pcm);
  if (clippedSamples > 0) fail(`${clippedSamples} samples are clipped`);
  const longerMs = encodedDurationMs - durationMs;
  if (longerMs < -ENCODING_MAY_DIFFER_MS || longerMs > ENCODING_MAY_DIFFER_MS + mayBeLongerMs) {
    fail(`the file lasts ${encodedDurationMs} ms, the audio ${durationMs} ms`);
  }
  if (lines.length === 0) fail('there is no line');

  if (faults.length > 0) {
    throw new AudioCheckFailed(`The audio is not what was asked for: ${faults.slice(0, 10).join('; ')}.`);
  }

  const paces = levels.map(({ msPerLetter }) => msPerLetter);
  return {
    durationMs,
    encodedDurationMs,
    lines: lines.length,
    visemes: lines.reduce((sum, { visemes }) => sum + visemes.length, 0),
    longestSilenceMs: longestSilence(pcm, sampleRate),
    peakDb: tenths(decibels(peak)),
    quietestLineDb: tenths(Math.min(...levels.map(({ level }) => level))),
    loudestLineDb: tenths(Math.max(...levels.map(({ level }) => level))),
    clippedSamples,
    fastestMsPerLetter: tenths(Math.min(...paces)),
    slowestMsPerLetter: tenths(Math.max(...paces)),
  };
}

function extremesOf(pcm: Int16Array): { peak: number; clippedSamples: number } {
  let peak = 0;
  let clippedSamples = 0;
  for (let i = 0; i < pcm.length; i += 1) {
    const loud = Math.abs(pcm[i]!);
    if (loud > peak) peak = loud;
    if (loud >= CLIPPED) clippedSamples += 1;
  }
  return { peak, clippedSamples };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

interface Stretch {
  startMs: number;
  endMs: number;
}

function checkOrder(
  name: string,
  stretches: readonly Stretch[],
  within: Stretch,
  fail: (fault: string) => void,
): void {
  if (stretches.length === 0) fail(`${name} are missing`);
  let last = within.startMs;
  for (const { startMs, endMs } of stretches) {
    if (startMs < last || endMs < startMs || endMs > within.endMs) {
      fail(
        `${name} are out of order or outside at ${startMs}-${endMs} ms (line: ${within.startMs}-${within.endMs} ms)`,
      );
      return;
    }
    last = endMs;
  }
}

/** Sounds of a text, counted as letters: a syllable sign has about two and a half, a digit is a word. */
function lettersOf(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const syllables = count(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu);

  return count(/\p{L}/gu) + syllables * 1.5 + count(/\p{N}/gu) * 5;
}

const sampleAt = (ms: number, sampleRate: number) => Math.round((ms * sampleRate) / 1000);
