import type { EndedAttempt } from '@duofactory/block-kit';
import type { RunAbove, SpokenSentence, SpokenWord, Usage, Viseme } from '@duofactory/contracts';

export interface SpeechRequest {
  text: string;
  /** BCP 47, as in `es` or `pt-BR`. */
  language: string;
  /** Id of a voice of `voicesFor(language)`. */
  voice: string;
  /** 1 is the pace for learners of the engine; 0.5 is half as fast. */
  pace?: number;
}

/** One text spoken. Times are whole milliseconds from the first sample; words, visemes and sentences are in order. */
export interface Speech {
  /** Mono. */
  pcm: Int16Array;
  sampleRate: number;
  words: SpokenWord[];
  /** Without gaps from 0 to the end. Ids are those of Amazon Polly. */
  visemes: Viseme[];
  sentences: SpokenSentence[];
  /** What the vendor was paid for it, now or, if it is `saved`, when it was spoken first. */
  usage?: Usage;
  /** The task that it was spoken for first, where that cost something. */
  paidBy?: string;
}

/** For whom a line is spoken, and who pays where nobody has before. */
export interface SpeechPayer {
  readonly run?: string;
  readonly task: string;
  readonly workflow?: string;
  /** Runs that the run works for, nearest first: they pay as well. */
  readonly above?: readonly RunAbove[];
  readonly block: string;
  readonly onUsage: (usage: Usage) => void;
  /** Once it is told what the attempt was paid for: that attempt. */
  readonly late?: () => EndedAttempt | undefined;
  /** Waiting for room in a budget is no work: the time of the attempt stands still meanwhile. */
  readonly untimed?: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** What a request may cost before it is spoken. */
export interface SpeechPrice {
  /** As the usage will name it. */
  readonly model: string;
  /** In US dollars; null: nobody knows. */
  readonly amount: number | null;
}

export interface Voice {
  id: string;
  language: string;
  /** The person behind it: one character speaks all languages of an engine. */
  character: string;
  gender: 'female' | 'male';
}

/** One call: who pays for it, its name, and what an earlier call of the same request paid for. */
export interface SpeechCall {
  readonly payer?: SpeechPayer;
  readonly name?: string;
  readonly halves?: readonly PaidHalf[];
}

/** What a vendor answered, and billed, before it failed with the rest of a line. */
export interface PaidHalf {
  /** A hash of what was asked. */
  readonly request: string;
  readonly bytes: Uint8Array;
  /** undefined: not told. */
  readonly characters: number | undefined;
  readonly requestId: string | undefined;
  /** The ledger has it: whoever goes on from it pays for the rest only. */
  readonly counted?: boolean;
}

/** An engine that speaks. The same request gives the same bytes, as long as `engine` is the same. */
export abstract class SpeechSynthesis {
  /** Who it is of, for people: `espeak`, `polly`. */
  abstract readonly provider: string;

  /** Name, version and settings: part of the key under which spoken lines are kept. */
  abstract readonly engine: string;

  /** Voices of a language, in a stable order. Throws VoiceUnknown if it has none. */
  abstract voicesFor(language: string): readonly Voice[];

  /** Languages that have voices. */
  abstract languages(): readonly string[];

  /** What a call will cost; undefined: this engine costs nothing. */
  priceOf(_request: SpeechRequest): SpeechPrice | undefined {
    return undefined;
  }

  /** Throws a SpeechFailure, or the signal's reason. `call`: our name for it, which a vendor is told. */
  abstract speak(request: SpeechRequest, signal: AbortSignal, of?: SpeechCall): Promise<Speech>;
}
