import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMp3Encoder, createOggEncoder } from 'wasm-media-encoders';

/**
 * What goes wrong with one call: `silent` is never answered, `stalled` never to its end. Only a call that is answered is
 * paid for: also one whose answer is `garbled`, is `empty`, lacks its second half (`halved`) or has no sound (`mute`).
 */
export type PollyFault =
  | 'throttled'
  | 'server-error'
  | 'gateway-timeout'
  | 'cut'
  | 'refused'
  | 'silent'
  | 'stalled'
  | (typeof SPOILT)[number];

const SPOILT = ['garbled', 'empty', 'halved', 'mute'] as const;

export interface PollyCall {
  readonly text: string;
  readonly textType: 'text' | 'ssml';
  readonly voice: string;
  readonly engine: string;
  readonly format: 'json' | 'pcm' | 'mp3' | 'ogg_vorbis';
  readonly sampleRate: number;
  readonly markTypes: readonly string[];
  readonly lexicons: readonly string[];
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

const MAX_BILLED = 3_000;
const MAX_CHARACTERS = 6_000;
const RATES: Record<string, readonly number[]> = {
  pcm: [8_000, 16_000],
  mp3: [8_000, 16_000, 22_050, 24_000],
  ogg_vorbis: [8_000, 16_000, 22_050, 24_000],
};
const MEDIA_TYPES: Record<string, string> = {
  json: 'application/x-json-stream',
  pcm: 'audio/pcm',
  mp3: 'audio/mpeg',
  ogg_vorbis: 'audio/ogg',
};
/** Voices by the engines that they have, as in the vendor's table. */
const VOICES: Record<string, string> = {
  'neural standard':
    'Joanna Matthew Amy Brian Emma Lupe Mia Lucia Lea Vicki Camila Vitoria Ines Bianca Takumi Seoyeon Zhiyu Salli',
  neural:
    'Ruth Stephen Danielle Gregory Arthur Pedro Andres Sergio Remi Gabrielle Liam Isabelle Daniel Hannah Thiago ' +
    'Adriano Kazuha Tomoko Kajal Jihye Laura Ola Burcu Elin',
  standard:
    'Penelope Miguel Conchita Enrique Celine Mathieu Chantal Hans Marlene Ricardo Cristiano Carla Giorgio Mizuki ' +
    'Aditi Tatyana Maxim Ruben Lotte Jacek Ewa Jan Maja Filiz Astrid',
};
const ENGINES_OF = new Map(
  Object.entries(VOICES).flatMap(([engines, names]) =>
    names.split(' ').map((name) => [name, engines.split(' ')] as const),
  ),
);
const TAGS: Record<string, readonly string[]> = {
  neural: ['speak', 'prosody', 'break', 'lang', 'mark', 'p', 's', 'say-as', 'sub', 'w', 'phoneme'],
  standard: [
    'speak',
    'prosody',
    'break',
    'lang',
    'mark',
    'p',
    's',
    'say-as',
    'sub',
    'w',
    'phoneme',
    'emphasis',
  ],
};

/** Amazon Polly's SynthesizeSpeech on the wire, with its documented shapes, limits and errors. It says a tone a word. */
export class FakePolly {
  readonly credentials = { accessKeyId: `AKIAFAKE${Date.now()}`, secretAccessKey: randomUUID() };
  /** Calls that were answered. */
  readonly calls: PollyCall[] = [];
  billedCharacters = 0;
  /** The same text sounds the same, but not to the last bit. */
  varies = false;
  /** The most that it takes at once, where that is less than is documented. */
  mostBilled = MAX_BILLED;
  /** What it says that it billed, where that is not so. */
  tells: string | undefined;
  /** Who called, as they called themselves: answered or not. */
  readonly asked: string[] = [];
  /** Nothing is answered before it. */
  until: Promise<void> | undefined;
  /** What each further call meets. */
  readonly faults: (PollyFault | undefined)[] = [];
  /** Names of the account's lexicons. */
  readonly lexicons = new Set<string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (error instanceof Refusal) refuse(response, error);
        else response.destroy(error as Error);
      });
    });
  }

  static async start(): Promise<FakePolly> {
    const fake = new FakePolly();
    await once(fake.#server.listen(0, '127.0.0.1'), 'listening');
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST' || request.url !== '/v1/speech')
      throw new Refusal(404, 'UnknownOperationException', 'Unknown operation');
    const { authorization = '' } = request.headers;
    if (!authorization.startsWith('AWS4-HMAC-SHA256 '))
      throw new Refusal(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    if (!authorization.includes(`Credential=${this.credentials.accessKeyId}/`))
      throw new Refusal(403, 'UnrecognizedClientException', 'The security token is invalid.');
    this.asked.push(String(request.headers['user-agent']));
    await this.until;
    const fault = this.faults.shift();
    if (fault === 'refused') throw new Refusal(400, 'InvalidSsmlException', 'Invalid SSML request');
    if (fault === 'cut') return void response.destroy();
    if (fault === 'silent') return;
    if (fault === 'gateway-timeout') return void response.writeHead(504).end();
    if (fault === 'stalled') return void response.writeHead(200).write('{');
    if (fault === 'throttled') throw new Refusal(400, 'ThrottlingException', 'Rate exceeded');
    const spoilt = SPOILT.find((one) => one === fault);
    if (fault && !spoilt)
      throw new Refusal(500, 'ServiceFailureException', 'An unknown condition caused a failure');

    const call = callOf(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
    const speech = this.#check(call);
    const billed = [...speech.spoken].length;
    const bytes = await render(call, speech);
    if (this.varies && call.format === 'pcm') bytes.writeInt16LE(this.calls.length, 0);
    this.calls.push(call);
    this.billedCharacters += billed;
    response
      .writeHead(200, {
        'content-type': MEDIA_TYPES[call.format],
        'x-amzn-requestid': randomUUID(),
        'x-amzn-requestcharacters': this.tells ?? String(billed),
      })
      .end(spoilt ? spoil(bytes, spoilt) : bytes);
  }

  #check(call: PollyCall): ReadableText {
    const { voice, engine, format, sampleRate, markTypes, lexicons, text, textType } = call;
    const engines = ENGINES_OF.get(voice);
    if (!engines)
      throw new Refusal(
        400,
        'ValidationException',
        `Value '${voice}' at 'voiceId' failed to satisfy constraint: Member must satisfy enum value set`,
      );
    if (!engines.includes(engine))
      throw new Refusal(
        400,
        'EngineNotSupportedException',
        `This voice does not support the selected engine: ${engine}`,
      );
    if (format !== 'json' && markTypes.length > 0)
      throw new Refusal(
        400,
        'MarksNotSupportedForFormatException',
        'Speech marks are not supported for this format',
      );
    if (format === 'json' && markTypes.length === 0)
      throw new Refusal(400, 'ValidationException', 'Speech mark types are required for the json format');
    if (markTypes.includes('ssml') && textType !== 'ssml')
      throw new Refusal(
        400,
        'SsmlMarksNotSupportedForTextTypeException',
        'SSML speech marks need the text type ssml',
      );
    if (format !== 'json' && !RATES[format]!.includes(sampleRate))
      throw new Refusal(400, 'InvalidSampleRateException', 'The specified sample rate is not valid.');
    for (const lexicon of lexicons)
      if (!this.lexicons.has(lexicon))
        throw new Refusal(404, 'LexiconNotFoundException', 'Lexicon not found');
    const readable = textType === 'ssml' ? readSsml(text, engine) : plain(text);
    if ([...text].length > MAX_CHARACTERS || [...readable.spoken].length > this.mostBilled)
      throw new Refusal(400, 'TextLengthExceededException', 'Maximum text length has been exceeded');
    return readable;
  }
}

function spoil(bytes: Buffer, how: (typeof SPOILT)[number]): Buffer {
  if (how === 'garbled') return Buffer.from('no mark');
  if (how === 'empty') return Buffer.alloc(0);
  return how === 'mute' ? Buffer.alloc(bytes.length) : bytes.subarray(0, (bytes.length >> 2) << 1);
}

function callOf(body: Record<string, unknown>): PollyCall {
  const format = body['OutputFormat'] as PollyCall['format'];
  return {
    text: body['Text'] as string,
    textType: (body['TextType'] as PollyCall['textType'] | undefined) ?? 'text',
    voice: body['VoiceId'] as string,
    engine: (body['Engine'] as string | undefined) ?? 'standard',
    format,
    sampleRate: Number(body['SampleRate'] ?? (format === 'pcm' ? 16_000 : 22_050)),
    markTypes: (body['SpeechMarkTypes'] as string[] | undefined) ?? [],
    lexicons: (body['LexiconNames'] as string[] | undefined) ?? [],
  };
}

/** What is read aloud, and for each of its characters the byte of the text that was sent. */
interface ReadableText {
  readonly spoken: string;
  readonly bytes: readonly number[];
  /** 1 is the voice's own. */
  readonly rate: number;
}

function plain(text: string): ReadableText {
  const bytes: number[] = [];
  let byte = 0;
  for (const character of text) {
    for (let unit = 0; unit < character.length; unit += 1) bytes.push(byte);
    byte += Buffer.byteLength(character);
  }
  return { spoken: text, bytes, rate: 1 };
}

const TOKEN = /<(\/?)([a-zA-Z-]+)((?:\s[^<>]*?)?)(\/?)>|&(amp|lt|gt|quot|apos);|[^<>&]+|[<>&]/gsu;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function readSsml(ssml: string, engine: string): ReadableText {
  const invalid = (): Refusal => new Refusal(400, 'InvalidSsmlException', 'Invalid SSML request');
  const open: string[] = [];
  const bytes: number[] = [];
  let [spoken, rate, byte] = ['', 1, 0];
  for (const [token, closes, tag, attributes, empty, entity] of ssml.matchAll(TOKEN)) {
    if (tag !== undefined) {
      if (!TAGS[engine]!.includes(tag) || (open.length === 0 && (tag !== 'speak' || byte > 0)))
        throw invalid();
      if (closes) {
        if (open.pop() !== tag) throw invalid();
      } else if (!empty) open.push(tag);
      const percent = /rate="(\d+)%"/.exec(attributes ?? '')?.[1];
      if (percent !== undefined) rate = Number(percent) / 100;
    } else if (entity !== undefined) {
      spoken += ENTITIES[entity]!;
      bytes.push(byte);
    } else if (
      /^[<>&]$/.test(token) ||
      open.length === 0 ||
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(token)
    ) {
      throw invalid();
    } else {
      bytes.push(...plain(token).bytes.map((at) => byte + at));
      spoken += token;
    }
    byte += Buffer.byteLength(token);
  }
  if (open.length > 0 || rate < 0.2 || rate > 2) throw invalid();
  return { spoken, bytes, rate };
}

const MS_PER_LETTER = 70;
const PAUSE_MS = 250;
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/[pbm]/u, 'p'],
  [/[fvw]/u, 'f'],
  [/[kgcqxhj]/u, 'k'],
  [/[szç]/u, 's'],
  [/[r]/u, 'r'],
  [/[ñ]/u, 'J'],
  [/[aáàâäã]/u, 'a'],
  [/[eéèêë]/u, 'e'],
  [/[iíìîïy]/u, 'i'],
  [/[oóòôöõ]/u, 'o'],
  [/[uúùûü]/u, 'u'],
  [/[tdnl]/u, 't'],
];

function shapeOf(letter: string): string {
  return SHAPES.find(([letters]) => letters.test(letter.toLowerCase()))?.[1] ?? '@';
}

interface Timed {
  readonly marks: { time: number; type: string; start?: number; end?: number; value: string }[];
  readonly sounds: { from: number; until: number }[];
  readonly durationMs: number;
}

function timesOf({ spoken, bytes, rate }: ReadableText): Timed {
  const marks: Timed['marks'] = [];
  const sounds: Timed['sounds'] = [];
  let atMs = 0;
  for (const sentence of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(spoken)) {
    const words = [...sentence.segment.matchAll(/[\p{L}\p{M}\p{N}'’]+/gu)];
    if (words.length === 0) continue;
    const endOf = (index: number): number => (bytes[index] ?? 0) + 1;
    marks.push({
      time: Math.round(atMs),
      type: 'sentence',
      start: bytes[sentence.index]!,
      end: endOf(sentence.index + sentence.segment.length - 1),
      value: sentence.segment.trim(),
    });
    for (const { 0: word, index } of words) {
      const at = sentence.index + index;
      const from = atMs;
      marks.push({
        ...{ time: Math.round(atMs), type: 'word', start: bytes[at]! },
        ...{ end: endOf(at + word.length - 1), value: word },
      });
      for (const letter of word) {
        marks.push({ time: Math.round(atMs), type: 'viseme', value: shapeOf(letter) });
        atMs += MS_PER_LETTER / rate;
      }
      sounds.push({ from, until: atMs });
    }
    marks.push({ time: Math.round(atMs), type: 'viseme', value: 'sil' });
    atMs += PAUSE_MS / rate;
  }
  return { marks, sounds, durationMs: atMs };
}

async function render(
  { voice, format, sampleRate, markTypes }: PollyCall,
  text: ReadableText,
): Promise<Buffer> {
  const { marks, sounds, durationMs } = timesOf(text);
  if (format === 'json') {
    const lines = marks.filter(({ type }) => markTypes.includes(type)).map((mark) => JSON.stringify(mark));
    return Buffer.from(lines.join('\n'));
  }
  const pitch = 90 + ([...voice].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 160);
  const samples = new Int16Array(Math.round((durationMs * sampleRate) / 1000));
  for (const { from, until } of sounds)
    for (let i = Math.round((from * sampleRate) / 1000); i < (until * sampleRate) / 1000; i += 1)
      samples[i] = 6_000 * Math.sin((2 * Math.PI * pitch * i) / sampleRate);
  if (format === 'pcm') return Buffer.from(samples.buffer);
  const channel = [Float32Array.from(samples, (sample) => sample / 32_768)];
  if (format === 'mp3') {
    const encoder = await createMp3Encoder();
    encoder.configure({ channels: 1, sampleRate: sampleRate, bitrate: 64 });
    return Buffer.concat([encoder.encode(channel).slice(), encoder.finalize().slice()]);
  }
  const encoder = await createOggEncoder();
  encoder.configure({ channels: 1, sampleRate, vbrQuality: 4, oggSerialNo: 1 });
  return Buffer.concat([encoder.encode(channel).slice(), encoder.finalize().slice()]);
}

function refuse(response: ServerResponse, { status, type, message }: Refusal): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-errortype': type,
      'x-amzn-requestid': randomUUID(),
    })
    .end(JSON.stringify({ message }));
}
