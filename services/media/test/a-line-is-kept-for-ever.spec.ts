import { BLOCK_MIGRATIONS, Ledger, testBlock } from '@duofactory/block-kit';
import type { Usage } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { SystemClock } from '@duofactory/platform';
import { FakePolly, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PollySynthesis } from '../src/adapters/polly/polly-synthesis.js';
import { OggEncoder } from '../src/adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from '../src/app/assemble-episode.js';
import { KeptLines } from '../src/app/kept-lines.js';
import { SpokenLines } from '../src/app/spoken-lines.js';
import { speechBlock } from '../src/blocks/speech/execute.js';
import type { SpeechRequest } from '../src/app/speech-synthesis.js';

const never = new AbortController().signal;
const server = await FakePolly.start();

describe('a line is kept for ever', () => {
  const database = useDatabase('media', BLOCK_MIGRATIONS);
  let folder: string;
  const polly = new PollySynthesis({ endpoint: server.endpoint, credentials: server.credentials });
  /** As of a process that has just begun. */
  const lines = (): KeptLines =>
    new KeptLines(polly, new FsObjectStore(folder), new Ledger(database.current, new SystemClock()));
  const line = (text: string): SpeechRequest => ({ text, language: 'en', voice: 'Ruth' });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-lines-'));
  });
  afterAll(async () => {
    polly.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('and costs nothing in another process', async () => {
    const first = await lines().speak(line('Welcome back.'), never);
    const paid = server.billedCharacters;

    const again = await lines().speak(line('Welcome back.'), never);
    await lines().speak({ ...line('Welcome back.'), voice: 'Stephen' }, never);

    expect(again).toEqual(first);
    expect(paid).toBe(2 * 'Welcome back.'.length);
    expect(server.billedCharacters).toBe(2 * paid);
  });

  it('and paid for once where two processes come to it at one time', async () => {
    const before = server.billedCharacters;
    const [left, right] = await Promise.all([
      lines().speak(line('At once.'), never),
      lines().speak(line('At once.'), never),
    ]);

    expect(left).toEqual(right);
    expect(await lines().speak(line('At once.'), never)).toEqual(left);
    // Once for the marks and once for the samples.
    expect(server.billedCharacters - before).toBe(2 * 'At once.'.length);
  });

  it('with its price, which the run that spoke it first pays', async () => {
    const payers = {
      first: '00000000-0000-4000-8000-0000000000aa',
      second: '00000000-0000-4000-8000-0000000000bb',
    };
    const intro = { speaker: 'Nora', text: 'This is the radio.' };
    const speak = async (run: string, ...more: { speaker: string; text: string }[]): Promise<Usage[]> => {
      const used: Usage[] = [];
      // A process of its own each time.
      const block = speechBlock(new AssembleEpisode(new SpokenLines(lines()), new OggEncoder()));
      await testBlock(block, {
        with: { lines: [intro, ...more], language: 'en', voices: { Nora: 'Ruth' } },
        ...{ run, workflow: 'radio', objects: new FsObjectStore(folder) },
        onUsage: (one) => used.push(one),
      });
      return used;
    };

    const first = await speak(payers.first);
    const second = await speak(payers.second, { speaker: 'Nora', text: 'More news.' });

    const paid = (text: string) => {
      const characters = 2 * text.length;
      const cost = { amount: (characters * 16) / 1_000_000, currency: 'USD' };
      return {
        kind: 'speech',
        provider: 'polly',
        model: 'neural',
        units: { characters },
        cost,
        saved: false,
      };
    };
    expect(first).toMatchObject([paid(intro.text)]);
    expect(second).toMatchObject([paid('More news.')]);
    expect(first[0]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const { rows } = await database.current.query({
      text: `select workflow, subject, provider, model, state from ledger where run = $1`,
      values: [payers.first],
    });
    expect(rows).toEqual([
      { workflow: 'radio', subject: 'Ruth', provider: 'polly', model: 'neural', state: 'done' },
    ]);
  });

  it('and listed where it is paid for and cannot be kept', async () => {
    class Full extends FsObjectStore {
      override putNamed(): Promise<never> {
        return Promise.reject(new Error('ENOSPC'));
      }
    }
    const full = new KeptLines(polly, new Full(folder), new Ledger(database.current, new SystemClock()));

    await expect(full.speak(line('No room.'), never)).rejects.toMatchObject({
      ...{ code: 'line-not-kept', retryable: true },
    });

    const text = `select interrupted from ledger where state = 'released'`;
    expect((await database.current.query({ text })).rows).toEqual([{ interrupted: 1 }]);
    expect((await lines().speak(line('No room.'), never)).words).toHaveLength(2);
  });

  it('and spoken again where its samples are gone', async () => {
    const first = await lines().speak(line('Lost and found.'), never);
    await rm(join(folder, 'sha256'), { recursive: true });

    expect(await lines().speak(line('Lost and found.'), never)).toEqual(first);
  });
});
