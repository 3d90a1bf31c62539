import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EspeakHost } from '../src/adapters/espeak/espeak-host.js';
import { ESPEAK_DEFAULTS } from '../src/adapters/espeak/espeak-synthesis.js';

const never = new AbortController().signal;

/** An engine that ends its process as often as told, then speaks one sample: its process's number. */
const ENGINE = (deaths: number) => `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const log = new URL('./deaths', import.meta.url);
export default async () => ({
  HEAPU8: new Uint8Array(64),
  espeak_VOICE: class {},
  wrapPointer: () => ({ set_name() {} }),
  _webidl_malloc: () => 8,
  _webidl_free() {},
  eSpeakNGWorker: class {
    set_voice() { return 0; }
    set_rate() {}
    get_samplerate() { return 22050; }
    synthesize(text, onAudio) {
      if ((existsSync(log) ? readFileSync(log).length : 0) < ${deaths}) {
        appendFileSync(log, 'x');
        process.kill(process.pid, 'SIGKILL');
      }
      onAudio(Int16Array.of(process.pid % 30000), []);
    }
  },
});`;

describe('a dead engine is replaced', () => {
  let folder: string;
  let host: EspeakHost;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-'));
    await writeFile(join(folder, 'espeak-ng.data'), '');
  });
  afterEach(async () => {
    host.stop();
    await rm(folder, { recursive: true });
  });

  const start = async (deaths: number, options = {}) => {
    await writeFile(join(folder, 'engine.mjs'), ENGINE(deaths));
    const packageName = pathToFileURL(join(folder, 'engine.mjs')).href;
    host = new EspeakHost({ ...ESPEAK_DEFAULTS, packageName, ...options });
  };
  const ask = async () => {
    const answer = await host.ask({ text: 'Hi', voice: 'en', wordsPerMinute: 155 }, never);
    if (answer.outcome !== 'spoken') throw new Error(answer.outcome);

    return answer.pcm[0];
  };

  it('and the text is spoken by the next', async () => {
    await start(2);

    expect(await ask()).toBeGreaterThan(0);
  });

  it('as often as is allowed for one text; the next text has its own tries', async () => {
    await start(4);

    await expect(ask()).rejects.toMatchObject({ code: 'speech-crashed', retryable: true });
    expect(await ask()).toBeGreaterThan(0);
  });

  it('and a living one after its share of texts', async () => {
    await start(0, { textsPerProcess: 2 });

    const [one, two, three] = [await ask(), await ask(), await ask()];

    expect(two).toBe(one);
    expect(three).not.toBe(one);
  });
});
