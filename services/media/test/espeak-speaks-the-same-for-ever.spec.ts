import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EspeakSynthesis } from '../src/adapters/espeak/espeak-synthesis.js';
import { SpeechUnavailable, TextUnspeakable, VoiceUnknown } from '../src/app/speech-failure.js';
import { VISEMES } from '../src/app/viseme-of-phoneme.js';
import type { Speech } from '../src/app/speech-synthesis.js';

const never = new AbortController().signal;

const TEXTS: Record<string, { text: string; words: number }> = {
  en: { text: 'Hello, how are you today? I would like six cups of tea.', words: 12 },
  es: { text: '¿Quieres un café con leche, o prefieres té?', words: 8 },
  fr: { text: "Bonjour, qu'est-ce que c'est ? Un bon vin blanc.", words: 9 },
  de: { text: 'Guten Tag, ich möchte fünf Brötchen.', words: 6 },
  pt: { text: 'Olá, você não quer um pão?', words: 6 },
  it: { text: 'Ciao, gli gnocchi sono buoni?', words: 5 },
  ja: { text: 'こんにちは、おちゃをください。', words: 6 },
  hi: { text: 'नमस्ते, आप कैसे हैं?', words: 4 },
  ko: { text: '안녕하세요, 반갑습니다.', words: 2 },
  ru: { text: 'Привет, как у тебя дела?', words: 5 },
  vi: { text: 'Xin chào, bạn khỏe không?', words: 5 },
};

describe('espeak speaks the same for ever', () => {
  const espeak = new EspeakSynthesis();
  afterAll(() => espeak.stop());

  const speak = (language: string, text: string, character = 0) =>
    espeak.speak({ text, language, voice: espeak.voicesFor(language)[character]?.id ?? '' }, never);

  it('gives the same samples and times after other texts, in other voices and in a new process', async () => {
    const first = await speak('en', 'Good morning, Ana.');
    await speak('es', 'Buenos días.', 1);
    const again = await speak('en', 'Good morning, Ana.');
    const other = new EspeakSynthesis();
    const elsewhere = await other.speak(
      { text: 'Good morning, Ana.', language: 'en', voice: espeak.voicesFor('en')[0]?.id ?? '' },
      never,
    );
    other.stop();

    // Recorded once: the engine would seed its voices with the second that it is.
    expect(hash(first)).toBe('f5052c1878b4003f56f72b8ece8fae914b846e1917b9a7e3212bf167e3d76b42');
    expect(hash(again)).toBe(hash(first));
    expect(hash(elsewhere)).toBe(hash(first));
  });

  it.each(Object.entries(TEXTS))(
    'speaks %s: every word timed, visemes without gaps to the end',
    async (language, given) => {
      const speech = await speak(language, given.text);
      const durationMs = Math.floor((speech.pcm.length * 1000) / speech.sampleRate);

      expect(speech.words.length).toBe(given.words);
      expect(durationMs).toBeGreaterThan(given.words * 120);
      for (const [i, word] of speech.words.entries()) {
        expect(word.startMs).toBeGreaterThanOrEqual(speech.words[i - 1]?.endMs ?? 0);
        expect(word.endMs).toBeGreaterThan(word.startMs);
        expect(word.endMs).toBeLessThanOrEqual(durationMs);
      }
      expect(speech.visemes[0]?.startMs).toBe(0);
      expect(speech.visemes.at(-1)?.endMs).toBe(durationMs);
      for (const [i, viseme] of speech.visemes.entries()) {
        expect(VISEMES).toContain(viseme.id);
        expect(viseme.endMs).toBeGreaterThan(viseme.startMs);
        if (i > 0) expect(viseme.startMs).toBe(speech.visemes[i - 1]?.endMs);
      }
      expect(new Set(speech.visemes.map(({ id }) => id)).size).toBeGreaterThan(4);
    },
  );

  it('has each accent that it names', async () => {
    for (const language of espeak.languages()) {
      expect((await speak(language, 'a')).words.length).toBeGreaterThan(0);
    }
  });

  it('has voices that differ for different speakers in every language', async () => {
    for (const language of Object.keys(TEXTS)) {
      expect(espeak.voicesFor(language).length).toBeGreaterThanOrEqual(2);
    }
    const hashes = new Set<string>();
    for (const { id } of espeak.voicesFor('es')) {
      hashes.add(hash(await espeak.speak({ text: 'Hola, amigo.', language: 'es', voice: id }, never)));
    }

    expect(hashes.size).toBe(espeak.voicesFor('es').length);
  });

  it('speaks slower at a lower pace', async () => {
    const request = { text: 'One two three four five.', language: 'en', voice: 'en-us+f2' };

    const usual = await espeak.speak(request, never);
    const slow = await espeak.speak({ ...request, pace: 0.7 }, never);

    expect(slow.pcm.length).toBeGreaterThan(usual.pcm.length * 1.2);
  });

  it('takes markup and emoji for what they are in a line: not spoken', async () => {
    const plain = await speak('en', 'Hi   there');
    const marked = await speak('en', 'Hi <😀there');

    expect(marked.words.map(({ text }) => text)).toEqual(['Hi', 'there']);
    expect(hash(marked)).toBe(hash(await speak('en', 'Hi   there')));
    expect(marked.pcm.length).toBe(plain.pcm.length);
  });

  it('refuses a voice, a language and a text that it would get wrong without a word', async () => {
    await expect(espeak.speak({ text: 'Hi', language: 'en', voice: 'en-us+zoe' }, never)).rejects.toThrow(
      VoiceUnknown,
    );
    await expect(espeak.speak({ text: 'Saluton', language: 'eo', voice: 'eo' }, never)).rejects.toThrow(
      VoiceUnknown,
    );
    await expect(speak('ja', '日本語')).rejects.toThrow(TextUnspeakable);
    await expect(speak('en', '… ♪')).rejects.toThrow(TextUnspeakable);
  });

  it('says what to install when the package is absent', async () => {
    const bare = new EspeakSynthesis({ packageName: '@echogarden/not-installed' });

    const spoken = bare.speak({ text: 'Hi', language: 'en', voice: 'en-us+f2' }, never);

    await expect(spoken).rejects.toThrow(SpeechUnavailable);
    await expect(spoken).rejects.toMatchObject({ code: 'speech-unavailable', retryable: false });
    await expect(spoken).rejects.toThrow(/npm install @echogarden\/not-installed/);
    bare.stop();
  });

  it('gives a text to a new process when one hangs, and gives up after a bound', async () => {
    const hasty = new EspeakSynthesis({ textTimeoutMs: 1, restartsPerText: 2 });

    const spoken = hasty.speak({ text: 'Hi', language: 'en', voice: 'en-us+f2' }, never);

    await expect(spoken).rejects.toMatchObject({ code: 'speech-crashed', retryable: true });
    hasty.stop();
  });

  it('stops over a text when it is cancelled, and speaks the next', async () => {
    const cancel = new AbortController();
    const spoken = espeak.speak({ text: 'Never mind.', language: 'en', voice: 'en-us+f2' }, cancel.signal);
    cancel.abort(new Error('cancelled'));

    await expect(spoken).rejects.toThrow('cancelled');
    expect((await speak('en', 'Hello.')).words).toHaveLength(1);
  });

  it('names the version of the engine that is installed', async () => {
    const entry = fileURLToPath(import.meta.resolve('@echogarden/espeak-ng-emscripten'));
    const { version } = JSON.parse(await readFile(entry.replace(/[^/]+$/, 'package.json'), 'utf8')) as {
      version: string;
    };

    expect(espeak.engine).toContain(`@${version}/`);
  });
});

function hash({ pcm, words, visemes }: Speech): string {
  return createHash('sha256')
    .update(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength))
    .update(JSON.stringify([words.map(({ startMs }) => startMs), visemes]))
    .digest('hex');
}
