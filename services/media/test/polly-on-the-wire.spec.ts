import {
  PollyClient,
  SynthesizeSpeechCommand,
  type SynthesizeSpeechCommandInput,
} from '@aws-sdk/client-polly';
import { FakePolly } from '@duofactory/testing';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pollyFailure } from '../src/adapters/polly/polly-failure.js';
import { PollySynthesis, type PollyOptions } from '../src/adapters/polly/polly-synthesis.js';
import { splitText } from '../src/adapters/polly/split-text.js';
import { expectWhole } from './speech-contract.js';

const never = new AbortController().signal;
const server = await FakePolly.start();
const polly = (options: PollyOptions = {}): PollySynthesis =>
  new PollySynthesis({
    ...{ endpoint: server.endpoint, credentials: server.credentials, region: 'eu-west-1', maxAttempts: 1 },
    ...options,
  });
const hello = { text: 'Hello you.', language: 'en', voice: 'Joanna' };

describe('Polly on the wire', () => {
  beforeEach(() => {
    server.calls.length = 0;
    server.billedCharacters = 0;
    server.asked.length = 0;
  });

  it('sends the text as SSML once for the marks and once for the samples', async () => {
    await polly({ lexicons: [] }).speak({ ...hello, text: 'Q & A <now>', pace: 0.5 }, never);

    expect(server.calls.map(({ format, markTypes }) => [format, markTypes])).toEqual([
      ['json', ['sentence', 'word', 'viseme']],
      ['pcm', []],
    ]);
    for (const call of server.calls)
      expect(call).toMatchObject({
        ...{ textType: 'ssml', voice: 'Joanna', engine: 'neural' },
        text: '<speak><prosody rate="45%">Q &amp; A &lt;now&gt;</prosody></speak>',
      });
  });

  it.each(['lots', '-5', '1e300', '5.5'])(
    'knows no price where %s characters are said to be billed',
    async (told) => {
      server.tells = told;

      const { usage } = await polly()
        .speak(hello, never)
        .finally(() => (server.tells = undefined));

      expect(usage).toMatchObject({ units: { characters: 0 }, cost: null });
    },
  );

  it('finds the words of the text in the bytes of the SSML', async () => {
    const speech = await polly().speak(
      { text: '«Ñandú» & té: ¡"así"!', language: 'es', voice: 'Lupe' },
      never,
    );

    expect(speech.words.map(({ text }) => text)).toEqual(['Ñandú', 'té', 'así']);
    expect(speech.words.map(({ startMs, endMs }) => Math.round((endMs - startMs) / 78))).toEqual([5, 2, 3]);
    // The shape of ñ is one that other engines lack.
    expect(speech.visemes[0]).toMatchObject({ id: 'i', startMs: 0 });
  });

  it('chooses engine and voice by language, character and settings', async () => {
    const chosen = polly({ engine: 'standard', voices: { es: { f2: 'Mia', host: 'Penelope' } } });
    const characters = Object.fromEntries(chosen.voicesFor('es').map(({ character, id }) => [character, id]));

    await chosen.speak({ text: 'Hola.', language: 'es', voice: 'Mia' }, never);
    await chosen.speak({ text: 'Hola.', language: 'es', voice: 'Pedro' }, never);

    expect(characters).toMatchObject({ f2: 'Mia', m3: 'Pedro', host: 'Penelope' });
    expect(server.calls.map(({ voice, engine }) => `${voice} ${engine}`)).toEqual([
      ...['Mia standard', 'Mia standard'],
      // It has one engine only.
      ...['Pedro neural', 'Pedro neural'],
    ]);
  });

  it('splits what is over the limit at sentences, and shifts the times', async () => {
    const sentence = 'Tom & Ana say that tea is good for you. ';
    const text = sentence.repeat(120).trim();

    const speech = await polly().speak({ ...hello, text }, never);

    expect(server.calls.length).toBeGreaterThan(2);
    for (const call of server.calls) expect(call.text).toMatch(/rate="90%">Tom .* you\. ?<\/prosody>/u);
    expect(speech.words).toHaveLength(120 * 9);
    expect(speech.words.slice(-2).map((word) => word.text)).toEqual(['for', 'you']);
    expect(speech.sentences).toHaveLength(120);
    expect(new Set(speech.sentences.map((one) => one.text))).toEqual(new Set([sentence.trim()]));
    expectWhole(speech);
    const durationMs = (speech.pcm.length * 1000) / speech.sampleRate;
    expect(durationMs - (speech.words.at(-1)?.endMs ?? 0)).toBeLessThan(400);
  });

  it('splits anew what the vendor says is too long after all, and pays for no more than the text', async () => {
    const text = Array.from({ length: 40 }, (_, i) => `Tea ${i} is good.`).join(' ');
    server.mostBilled = 200;

    const speech = await polly()
      .speak({ ...hello, text }, never)
      .finally(() => (server.mostBilled = 3_000));

    expect(speech.words).toHaveLength(40 * 4);
    expect(speech.sentences).toHaveLength(40);
    expect(server.billedCharacters).toBe(2 * text.length);
    expectWhole(speech);
  });

  it('splits between words, then characters, where a sentence has no end; the pieces are the text', () => {
    const fits = (piece: string): boolean => piece.length <= 20;
    const text = 'One. Two three four five six seven eight, and Donaudampfschifffahrtsgesellschaft! End.';

    const pieces = splitText(text, 'en', fits);

    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    for (const { text: piece, index } of pieces) {
      expect(fits(piece)).toBe(true);
      expect(text.slice(index, index + piece.length)).toBe(piece);
    }
    expect(pieces[0]).toEqual({ text: 'One. ', index: 0 });
  });

  it.each([
    ['throttled', 'speech-throttled', false],
    ['server-error', 'speech-vendor-failed', false],
    ['cut', 'speech-vendor-failed', true],
    ['gateway-timeout', 'speech-vendor-failed', true],
  ] as const)('calls %s %s, retryable, and perhaps paid: %s', async (fault, code, ambiguous) => {
    server.faults.push(fault);

    const spoken = polly().speak(hello, never);

    await expect(spoken).rejects.toMatchObject({ code, retryable: true, ambiguous });
    expect(server.calls).toEqual([]);
  });

  it.each(['silent', 'stalled'] as const)(
    'waits no longer than it may for a vendor that is %s',
    async (fault) => {
      server.faults.push(fault);

      const spoken = polly({ patienceMs: 200 }).speak(hello, never);

      await expect(spoken).rejects.toMatchObject({
        ...{ code: 'speech-vendor-failed', retryable: true, ambiguous: true },
      });
    },
  );

  it('pays for no samples where the marks are none', async () => {
    server.faults.push('garbled');

    const spoken = polly().speak(hello, never);

    await expect(spoken).rejects.toMatchObject({ code: 'speech-vendor-failed', retryable: true });
    expect(server.calls.map(({ format }) => format)).toEqual(['json']);
  });

  it.each([
    ['ECONNREFUSED', false],
    ['ENOTFOUND', false],
    ['ECONNRESET', true],
    ['ETIMEDOUT', true],
  ])('tells from %s whether it may have been heard, and paid: %s', (code, ambiguous) => {
    const failure = pollyFailure(Object.assign(new Error('connect'), { code }), {
      voice: 'Joanna',
      engine: 'neural',
    });

    expect(failure).toMatchObject({ code: 'speech-vendor-failed', retryable: true, ambiguous });
  });

  it('says when to come again after it was throttled', async () => {
    server.faults.push('throttled');

    await expect(polly().speak(hello, never)).rejects.toMatchObject({ afterMs: 2_000 });
  });

  it('speaks although it was throttled, when it may try again', async () => {
    server.faults.push('throttled', undefined, 'server-error');

    expect((await polly({ maxAttempts: 3 }).speak(hello, never)).words).toHaveLength(2);
  });

  it.each(['cut', 'gateway-timeout'] as const)(
    'makes no call again by itself whose end was not seen: %s',
    async (fault) => {
      server.faults.push(fault);
      const usual = new PollySynthesis({ endpoint: server.endpoint, credentials: server.credentials });

      await expect(usual.speak(hello, never)).rejects.toMatchObject({ ambiguous: true });

      expect(server.asked).toHaveLength(1);
    },
  );

  it('refuses what trying again would not mend, and says why', async () => {
    const lexicon = polly({ lexicons: ['brands'] }).speak(hello, never);
    const engineless = polly({ engine: 'neural', voices: { eo: { f2: 'Nobody' } } });

    await expect(lexicon).rejects.toMatchObject({ code: 'speech-refused', retryable: false });
    await expect(lexicon).rejects.toThrow(/LexiconNotFoundException \(request .+\): Lexicon not found/);
    await expect(
      engineless.speak({ text: 'Saluton', language: 'eo', voice: 'Nobody' }, never),
    ).rejects.toThrow(/ValidationException.*'Nobody' at 'voiceId'/);
    server.lexicons.add('brands');
    expect((await polly({ lexicons: ['brands'] }).speak(hello, never)).words).toHaveLength(2);
  });

  it('repeats no key of credentials that are refused', async () => {
    const credentials = { accessKeyId: 'AKIAWRONG', secretAccessKey: 'very-secret' };

    const error = await polly({ credentials })
      .speak(hello, never)
      .catch((reason: unknown) => reason as Error & { code: string });

    expect(error).toMatchObject({ code: 'speech-unauthorized', retryable: false });
    expect(JSON.stringify([(error as Error).message, (error as Error).stack])).not.toMatch(
      /very-secret|AKIAWRONG/,
    );
  });
});

describe('the wire fake, as the vendor documents it', () => {
  const client = new PollyClient({
    requestHandler: new NodeHttpHandler(),
    ...{ endpoint: server.endpoint, credentials: server.credentials, region: 'eu-west-1', maxAttempts: 1 },
  });
  const ask = (changes: Partial<SynthesizeSpeechCommandInput>) =>
    client.send(
      new SynthesizeSpeechCommand({
        ...{ Text: 'Hello you.', VoiceId: 'Joanna', OutputFormat: 'pcm' },
        ...changes,
      }),
    );
  afterAll(() => server.stop());

  it.each<[string, Partial<SynthesizeSpeechCommandInput>, string]>([
    ['3,001 billed characters', { Text: 'a'.repeat(3_001) }, 'TextLengthExceededException'],
    ['markup that is not closed', { Text: '<speak><p>Hi</speak>', TextType: 'ssml' }, 'InvalidSsmlException'],
    ['a bare ampersand', { Text: '<speak>Q & A</speak>', TextType: 'ssml' }, 'InvalidSsmlException'],
    [
      'emphasis by a neural voice',
      { Text: '<speak><emphasis>Hi</emphasis></speak>', TextType: 'ssml', Engine: 'neural' },
      'InvalidSsmlException',
    ],
    ['a voice without the engine', { VoiceId: 'Hans', Engine: 'neural' }, 'EngineNotSupportedException'],
    ['a rate that samples cannot have', { SampleRate: '24000' }, 'InvalidSampleRateException'],
    ['marks with samples', { SpeechMarkTypes: ['word'] }, 'MarksNotSupportedForFormatException'],
    ['a lexicon that is not there', { LexiconNames: ['nope'] }, 'LexiconNotFoundException'],
  ])('refuses %s', async (_, changes, name) => {
    await expect(ask(changes)).rejects.toMatchObject({ name });
  });

  it.each([
    ['mp3', 'audio/mpeg'],
    ['ogg_vorbis', 'audio/ogg'],
    ['pcm', 'audio/pcm'],
  ] as const)('speaks %s', async (format, type) => {
    const { ContentType, AudioStream, RequestCharacters } = await ask({
      OutputFormat: format,
      ...(format === 'pcm' ? {} : { SampleRate: '24000' }),
    });

    expect([ContentType, RequestCharacters]).toEqual([type, 10]);
    expect((await AudioStream!.transformToByteArray()).length).toBeGreaterThan(1_000);
  });

  it('marks sentences, words and visemes', async () => {
    const { AudioStream } = await ask({
      OutputFormat: 'json',
      SpeechMarkTypes: ['sentence', 'word', 'viseme'],
    });

    const [sentence, word] = (await AudioStream!.transformToString())
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(sentence).toEqual({ time: 0, type: 'sentence', start: 0, end: 10, value: 'Hello you.' });
    expect(word).toEqual({ time: 0, type: 'word', start: 0, end: 5, value: 'Hello' });
  });
});
