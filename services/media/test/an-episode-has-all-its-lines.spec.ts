import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ref } from '@duofactory/contracts';
import { afterAll, describe, expect, it } from '@jest/globals';
import { EspeakSynthesis } from '../src/adapters/espeak/espeak-synthesis.js';
import { OggEncoder } from '../src/adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from '../src/app/assemble-episode.js';
import { SpokenLines } from '../src/app/spoken-lines.js';
import type { SpeechSynthesis } from '../src/app/speech-synthesis.js';
import { AudioEncoder, type EncodedAudio } from '../src/app/audio-encoder.js';

const SCRIPT = [
  { speaker: 'Junior', text: 'Welcome to the show!', language: 'en' },
  { speaker: 'Lucía', text: 'Hola, buenos días.' },
  { speaker: 'Marco', text: '¿Quieres un café con leche, o prefieres té?' },
  { speaker: 'Lucía', text: 'Un café, por favor…' },
  { speaker: 'Lucía', text: 'Y dos tortillas con queso.' },
];

describe('an episode has all its lines', () => {
  const espeak = new EspeakSynthesis();
  afterAll(() => espeak.stop());
  const spokenOnce = new SpokenLines(espeak);

  const assemble = async (
    lines: typeof SCRIPT | { speaker: string; text: string }[] = SCRIPT,
    encoder: AudioEncoder = new OggEncoder(),
    synthesis: SpeechSynthesis = spokenOnce,
  ) => {
    const stored = new Map<string, Uint8Array>();
    const put = (bytes: Uint8Array, mediaType: string): Promise<Ref> => {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const object = `sha256/${hash.slice(0, 2)}/${hash}`;
      stored.set(object, bytes);
      return Promise.resolve({ object, mediaType, sizeBytes: bytes.length });
    };
    const progress: number[] = [];
    const result = await new AssembleEpisode(synthesis, encoder).execute(
      { lines, language: 'es' },
      { objects: { put }, signal: new AbortController().signal, onLine: (done) => progress.push(done) },
    );

    return { result, progress, bytesOf: (ref: Ref) => stored.get(ref.object) ?? new Uint8Array(), stored };
  };

  it('in order, with words and visemes inside their line, and pauses between', async () => {
    const { result, progress } = await assemble();

    expect(result.lines.map(({ speaker, text }) => [speaker, text])).toEqual(
      SCRIPT.map(({ speaker, text }) => [speaker, text]),
    );
    expect(progress).toEqual([1, 2, 3, 4, 5]);
    for (const [i, line] of result.lines.entries()) {
      expect(line.startMs).toBeGreaterThanOrEqual((result.lines[i - 1]?.endMs ?? 0) + 200);
      expect(line.endMs).toBeLessThanOrEqual(result.durationMs);
      expect(line.words.length).toBeGreaterThan(2);
      for (const { startMs, endMs } of [...line.words, ...line.visemes]) {
        expect(startMs).toBeGreaterThanOrEqual(line.startMs);
        expect(endMs).toBeLessThanOrEqual(line.endMs);
      }
    }
  });

  it('and pauses longer where another speaks', async () => {
    const { result } = await assemble([
      { speaker: 'Lucía', text: 'Sí.' },
      { speaker: 'Lucía', text: 'Sí.' },
      { speaker: 'Marco', text: 'Sí.' },
    ]);
    const [one, two, three] = result.lines;

    expect((two?.startMs ?? 0) - (one?.endMs ?? 0)).toBeLessThan((three?.startMs ?? 0) - (two?.endMs ?? 0));
  });

  it('as one object for ever: equal scripts make equal bytes', async () => {
    const first = await assemble();
    const second = await assemble(SCRIPT, new OggEncoder(), espeak);

    expect(second.result).toEqual(first.result);
    expect(first.result.audio).toMatchObject({ mediaType: 'audio/ogg' });
  });

  it('with a waveform to draw', async () => {
    const { result, bytesOf } = await assemble();

    const peaks = JSON.parse(new TextDecoder().decode(bytesOf(result.peaks))) as number[];

    expect(peaks.length).toBe(Math.ceil(result.durationMs / 50));
    expect(Math.max(...peaks)).toBeGreaterThan(0.3);
    expect(Math.max(...peaks)).toBeLessThan(1);
  });

  it('in a file that another program plays: as long as it says, neither silent nor clipped', async () => {
    const { result, bytesOf } = await assemble();
    const folder = await mkdtemp(join(tmpdir(), 'episode-'));
    await writeFile(join(folder, 'episode.ogg'), bytesOf(result.audio));

    const sox = spawnSync('sox', ['episode.ogg', '-b', '16', '-e', 'signed', '-t', 'raw', 'episode.raw'], {
      cwd: folder,
    });
    if (sox.error) {
      process.stderr.write('Not checked: no `sox` on this machine to decode the Ogg file with.\n');
    } else {
      const raw = await readFile(join(folder, 'episode.raw'));
      const decoded = new Int16Array(raw.buffer, raw.byteOffset, raw.length / 2);

      expect(sox.status).toBe(0);
      expect(Math.abs((decoded.length * 1000) / 22_050 - result.durationMs)).toBeLessThan(2);
      expect(decoded.filter((sample) => Math.abs(sample) >= 32_767)).toHaveLength(0);
      for (const line of result.lines) {
        const samples = decoded.subarray(line.startMs * 22.05, line.endMs * 22.05);
        expect(Math.max(...samples)).toBeGreaterThan(3_000);
      }
      const leadIn = decoded.subarray(0, 150 * 22.05);
      expect(Math.max(...leadIn)).toBeLessThan(300);
    }
    await rm(folder, { recursive: true });
  });

  it('or none is stored: a line without words', async () => {
    const spoken = assemble([...SCRIPT, { speaker: 'Marco', text: '…' }]);

    await expect(spoken).rejects.toMatchObject({ code: 'text-unspeakable', retryable: false });
  });

  it('or none is stored: a file that is cut short', async () => {
    class HalfEncoder extends AudioEncoder {
      encode(pcm: Int16Array, sampleRate: number, signal: AbortSignal): Promise<EncodedAudio> {
        return new OggEncoder().encode(pcm.subarray(0, pcm.length / 2), sampleRate, signal);
      }
    }

    const spoken = assemble(SCRIPT, new HalfEncoder());

    await expect(spoken).rejects.toMatchObject({ code: 'audio-check-failed', retryable: false });
    await expect(spoken).rejects.toThrow(/the file lasts \d+ ms, the audio \d+ ms/);
  });
});
