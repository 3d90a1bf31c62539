import type { SpeechResult } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { EspeakSynthesis } from '../src/adapters/espeak/espeak-synthesis.js';
import { Mp3Encoder } from '../src/adapters/mp3/mp3-encoder.js';
import { mp3Frames } from '../src/adapters/mp3/mp3-frames.js';
import { OggEncoder } from '../src/adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from '../src/app/assemble-episode.js';
import type { AudioEncoder } from '../src/app/audio-encoder.js';

/** Of the browser. */
declare const OfflineAudioContext: new (
  channels: number,
  length: number,
  sampleRate: number,
) => {
  decodeAudioData(file: ArrayBufferLike): Promise<{ getChannelData(channel: number): Float32Array }>;
};

const EPISODE = {
  language: 'es',
  lines: [
    { speaker: 'Lucía', text: 'Hola, buenos días.' },
    { speaker: 'Marco', text: '¿Quieres un café con leche?' },
    { speaker: 'Lucía', text: 'Sí, por favor.' },
  ],
};
const RATE = 22_050;
const { signal } = new AbortController();

describe('an MP3 is in step', () => {
  const espeak = new EspeakSynthesis();
  let folder: string;
  let objects: FsObjectStore;
  let browser: Browser;
  let ogg: SpeechResult;
  let mp3: SpeechResult;

  const assemble = (encoder: AudioEncoder): Promise<SpeechResult> =>
    new AssembleEpisode(espeak, encoder).execute(EPISODE, { objects, signal });
  /** As a player hears it: the first sample of each line that is loud. */
  const onsetsOf = async ({ audio, lines }: SpeechResult): Promise<number[]> => {
    const bytes = Buffer.from(await objects.get(audio)).toString('base64');
    const page = await browser.newPage();
    try {
      return await page.evaluate(
        async ({ encoded, rate, starts }) => {
          const file = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
          const context = new OfflineAudioContext(1, 1, rate);
          const heard = (await context.decodeAudioData(file.buffer)).getChannelData(0);
          return starts.map((startMs) => {
            let at = Math.floor(((startMs - 100) * rate) / 1000);
            while (at < heard.length && Math.abs(heard[at]!) < 0.02) at += 1;
            return (at * 1000) / rate;
          });
        },
        { encoded: bytes, rate: RATE, starts: lines.map(({ startMs }) => startMs) },
      );
    } finally {
      await page.close();
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-mp3-'));
    objects = new FsObjectStore(folder);
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
    ogg = await assemble(new OggEncoder());
    mp3 = await assemble(new Mp3Encoder());
  });
  afterAll(async () => {
    await browser?.close();
    espeak.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('with what a browser plays: every line sounds as much later as its times say', async () => {
    const [heardOgg, heardMp3] = [await onsetsOf(ogg), await onsetsOf(mp3)];

    expect(heardMp3).toHaveLength(3);
    for (const [i, line] of mp3.lines.entries()) {
      const told = line.startMs - ogg.lines[i]!.startMs;
      // 1,105 samples.
      expect(told).toBe(50);
      expect(Math.abs(heardMp3[i]! - heardOgg[i]! - told)).toBeLessThan(5);
    }
  });

  it('with words and visemes shifted alike, and inside', () => {
    const times = ({ lines }: SpeechResult): number[][] =>
      lines.flatMap(({ words, visemes }) => [...words, ...visemes].map((one) => [one.startMs, one.endMs]));

    expect(times(mp3)).toEqual(times(ogg).map((stretch) => stretch.map((ms) => ms + 50)));
    expect(mp3.durationMs).toBe(ogg.durationMs + 50);
    expect(mp3.lines.at(-1)!.endMs).toBeLessThanOrEqual(mp3.durationMs);
  });

  it('as one object for ever, whole to the last byte', async () => {
    expect(mp3.audio.mediaType).toBe('audio/mpeg');
    expect((await assemble(new Mp3Encoder())).audio).toEqual(mp3.audio);
    const bytes = await objects.get(mp3.audio);
    const { count, samples, sampleRate } = mp3Frames(bytes);
    const fileMs = (count * samples * 1000) / sampleRate;
    expect(sampleRate).toBe(RATE);
    expect(fileMs).toBeGreaterThanOrEqual(mp3.durationMs);
    expect(fileMs - mp3.durationMs).toBeLessThan((2 * samples * 1000) / sampleRate);

    expect(() => mp3Frames(bytes.subarray(0, bytes.length - 1))).toThrow('cut off');
    expect(() => mp3Frames(Buffer.from('OggS'))).toThrow('No MP3 frame begins at byte 0');
  });
});
