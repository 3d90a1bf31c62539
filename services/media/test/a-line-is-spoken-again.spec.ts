import type { SpeechResult } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mediaService } from '../src/media.module.js';

const LINES = [
  { speaker: 'Host', text: 'Welcome to the show!', language: 'en' },
  { speaker: 'Guest', text: 'Hola, buenos días.' },
  { speaker: 'Host', text: 'Un café, por favor.' },
];

describe('a line is spoken again', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let media: ServiceUnderTest;
  let first: SpeechResult;

  const post = (body: unknown): Promise<Response> =>
    fetch(`${media.url}/api/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${media.url}/api/speech/${path}`, { headers });
  const hashOf = ({ object }: SpeechResult['audio']): string => object.split('/').at(-1)!;
  const kept = async (): Promise<string[]> => {
    const names: string[] = [];
    for await (const name of media.objects.list('lines/')) names.push(name);
    return names;
  };

  beforeAll(async () => {
    media = await startForTest(mediaService, { bus, databaseUrl: database.url });
    await bus.start();
    first = (await (await post({ lines: LINES, language: 'es', pace: 0.9 })).json()) as SpeechResult;
  });
  afterAll(async () => {
    await media.stop();
    await bus.stop();
  });

  it('alone, where what was asked is asked again with that line changed, and the track is assembled anew', async () => {
    const before = await kept();
    const lines = first.asked!.lines.map((line, i) =>
      i === 2 ? { ...line, text: 'Dos cafés con leche, por favor.' } : line,
    );

    const again = (await (await post({ ...first.asked, lines })).json()) as SpeechResult;

    expect(first.asked).toEqual({ lines: LINES, language: 'es', pace: 0.9 });
    expect((await kept()).length).toBe(before.length + 1);
    expect(again.lines.slice(0, 2)).toEqual(first.lines.slice(0, 2));
    expect(again.lines[2]!.words.map(({ text }) => text).join(' ')).toContain('leche');
    expect(again.durationMs).toBeGreaterThan(first.durationMs);
    expect(again.audio.object).not.toBe(first.audio.object);
    // Said as before, it is the same object.
    expect(await (await post(first.asked)).json()).toEqual(first);
  });

  it('with what the audio was found to be, in numbers', async () => {
    const { measures, lines, durationMs } = first;

    expect(measures).toMatchObject({ durationMs, lines: LINES.length, clippedSamples: 0 });
    expect(measures!.visemes).toBe(lines.reduce((sum, { visemes }) => sum + visemes.length, 0));
    expect(measures!.longestSilenceMs).toBeGreaterThan(200);
    expect(measures!.peakDb).toBeLessThanOrEqual(-1.4);
    expect(measures!.quietestLineDb).toBeGreaterThan(-30);
  });

  it('and what is wrong with it is said of its field', async () => {
    const lines = LINES.map((line, i) => (i === 1 ? { ...line, text: '' } : line));

    const response = await post({ lines, language: 'es' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: 'lines.1.text' }] });
  });

  it('and a null says nothing, so it is not told again', async () => {
    const line = { speaker: 'Guest', text: 'Hola, buenos días.' };

    const response = await post({
      ...{ language: 'es', voices: null, pace: null },
      lines: [{ ...line, language: null }],
    });

    expect(response.status).toBe(200);
    expect(((await response.json()) as SpeechResult).asked).toEqual({ lines: [line], language: 'es' });
  });

  it('and heard: its audio whole and in parts, its peaks as numbers', async () => {
    const hash = hashOf(first.audio);
    const whole = await get(`audio/${hash}`);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    const part = await get(`audio/${hash}`, { range: 'bytes=4-9' });
    const beyond = await get(`audio/${hash}`, { range: 'bytes=99999999-' });
    const peaks = (await (await get(`peaks/${hashOf(first.peaks)}`)).json()) as number[];

    expect(whole.headers.get('content-type')).toBe('audio/ogg');
    expect(bytes.length).toBe(first.audio.sizeBytes);
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes 4-9/${bytes.length}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(4, 10));
    expect(beyond.status).toBe(416);
    expect(Math.max(...peaks)).toBeGreaterThan(0.1);
  });

  it('but never as something else that lies under its name', async () => {
    const spoken = await media.objects.put(Buffer.from('OggS and more'), 'audio/ogg');
    await media.objects.putNamed(spoken.object, Buffer.from('OggS but less'), 'audio/ogg');

    const answer = await get(`audio/${hashOf(spoken)}`);

    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'object-corrupt' });
  });

  it('where nothing but audio and peaks is given out', async () => {
    const secret = await media.objects.put(Buffer.from('{"some":"result"}'), 'application/json');

    for (const path of [`audio/${hashOf(secret)}`, `peaks/${hashOf(secret)}`, `audio/${'0'.repeat(64)}`])
      expect((await get(path)).status).toBe(404);
    expect((await get('audio/..%2F..%2Fsecret')).status).toBe(400);
  });
});
