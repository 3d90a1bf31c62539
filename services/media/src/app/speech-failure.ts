import type { Usage } from '@duofactory/contracts';
import type { PaidHalf } from './speech-synthesis.js';

export interface SpeechFailureOptions extends ErrorOptions {
  readonly afterMs?: number;
  readonly ambiguous?: boolean;
}

/**
 * Why lines could not be spoken. Thrown by the engines' adapters and by the use cases of this service;
 * `retryable` says whether the same request may succeed later.
 */
export abstract class SpeechFailure extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;
  /** Not before so many milliseconds. */
  readonly afterMs: number | undefined;
  /** It may have happened, and been paid for: nobody saw its end, or not all of it. */
  readonly ambiguous: boolean;

  constructor(message: string, { afterMs, ambiguous = false, ...options }: SpeechFailureOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.afterMs = afterMs;
    this.ambiguous = ambiguous;
  }
}

/** The engine is not installed. Terminal: the message names the remedy. */
export class SpeechUnavailable extends SpeechFailure {
  readonly code = 'speech-unavailable';
}

/** The engine has no such voice, or none for the language. Terminal. */
export class VoiceUnknown extends SpeechFailure {
  readonly code = 'voice-unknown';
}

/** The text has nothing that the engine can read aloud. Terminal: the text has to change. */
export class TextUnspeakable extends SpeechFailure {
  readonly code = 'text-unspeakable';
}

/** The engine's process ended or hung several times in a row. Retryable. */
export class SpeechCrashed extends SpeechFailure {
  readonly code = 'speech-crashed';
  override readonly retryable = true;
}

/** The vendor takes no more requests now. Retryable, not before `afterMs`. */
export class SpeechThrottled extends SpeechFailure {
  readonly code = 'speech-throttled';
  override readonly retryable = true;
}

/** The vendor's server failed, or the way to it. Retryable. */
export class SpeechVendorFailed extends SpeechFailure {
  readonly code = 'speech-vendor-failed';
  override readonly retryable = true;
}

/**
 * The vendor was paid for a part of it, and did not give the rest. Retryable if that was: with the halves, which the next
 * call needs not pay for. Where none follows they are paid for and no use: that must not be forgotten.
 */
export class SpeechHalfPaid extends SpeechFailure {
  readonly code: string;
  override readonly retryable: boolean;

  constructor(
    cause: SpeechFailure,
    readonly halves: readonly PaidHalf[],
    /** Of those that are not counted yet. */
    readonly usage: Usage,
  ) {
    const { message, afterMs, code, retryable } = cause;
    const ambiguous = cause.ambiguous || !retryable;
    super(message, { cause, ambiguous, ...(afterMs === undefined ? {} : { afterMs }) });
    this.code = code;
    this.retryable = retryable;
  }
}

/** The vendor refused the credentials. Terminal. */
export class SpeechUnauthorized extends SpeechFailure {
  readonly code = 'speech-unauthorized';
}

/** The vendor refused the request itself: a lexicon that is not there, markup it cannot read. Terminal. */
export class SpeechRefused extends SpeechFailure {
  readonly code = 'speech-refused';
}

/** The vendor takes no text of this length in one call. */
export class TextTooLong extends SpeechRefused {}

/** What was made is not what was asked for. Terminal: the same request makes the same audio. */
export class AudioCheckFailed extends SpeechFailure {
  readonly code = 'audio-check-failed';
}
