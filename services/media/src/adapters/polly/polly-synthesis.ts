import {
  PollyClient,
  SynthesizeSpeechCommand,
  type SynthesizeSpeechCommandInput,
} from '@aws-sdk/client-polly';
import { hashJson } from '@duofactory/contracts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { randomUUID } from 'node:crypto';
import { addAbortSignal, type Readable } from 'node:stream';
import {
  SpeechFailure,
  SpeechHalfPaid,
  SpeechVendorFailed,
  TextTooLong,
  TextUnspeakable,
  VoiceUnknown,
} from '../../app/speech-failure.js';
import {
  SpeechSynthesis,
  type PaidHalf,
  type Speech,
  type SpeechCall,
  type SpeechPrice,
  type SpeechRequest,
  type Voice,
} from '../../app/speech-synthesis.js';
import { sentenceTimes } from '../../app/sentence-times.js';
import { wordTimes } from '../../app/word-times.js';
import { isUnseen, pollyFailure } from './polly-failure.js';
import {
  pollyLanguages,
  pollyVoices,
  type ChosenVoices,
  type PollyEngine,
  type PollyVoice,
} from './polly-voices.js';
import { readMarks, soundsUntil, stretchesOf, visemesOf, type SpeechMark } from './speech-marks.js';
import { splitText, type TextPiece } from './split-text.js';
import { ssmlOf } from './ssml.js';

export interface PollyOptions {
  /** Of voices that have both. */
  readonly engine?: PollyEngine;
  readonly voices?: ChosenVoices;
  /** US dollars for a million characters, by engine. Default: what Amazon publishes. */
  readonly prices?: PollyPrices;
  /** Names of pronunciation lexicons of the account. */
  readonly lexicons?: readonly string[];
  /** Another server than Amazon's. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Default: what the AWS SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Of one call whose end was seen, with growing waits in between, before the block's own attempts. */
  readonly maxAttempts?: number;
  /** The end of waiting for a call and for all that it says, its attempts together. */
  readonly patienceMs?: number;
}

export type PollyPrices = Readonly<Partial<Record<PollyEngine, number>>>;

const PUBLISHED: PollyPrices = { neural: 16, standard: 4 };
const MILLION = 1_000_000;
const CONNECT_MS = 10_000;
/** What was sent is heard to its end, and this is the end of waiting for it. */
const PATIENCE_MS = 2 * 60_000;
/** The vendor's limits for one call: characters that are billed, and all with the markup. */
const MAX_BILLED = 3_000;
const MAX_CHARACTERS = 6_000;
/** The most that the vendor gives as bare samples. */
const SAMPLE_RATE = 16_000;
/** The vendor's visemes are not exact to the last of them. */
const MARKS_MAY_BE_LATE_MS = 100;
/** Slower than the voices' own pace: learners get more time. */
const RATE_PERCENT = 90;

/** Amazon Polly: samples and speech marks for the same text, from one SSML. */
export class PollySynthesis extends SpeechSynthesis {
  readonly provider = 'polly';
  readonly engine: string;
  readonly #client: PollyClient;
  readonly #preferred: PollyEngine;
  readonly #chosen: ChosenVoices;
  readonly #lexicons: readonly string[];
  readonly #prices: PollyPrices;
  readonly #patienceMs: number;

  constructor({
    engine = 'neural',
    voices = {},
    lexicons = [],
    prices = {},
    endpoint,
    region,
    credentials,
    maxAttempts = 4,
    patienceMs = PATIENCE_MS,
  }: PollyOptions = {}) {
    super();
    this.#preferred = engine;
    this.#chosen = voices;
    this.#lexicons = lexicons;
    this.#prices = { ...PUBLISHED, ...prices };
    this.#patienceMs = patienceMs;
    // Raise the last number when the mapping of times, words or visemes changes.
    this.engine = ['polly', engine, SAMPLE_RATE, RATE_PERCENT, ...lexicons, '1'].join('/');
    this.#client = new PollyClient({
      region: region ?? process.env['AWS_REGION'] ?? 'us-east-1',
      maxAttempts,
      // HTTP/1.1, which gateways of another endpoint speak as well; the SDK's default for Polly is HTTP/2 alone.
      requestHandler: new NodeHttpHandler({ connectionTimeout: CONNECT_MS }),
      // Slows down all calls of this client when one is throttled.
      retryMode: 'adaptive',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials ? { credentials } : {}),
    });
    repeatOnlySeen(this.#client);
  }

  override priceOf({ text, language, voice: id }: SpeechRequest): SpeechPrice {
    const voice = pollyVoices(language, this.#preferred, this.#chosen).find((one) => one.id === id);
    const engine = voice?.engine ?? this.#preferred;
    const price = this.#prices[engine];
    // Marks and samples are billed alike, each by itself.
    const characters = 2 * [...text.normalize('NFC')].length;
    return { model: engine, amount: price === undefined ? null : (characters * price) / MILLION };
  }

  languages(): readonly string[] {
    return pollyLanguages(this.#chosen);
  }

  voicesFor(language: string): readonly Voice[] {
    return pollyVoices(language, this.#preferred, this.#chosen);
  }

  async speak(
    { text, language, voice: id, pace = 1 }: SpeechRequest,
    signal: AbortSignal,
    { name, halves = [] }: SpeechCall = {},
  ): Promise<Speech> {
    const voices = pollyVoices(language, this.#preferred, this.#chosen);
    const voice = voices.find((one) => one.id === id);
    if (!voice) {
      throw new VoiceUnknown(
        `Polly has no voice "${id}" for "${language}" here. It has ${voices.map((one) => one.id).join(', ')}.`,
      );
    }
    const whole = text.normalize('NFC');
    if (!hasWords(whole))
      throw new TextUnspeakable(`There is nothing to speak in "${text}": give the line words.`);
    const rate = Math.round(RATE_PERCENT * pace);
    const fits = (piece: string) =>
      piece.length <= MAX_BILLED && ssmlOf(piece, rate).ssml.length <= MAX_CHARACTERS;

    const spoken: SpokenPiece[] = [];
    const billed = new Map(halves.map((half) => [half.request, half]));
    try {
      for (const piece of splitText(whole, language, fits))
        spoken.push(...(await this.#speakSplit(piece, { language, rate, voice, name, billed }, signal)));
    } catch (error) {
      if (billed.size === 0 || signal.aborted) throw error;
      throw new SpeechHalfPaid(
        error instanceof SpeechFailure ? error : pollyFailure(error, { voice: id, engine: voice.engine }),
        [...billed.values()],
        this.#usageOf(notCounted(billed), voice),
      );
    }

    return { ...joined(spoken, whole, language), usage: this.#usageOf(notCounted(billed), voice) };
  }

  #usageOf(billed: readonly PaidHalf[], { engine }: PollyVoice): NonNullable<Speech['usage']> {
    const counted = billed.map((one) => one.characters).filter((one) => one !== undefined);
    const characters = counted.reduce((sum, one) => sum + one, 0);
    const price = this.#prices[engine];
    const known = price !== undefined && counted.length === billed.length;
    const requestId = billed.at(-1)?.requestId;
    return {
      ...{ kind: 'speech', provider: this.provider, model: engine, units: { characters } },
      saved: false,
      cost: known ? { amount: (characters * price) / MILLION, currency: 'USD' } : null,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }

  /** Ends the connections. */
  stop(): void {
    this.#client.destroy();
  }

  /** How the vendor counts what it is sent only it knows: what is too long for it after all goes in halves. */
  async #speakSplit(
    piece: TextPiece,
    of: { language: string; rate: number } & CallOfPolly,
    signal: AbortSignal,
  ): Promise<SpokenPiece[]> {
    try {
      return [await this.#speakPiece(piece, of, signal)];
    } catch (error) {
      const half = Math.ceil(piece.text.length / 2);
      const parts = splitText(piece.text, of.language, ({ length }) => length <= half);
      if (!(error instanceof TextTooLong) || parts.length === 1) throw error;
      const spoken: SpokenPiece[] = [];
      for (const { text, index } of parts)
        spoken.push(...(await this.#speakSplit({ text, index: piece.index + index }, of, signal)));
      return spoken;
    }
  }

  async #speakPiece(
    piece: TextPiece,
    of: { rate: number } & CallOfPolly,
    signal: AbortSignal,
  ): Promise<SpokenPiece> {
    const { rate, voice } = of;
    const marked = ssmlOf(piece.text, rate);
    const request = {
      Text: marked.ssml,
      TextType: 'ssml',
      VoiceId: voice.id as NonNullable<SynthesizeSpeechCommandInput['VoiceId']>,
      Engine: voice.engine,
      ...(this.#lexicons.length > 0 ? { LexiconNames: [...this.#lexicons] } : {}),
    } satisfies Partial<SynthesizeSpeechCommandInput>;
    // Before the samples are paid for: without marks they are no use.
    const marks = await this.#askFor(
      { ...request, OutputFormat: 'json', SpeechMarkTypes: ['sentence', 'word', 'viseme'] },
      (told) => marksOf(piece.text, told),
      of,
      signal,
    );
    const pcm = await this.#askFor(
      { ...request, OutputFormat: 'pcm', SampleRate: String(SAMPLE_RATE) },
      (samples) => heard(samples, marks),
      of,
      signal,
    );

    return { pcm, marks, indexOf: ({ start = 0 }) => piece.index + marked.indexAt(start) };
  }

  /** What the answer says. One that says nothing is paid for as well, and never taken for an answer again. */
  async #askFor<Told>(
    input: SynthesizeSpeechCommandInput,
    read: (bytes: Uint8Array) => Told,
    of: CallOfPolly,
    signal: AbortSignal,
  ): Promise<Told> {
    const bytes = await this.#ask(input, of, signal);
    try {
      return read(bytes);
    } catch (cause) {
      const asked = hashJson(input);
      const { requestId, ...spoilt } = of.billed.get(asked)!;
      const request = `${asked}/spoilt/${requestId ?? randomUUID()}`;
      of.billed.delete(asked);
      of.billed.set(request, { ...spoilt, request, requestId, bytes: new Uint8Array() });
      throw new SpeechVendorFailed(
        `Polly's answer is no speech${requestId === undefined ? '' : ` (request ${requestId})`}: ${(cause as Error).message}`,
        { cause },
      );
    }
  }

  async #ask(
    input: SynthesizeSpeechCommandInput,
    { voice: { id: voice, engine }, name, billed }: CallOfPolly,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const request = hashJson(input);
    const paid = billed.get(request);
    if (paid) return paid.bytes;
    const command = new SynthesizeSpeechCommand(input);
    if (name !== undefined) tellName(command, name);
    // Ours: the handler's `requestTimeout` only warns, and ends with the headers.
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#patienceMs)]);
    try {
      const { AudioStream, RequestCharacters, $metadata } = await this.#client.send(command, {
        abortSignal: patience,
      });
      if (!AudioStream) throw new Error('The answer has no body');
      addAbortSignal(patience, AudioStream as Readable);
      const bytes = await AudioStream.transformToByteArray();
      const characters = isBilled(RequestCharacters) ? RequestCharacters : undefined;
      billed.set(request, { request, bytes, characters, requestId: $metadata.requestId });

      return bytes;
    } catch (thrown) {
      signal.throwIfAborted();
      const error = thrown instanceof EndUnseen ? thrown.end : thrown;
      throw error instanceof SpeechFailure ? error : pollyFailure(error, { voice, engine });
    }
  }
}

/** Throws an Error for what is no marks, and where a text with words has none. */
function marksOf(text: string, bytes: Uint8Array): SpeechMark[] {
  const marks = readMarks(Buffer.from(bytes).toString());
  if (soundsUntil(marks) === undefined && hasWords(text)) throw new Error('it has marks of no word');
  return marks;
}

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** Samples that the marks fit to. Throws an Error for those that end before what is said in them, and for silence. */
function heard(bytes: Uint8Array, marks: readonly SpeechMark[]): Int16Array {
  const pcm = new Int16Array(bytes.slice().buffer, 0, bytes.length >> 1);
  const durationMs = (pcm.length * 1_000) / SAMPLE_RATE;
  const untilMs = soundsUntil(marks);
  if (untilMs === undefined) return pcm;
  if (bytes.length % 2 !== 0 || durationMs + MARKS_MAY_BE_LATE_MS < untilMs)
    throw new Error(
      `its samples end after ${Math.floor(durationMs)} ms, and its marks after ${Math.round(untilMs)} ms`,
    );
  if (!pcm.some((sample) => sample !== 0)) throw new Error('its samples are silent');
  return pcm;
}

const notCounted = (billed: ReadonlyMap<string, PaidHalf>): PaidHalf[] =>
  [...billed.values()].filter(({ counted = false }) => !counted);

/** What the SDK takes for none of the errors after which it makes a call again. */
class EndUnseen extends Error {
  constructor(readonly end: unknown) {
    super('Nobody saw the end of the call');
  }
}

/** A call whose end nobody saw may be paid for: the SDK would make it again, and nobody would hear of the first. */
function repeatOnlySeen(client: PollyClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw isUnseen(error) ? new EndUnseen(error) : error;
      }
    },
    // Within the SDK's own attempts.
    { step: 'finalizeRequest', priority: 'low', name: 'duofactoryEndUnseen' },
  );
}

/** The vendor keeps who asked, with every call: by this its log finds one whose end was not seen here. */
function tellName(command: SynthesizeSpeechCommand, name: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['user-agent'] = `${headers['user-agent'] ?? ''} duofactory/${name}`.trim();
      return next(args);
    },
    // After the SDK has written its own, and before it signs.
    { step: 'build', priority: 'low', name: 'duofactoryCall' },
  );
}

/** What the vendor says that it billed may be no number, or none that can be: then nobody knows what it cost. */
const isBilled = (characters: number | undefined): boolean =>
  Number.isInteger(characters) && characters! >= 0 && characters! <= MAX_CHARACTERS;

interface CallOfPolly {
  readonly voice: PollyVoice;
  readonly name: string | undefined;
  /** What of the line is paid for, by what was asked. */
  readonly billed: Map<string, PaidHalf>;
}

interface SpokenPiece {
  pcm: Int16Array;
  marks: SpeechMark[];
  indexOf: (mark: SpeechMark) => number;
}

/** One speech of the pieces in order: each one's times begin where the samples before it end. */
function joined(pieces: readonly SpokenPiece[], text: string, language: string): Speech {
  const pcm = new Int16Array(pieces.reduce((sum, piece) => sum + piece.pcm.length, 0));
  const indices = new Map<SpeechMark, number>();
  let at = 0;
  const marks = pieces.flatMap((piece) => {
    const shiftMs = (at * 1_000) / SAMPLE_RATE;
    pcm.set(piece.pcm, at);
    at += piece.pcm.length;

    return piece.marks.map((mark) => {
      const shifted = { ...mark, time: mark.time + shiftMs };
      indices.set(shifted, piece.indexOf(mark));

      return shifted;
    });
  });
  const durationMs = Math.floor((pcm.length * 1_000) / SAMPLE_RATE);
  const indexOf = (mark: SpeechMark): number => indices.get(mark) ?? 0;
  const words = wordTimes(text, language, stretchesOf(marks, durationMs, indexOf));
  const starts = marks
    .filter(({ type }) => type === 'sentence')
    .map((mark) => ({ index: indexOf(mark), startMs: Math.round(mark.time) }));

  return {
    pcm,
    sampleRate: SAMPLE_RATE,
    words,
    sentences: sentenceTimes(text, { language, words, starts }),
    visemes: visemesOf(marks, durationMs),
  };
}
