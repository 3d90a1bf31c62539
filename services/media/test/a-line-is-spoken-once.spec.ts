import { afterAll, describe, expect, it } from '@jest/globals';
import { EspeakSynthesis } from '../src/adapters/espeak/espeak-synthesis.js';
import { spokenLineKey } from '../src/app/spoken-line-key.js';
import { SpokenLines } from '../src/app/spoken-lines.js';
import type { SpeechRequest } from '../src/app/speech-synthesis.js';

const never = new AbortController().signal;

/** The real engine; a call of its own gives samples of their own, so identity shows what was spoken anew. */
describe('a line is spoken once', () => {
  const espeak = new EspeakSynthesis();
  afterAll(() => espeak.stop());
  const line = (text: string): SpeechRequest => ({ text, language: 'en', voice: 'en-us+f2' });

  it('for one request after the other', async () => {
    const lines = new SpokenLines(espeak);

    const first = await lines.speak(line('Good evening.'), never);

    expect(await lines.speak(line('Good evening.'), never)).toBe(first);
    expect(await lines.speak({ ...line('Good evening.'), voice: 'en-us+m3' }, never)).not.toBe(first);
  });

  it('for requests at one time', async () => {
    const lines = new SpokenLines(espeak);

    const [left, right] = await Promise.all([
      lines.speak(line('Twice.'), never),
      lines.speak(line('Twice.'), never),
    ]);

    expect(left).toBe(right);
  });

  it('though one of those who wait for it is cancelled', async () => {
    const lines = new SpokenLines(espeak);
    const cancel = new AbortController();

    const left = lines.speak(line('Wait for me.'), cancel.signal);
    const right = lines.speak(line('Wait for me.'), never);
    cancel.abort(new Error('cancelled'));

    await expect(left).rejects.toThrow('cancelled');
    expect((await right).words).toHaveLength(3);
  });

  it('and again after all who waited were cancelled', async () => {
    const lines = new SpokenLines(espeak);
    const cancel = new AbortController();

    const left = lines.speak(line('Never mind.'), cancel.signal);
    cancel.abort(new Error('cancelled'));

    await expect(left).rejects.toThrow('cancelled');
    expect((await lines.speak(line('Never mind.'), never)).words).toHaveLength(2);
  });

  it('and again when it was failed before', async () => {
    const lines = new SpokenLines(espeak);

    await expect(lines.speak(line('…'), never)).rejects.toMatchObject({ code: 'text-unspeakable' });
    await expect(lines.speak(line('…'), never)).rejects.toMatchObject({ code: 'text-unspeakable' });
  });

  it('as long as there is room: the line used longest ago goes first', async () => {
    const one = await espeak.speak(line('One.'), never);
    const lines = new SpokenLines(espeak, one.pcm.byteLength * 2.5);
    const first = await lines.speak(line('One.'), never);
    const second = await lines.speak(line('Two.'), never);

    expect(await lines.speak(line('One.'), never)).toBe(first);
    await lines.speak(line('Ten.'), never);

    expect(await lines.speak(line('One.'), never)).toBe(first);
    expect(await lines.speak(line('Two.'), never)).not.toBe(second);
  });

  it('and is named by all that it sounds like', () => {
    const key = spokenLineKey('engine@1', line('Café'));

    expect(spokenLineKey('engine@1', line('Cafe\u0301'))).toBe(key);
    expect(spokenLineKey('engine@1', { ...line('Café'), pace: 1 })).toBe(key);
    const others = [
      spokenLineKey('engine@2', line('Café')),
      spokenLineKey('engine@1', line('Café!')),
      spokenLineKey('engine@1', { ...line('Café'), voice: 'x' }),
      spokenLineKey('engine@1', { ...line('Café'), language: 'en-GB' }),
      spokenLineKey('engine@1', { ...line('Café'), pace: 0.8 }),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });
});
