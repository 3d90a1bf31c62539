import { readBy } from '@duofactory/block-kit';
import type { Ref, SpeechResult, SpokenLine } from '@duofactory/contracts';
import { AudioEncoder } from './audio-encoder.js';
import { castVoices } from './cast-voices.js';
import { checkAudio } from './check-audio.js';
import { levelLoudness } from './level-loudness.js';
import { pauseAfter } from './pause-after.js';
import { SpeechSynthesis, type Speech, type SpeechPayer } from './speech-synthesis.js';
import { waveformPeaks } from './waveform-peaks.js';

export interface LineToSpeak {
  speaker: string;
  text: string;
  /** If not the episode's: a host may greet in the learner's language. */
  language?: string;
}

export interface EpisodeToSpeak {
  lines: readonly LineToSpeak[];
  language: string;
  /** Voice id or character by speaker; the others are cast by their names. */
  voices?: Readonly<Record<string, string>>;
  /** 1 is the usual one; 0.5 is half as fast. */
  pace?: number;
}

export interface AssemblyContext {
  objects: { put(bytes: Uint8Array, mediaType: string): Promise<Ref> };
  signal: AbortSignal;
  onLine?: (done: number, total: number) => void;
  payer?: SpeechPayer;
}

/** A player needs a moment before the first sound, and one to let the last word ring. */
const LEAD_IN_MS = 200;
const LEAD_OUT_MS = 500;
const SPOKEN_AT_ONCE = 4;

/**
 * Speaks lines and joins them to one track, with times in it. Equal lines, voices and engine make the same objects.
 * Throws a SpeechFailure; nothing is stored before the audio has passed its check.
 */
export class AssembleEpisode {
  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly encoder: AudioEncoder,
  ) {}

  async execute(episode: EpisodeToSpeak, { objects, ...context }: AssemblyContext): Promise<SpeechResult> {
    const { signal } = context;
    const { speeches, voices } = await this.speakAll(episode, context);
    const { pcm, sampleRate, lines } = joinLines(episode.lines, speeches);
    const durationMs = Math.floor((pcm.length * 1000) / sampleRate);
    const encoded = await this.encoder.encode(pcm, sampleRate, signal);

    const { delaySamples, frameSamples } = encoded;
    const msOf = (samples: number): number => Math.round((samples * 1000) / sampleRate);
    const delayMs = msOf(delaySamples);

    const measures = checkAudio({
      asked: episode.lines,
      lines,
      pcm,
      sampleRate,
      durationMs,
      encodedDurationMs: encoded.durationMs - delayMs,
      mayBeLongerMs: msOf(frameSamples),
      pace: episode.pace ?? 1,
    });
    // As it is heard: what the encoder puts before the first sample is there for whoever plays it.
    const heard = delaySamples === 0 ? pcm : new Int16Array(delaySamples + pcm.length);
    if (heard !== pcm) heard.set(pcm, delaySamples);
    const peaks = new TextEncoder().encode(JSON.stringify(waveformPeaks(heard, sampleRate)));

    return {
      audio: await objects.put(encoded.bytes, encoded.mediaType),
      durationMs: durationMs + delayMs,
      peaks: await objects.put(peaks, 'application/json'),
      lines: lines.map((line) => later(line, delayMs)),
      voices,
      measures,
      asked: askedOf(episode),
    };
  }

  private async speakAll(
    { lines, language, voices = {}, pace = 1 }: EpisodeToSpeak,
    { signal, onLine, payer }: Omit<AssemblyContext, 'objects'>,
  ): Promise<{ speeches: Speech[]; voices: string[] }> {
    const voiceOf = castVoices({
      speakers: [...new Set(lines.map(({ speaker }) => speaker))],
      chosen: voices,
      voicesFor: (tag) => this.synthesis.voicesFor(tag),
    });
    const requests = lines.map((line) => {
      const tag = line.language ?? language;
      return { text: line.text, language: tag, voice: voiceOf(line.speaker, tag).id, pace };
    });

    const speeches: Speech[] = [];
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const todo = requests.entries();
    let done = 0;
    const speakNext = async () => {
      for (const [i, request] of todo) {
        const speech = await this.synthesis.speak(request, either, payer ? { payer } : {});
        speeches[i] = speech;
        // What was paid now is told where it was paid.
        if (speech.usage?.saved) payer?.onUsage(readBy(payer.task, speech.paidBy, speech.usage));
        done += 1;
        onLine?.(done, lines.length);
      }
    };
    await Promise.all(
      Array.from({ length: SPOKEN_AT_ONCE }, () =>
        speakNext().catch((error: unknown) => {
          // One line is missing: what the others would say is of no use.
          failed.abort(error);
          throw error;
        }),
      ),
    );

    const { provider } = this.synthesis;
    return { speeches, voices: [...new Set(requests.map(({ voice }) => `${provider}/${voice}`))].sort() };
  }
}

/** Without what a caller's object may carry beside it. */
function askedOf({ lines, language, voices, pace }: EpisodeToSpeak): EpisodeToSpeak {
  return {
    lines: lines.map((line) => ({
      speaker: line.speaker,
      text: line.text,
      // A line of a request may say null, which is nothing.
      ...(typeof line.language === 'string' ? { language: line.language } : {}),
    })),
    language,
    ...(voices === undefined ? {} : { voices: { ...voices } }),
    ...(pace === undefined ? {} : { pace }),
  };
}

type Timed = { startMs: number; endMs: number };

function laterBy(byMs: number): <T extends Timed>(stretch: T) => T {
  return (stretch) => ({ ...stretch, startMs: stretch.startMs + byMs, endMs: stretch.endMs + byMs });
}

function later(line: SpokenLine, byMs: number): SpokenLine {
  const shifted = laterBy(byMs);

  return {
    ...shifted(line),
    words: line.words.map(shifted),
    visemes: line.visemes.map(shifted),
    ...(line.sentences ? { sentences: line.sentences.map(shifted) } : {}),
  };
}

interface Track {
  pcm: Int16Array;
  sampleRate: number;
  lines: SpokenLine[];
}

function joinLines(lines: readonly LineToSpeak[], speeches: readonly Speech[]): Track {
  const sampleRate = speeches[0]?.sampleRate ?? 22_050;
  const samplesOf = (ms: number) => Math.round((ms * sampleRate) / 1000);

  let end = samplesOf(LEAD_IN_MS);
  const starts = speeches.map((speech, i) => {
    if (speech.sampleRate !== sampleRate) {
      throw new Error(
        `Line ${i + 1} has ${speech.sampleRate} samples a second, the ones before ${sampleRate}.`,
      );
    }
    const start = end;
    const line = lines[i];
    const next = lines[i + 1];
    const pauseMs = line && next ? pauseAfter(line.text, line.speaker !== next.speaker) : LEAD_OUT_MS;
    end += speech.pcm.length + samplesOf(pauseMs);

    return start;
  });

  const pcm = new Int16Array(end);
  const spoken = lines.flatMap(({ speaker, text }, i): SpokenLine[] => {
    const speech = speeches[i];
    const start = starts[i];
    if (!speech || start === undefined) return [];
    pcm.set(levelLoudness(speech.pcm, sampleRate), start);

    const startMs = Math.round((start * 1000) / sampleRate);
    const shifted = laterBy(startMs);

    return [
      {
        speaker,
        text,
        startMs,
        endMs: startMs + Math.floor((speech.pcm.length * 1000) / sampleRate),
        words: speech.words.map(shifted),
        visemes: speech.visemes.map(shifted),
        sentences: speech.sentences.map(shifted),
      },
    ];
  });

  return { pcm, sampleRate, lines: spoken };
}
