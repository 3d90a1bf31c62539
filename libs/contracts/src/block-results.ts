import type { AudioMeasures } from './content/audio-measures.js';
import type { Ref } from './ref.js';

/** Results of the shipped block types: `blockResults[<block id>]`. */
export interface EvaluateResult {
  /** 0-1, combined. */
  score: number;
  verdict: 'pass' | 'fail';
  reasons: string[];
  confidence: number;
  opinions: Opinion[];
}

export interface Opinion {
  /** `naturalness@3` */
  evaluator: string;
  score: number;
  verdict: 'pass' | 'fail';
  criteria: { name: string; score: number; reason: string }[];
  votes?: number[];
  spread?: number;
  /** Versions of the prompts that its judges, or those of its parts, were asked by. */
  prompts?: string[];
  /** Versions of the evaluators that a composite asked, all the way down. */
  parts?: string[];
}

export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
}

export interface SpokenSentence {
  text: string;
  startMs: number;
  endMs: number;
}

export interface Viseme {
  id: string;
  startMs: number;
  endMs: number;
}

export interface SpokenLine {
  speaker: string;
  text: string;
  startMs: number;
  endMs: number;
  words: SpokenWord[];
  visemes: Viseme[];
  /** From the first word of each to the end of its last. Absent: it was spoken before they were told. */
  sentences?: SpokenSentence[];
}

export interface SpeechResult {
  audio: Ref;
  durationMs: number;
  peaks: Ref;
  lines: SpokenLine[];
  /** Those that speak in it: `provider/voice`, in order. */
  voices?: string[];
  /** Absent: it was spoken before they were kept. */
  measures?: AudioMeasures;
  /** What was asked for: the same again, with a line changed, speaks that line alone anew. */
  asked?: SpeechRequest;
}

export interface SpeechRequest {
  lines: readonly { speaker: string; text: string; language?: string }[];
  language: string;
  voices?: Readonly<Record<string, string>>;
  pace?: number;
}

export interface PublishResult {
  episode: string;
  version: number;
  environment: string;
  course: string;
  node: string;
  slot: number;
  url: string;
  unchanged: boolean;
}
