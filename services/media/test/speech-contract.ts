import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { TextUnspeakable, VoiceUnknown } from '../src/app/speech-failure.js';
import type { Speech, SpeechSynthesis } from '../src/app/speech-synthesis.js';
import { VISEMES } from '../src/app/viseme-of-phoneme.js';

const never = new AbortController().signal;
/** Every language of both engines: text, and how many words it has. */
const TEXTS: Record<string, [text: string, words: number]> = {
  en: ['Hello, how are you today? I would like six cups of tea.', 12],
  'en-GB': ['Good evening, Ana.', 3],
  es: ['¿Quieres un café con leche, o prefieres té?', 8],
  fr: ["Bonjour, qu'est-ce que c'est ? Un bon vin blanc.", 9],
  de: ['Guten Tag, ich möchte fünf Brötchen.', 6],
  'pt-BR': ['Olá, você não quer um pão?', 6],
  it: ['Ciao, gli gnocchi sono buoni?', 5],
  ja: ['こんにちは、おちゃをください。', 6],
  hi: ['नमस्ते, आप कैसे हैं?', 4],
  ko: ['안녕하세요, 반갑습니다.', 2],
  ru: ['Привет, как у тебя дела?', 5],
};

/** What every engine that speaks keeps. */
export function speechContract(engine: () => SpeechSynthesis): void {
  const speak = (language: string, text: string, character = 0, pace = 1): Promise<Speech> =>
    engine().speak({ text, language, voice: engine().voicesFor(language)[character]?.id ?? '', pace }, never);

  it.each(Object.entries(TEXTS))(
    'speaks %s: every word timed, visemes without gaps',
    async (language, given) => {
      const [text, words] = given;
      const speech = await speak(language, text);

      expect(speech.words).toHaveLength(words);
      expectWhole(speech);
      expect(new Set(speech.visemes.map(({ id }) => id)).size).toBeGreaterThan(1);
    },
  );

  it('gives the same samples and times for the same request, and others in another voice', async () => {
    const first = await speak('en', 'Good morning, Ana.');
    await speak('es', 'Buenos días.', 1);

    expect(hash(await speak('en', 'Good morning, Ana.'))).toBe(hash(first));
    expect(hash(await speak('en', 'Good morning, Ana.', 1))).not.toBe(hash(first));
  });

  it('has at least a woman and a man in the languages of the shipped courses, under names of both engines', () => {
    for (const language of ['en', 'es', 'fr', 'de', 'pt', 'it']) {
      const [first, second] = engine().voicesFor(language);

      expect([first?.character, first?.gender]).toEqual(['f2', 'female']);
      expect([second?.character, second?.gender]).toEqual(['m3', 'male']);
    }
  });

  it('has each language and voice that it names', async () => {
    for (const language of engine().languages()) {
      for (const { id } of engine().voicesFor(language)) {
        const speech = await engine().speak({ text: 'a', language, voice: id }, never);

        expect(speech.words).toHaveLength(1);
      }
    }
  });

  it('speaks slower at a lower pace', async () => {
    const usual = await speak('en', 'One two three four five.');
    const slow = await speak('en', 'One two three four five.', 0, 0.7);

    expect(slow.pcm.length / slow.sampleRate).toBeGreaterThan((usual.pcm.length / usual.sampleRate) * 1.2);
  });

  it('tells the sentences of a text, each from its first word to its last', async () => {
    const speech = await speak('en', 'How are you? I am fine, "really". And you!');

    expect(speech.sentences.map(({ text }) => text)).toEqual([
      'How are you?',
      'I am fine, "really".',
      'And you!',
    ]);
    expect(speech.sentences.map(({ endMs }) => endMs)).toEqual(
      [2, 6, 8].map((last) => speech.words[last]!.endMs),
    );
    expectWhole(speech);
  });

  it('takes markup, ampersands and emoji for text', async () => {
    const speech = await speak('en', 'Tom & "Ana" <break/> say 😀 hi\u0007 there');

    expect(speech.words.map(({ text }) => text)).toEqual(['Tom', 'Ana', 'break', 'say', 'hi', 'there']);
    expectWhole(speech);
  });

  it('refuses a voice, a language and a text that it has no sound for', async () => {
    const unknown = engine().speak({ text: 'Hi', language: 'en', voice: 'zoe' }, never);

    await expect(unknown).rejects.toThrow(VoiceUnknown);
    expect(() => engine().voicesFor('tlh')).toThrow(VoiceUnknown);
    await expect(speak('en', '… ♪')).rejects.toThrow(TextUnspeakable);
  });

  it('stops when it is cancelled, and speaks the next', async () => {
    const cancel = new AbortController();
    const voice = engine().voicesFor('en')[0]?.id ?? '';
    const spoken = engine().speak({ text: 'Never mind.', language: 'en', voice }, cancel.signal);
    cancel.abort(new Error('cancelled'));

    await expect(spoken).rejects.toThrow('cancelled');
    expect((await speak('en', 'Hello.')).words).toHaveLength(1);
  });
}

/** Words, sentences and visemes are in order and inside; each word in a sentence; visemes fill the whole. */
export function expectWhole({ pcm, sampleRate, words, visemes, sentences }: Speech): void {
  const durationMs = Math.floor((pcm.length * 1000) / sampleRate);
  for (const [i, word] of words.entries()) {
    expect(word.startMs).toBeGreaterThanOrEqual(words[i - 1]?.endMs ?? 0);
    expect(word.endMs).toBeGreaterThan(word.startMs);
    expect(word.endMs).toBeLessThanOrEqual(durationMs);
  }
  for (const [i, sentence] of sentences.entries())
    expect(sentence.startMs).toBeGreaterThanOrEqual(sentences[i - 1]?.endMs ?? 0);
  for (const { startMs, endMs } of words)
    expect(sentences.filter((one) => one.startMs <= startMs && one.endMs >= endMs)).toHaveLength(1);
  expect(sentences.at(-1)?.endMs).toBe(words.at(-1)?.endMs);
  expect(visemes[0]?.startMs).toBe(0);
  expect(visemes.at(-1)?.endMs).toBe(durationMs);
  for (const [i, viseme] of visemes.entries()) {
    expect(VISEMES).toContain(viseme.id);
    expect(viseme.endMs).toBeGreaterThan(viseme.startMs);
    if (i > 0) expect(viseme.startMs).toBe(visemes[i - 1]?.endMs);
  }
}

function hash({ pcm, words, visemes, sentences }: Speech): string {
  return createHash('sha256')
    .update(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength))
    .update(JSON.stringify([words, visemes, sentences]))
    .digest('hex');
}
