import { SpeechCrashed, SpeechUnavailable, TextUnspeakable, VoiceUnknown } from '../../app/speech-failure.js';
import { SpeechSynthesis, type Speech, type SpeechRequest, type Voice } from '../../app/speech-synthesis.js';
import { EspeakHost, type EspeakHostOptions } from './espeak-host.js';
import { readableText } from './readable-text.js';
import { speechOfAnswer } from './speech-of-answer.js';
import { ESPEAK_LANGUAGES, espeakVoices } from './voices.js';

/** The engine's own default is 175; learners get more time. */
const WORDS_PER_MINUTE = 155;

export const ESPEAK_DEFAULTS: EspeakHostOptions = {
  packageName: '@echogarden/espeak-ng-emscripten',
  textTimeoutMs: 30_000,
  restartsPerText: 2,
  textsPerProcess: 200,
  idleMs: 60_000,
};

/** eSpeak NG in a process of its own. 22,050 Hz; the same request gives the same samples on every machine. */
export class EspeakSynthesis extends SpeechSynthesis {
  /** Raise the last number when the mapping of times, words or visemes changes. */
  readonly provider = 'espeak';
  readonly engine = 'espeak-ng-emscripten@0.3.5/1';
  private readonly host: EspeakHost;
  private readonly options: EspeakHostOptions;

  constructor(options: Partial<EspeakHostOptions> = {}) {
    super();
    this.options = { ...ESPEAK_DEFAULTS, ...options };
    this.host = new EspeakHost(this.options);
  }

  languages(): readonly string[] {
    return ESPEAK_LANGUAGES;
  }

  voicesFor(language: string): readonly Voice[] {
    return espeakVoices(language);
  }

  async speak({ text, language, voice, pace = 1 }: SpeechRequest, signal: AbortSignal): Promise<Speech> {
    const voices = this.voicesFor(language);
    if (!voices.some(({ id }) => id === voice)) {
      throw new VoiceUnknown(
        `espeak has no voice "${voice}" for "${language}". It has ${voices.map(({ id }) => id).join(', ')}.`,
      );
    }
    const readable = readableText(text.normalize('NFC'));

    const answer = await this.host.ask(
      { text: readable, voice, wordsPerMinute: Math.round(WORDS_PER_MINUTE * pace) },
      signal,
    );
    switch (answer.outcome) {
      case 'spoken': {
        const speech = speechOfAnswer(readable, language, answer);
        if (speech.words.length === 0) throw new TextUnspeakable(`espeak has no sound for "${text}".`);

        return speech;
      }
      case 'voice-unknown':
        throw new VoiceUnknown(`espeak took no voice "${voice}", though its version should have it.`);
      case 'unavailable':
        throw new SpeechUnavailable(
          `The speech engine ${this.options.packageName} cannot be loaded (${answer.reason}). It is an optional ` +
            `dependency under the GPL: install it with "npm install ${this.options.packageName}".`,
        );
      case 'failed':
        throw new SpeechCrashed(`espeak failed over "${text}": ${answer.reason}`);
    }
  }

  /** Ends the engine's process. */
  stop(): void {
    this.host.stop();
  }
}
