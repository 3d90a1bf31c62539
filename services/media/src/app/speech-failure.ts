/**
 * Why lines could not be spoken. Thrown by the engines' adapters and by the use cases of this service;
 * `retryable` says whether the same request may succeed later.
 */
export abstract class SpeechFailure extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
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

/** What was made is not what was asked for. Terminal: the same request makes the same audio. */
export class AudioCheckFailed extends SpeechFailure {
  readonly code = 'audio-check-failed';
}
