import { FsObjectStore } from '@duofactory/objects';
import { FakePolly } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PollySynthesis } from '../src/adapters/polly/polly-synthesis.js';
import { KeptLines } from '../src/app/kept-lines.js';
import type { SpeechRequest } from '../src/app/speech-synthesis.js';

const never = new AbortController().signal;
const server = await FakePolly.start();

describe('a line is kept for ever', () => {
  let folder: string;
  const polly = new PollySynthesis({ endpoint: server.endpoint, credentials: server.credentials });
  /** As of a process that has just begun. */
  const lines = (): KeptLines => new KeptLines(polly, new FsObjectStore(folder));
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

  it('by one of two that spoke it at one time', async () => {
    const [left, right] = await Promise.all([
      lines().speak(line('At once.'), never),
      lines().speak(line('At once.'), never),
    ]);

    expect(left).toEqual(right);
    expect(await lines().speak(line('At once.'), never)).toEqual(left);
  });

  it('and spoken again where its samples are gone', async () => {
    const first = await lines().speak(line('Lost and found.'), never);
    await rm(join(folder, 'sha256'), { recursive: true });

    expect(await lines().speak(line('Lost and found.'), never)).toEqual(first);
  });
});
