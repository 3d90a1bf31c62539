import { BLOCK_MIGRATIONS, Ledger, testBlock } from '@duofactory/block-kit';
import type { EffectsReused, Ref, SpeechResult, Usage } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { SystemClock, type Transactions } from '@duofactory/platform';
import { FakePolly, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PollySynthesis } from '../src/adapters/polly/polly-synthesis.js';
import { OggEncoder } from '../src/adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from '../src/app/assemble-episode.js';
import { KeptLines } from '../src/app/kept-lines.js';
import { spokenLineKey } from '../src/app/spoken-line-key.js';
import { SpeechBudget } from '../src/app/speech-budget.js';
import { SpokenLines } from '../src/app/spoken-lines.js';
import { speechBlock } from '../src/blocks/speech/execute.js';
import type { SpeechRequest } from '../src/app/speech-synthesis.js';

/** What the budgets say where none is set; it remembers what each call was settled as. */
class Unlimited extends SpeechBudget {
  readonly settled: (number | null)[] = [];

  lease() {
    return Promise.resolve({ settle: async (amount: number | null) => void this.settled.push(amount) });
  }
}

const never = new AbortController().signal;
const server = await FakePolly.start();

describe('a line is kept for ever', () => {
  const database = useDatabase('media', BLOCK_MIGRATIONS);
  let folder: string;
  const polly = new PollySynthesis({ endpoint: server.endpoint, credentials: server.credentials });
  /** As of a process that has just begun. */
  const lines = (objects = new FsObjectStore(folder), budget = new Unlimited()): KeptLines =>
    new KeptLines(polly, objects, { ledger: new Ledger(database.current, new SystemClock()), budget });
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

    expect(again).toEqual({ ...first, usage: { ...first.usage, saved: true } });
    expect(paid).toBe(2 * 'Welcome back.'.length);
    expect(server.billedCharacters).toBe(2 * paid);
  });

  it('and paid for once where two processes come to it at one time', async () => {
    const before = server.billedCharacters;
    const [left, right] = await Promise.all([
      lines().speak(line('At once.'), never),
      lines().speak(line('At once.'), never),
    ]);

    expect([left, right].map(({ usage }) => usage?.saved).sort()).toEqual([false, true]);
    expect({ ...left, usage: null }).toEqual({ ...right, usage: null });
    expect({ ...(await lines().speak(line('At once.'), never)), usage: null }).toEqual({
      ...left,
      usage: null,
    });
    // Once for the marks and once for the samples.
    expect(server.billedCharacters - before).toBe(2 * 'At once.'.length);
  });

  it('with its price, which the run that spoke it first pays, and every other saves', async () => {
    const payers = {
      first: '00000000-0000-4000-8000-0000000000aa',
      second: '00000000-0000-4000-8000-0000000000bb',
    };
    const intro = { speaker: 'Nora', text: 'This is the radio.' };
    const told: EffectsReused[] = [];
    const transactions = {
      run: async (
        work: (
          tx: unknown,
          emit: (contract: unknown, event: { data: EffectsReused }) => void,
        ) => Promise<void>,
      ) => work(undefined, (_, { data }) => void told.push(data)),
    } as unknown as Transactions;
    const speak = async (run: string, ...more: { speaker: string; text: string }[]): Promise<Usage[]> => {
      const used: Usage[] = [];
      // A process of its own each time.
      const block = speechBlock(new AssembleEpisode(new SpokenLines(lines()), new OggEncoder()));
      await testBlock(block, {
        with: { lines: [intro, ...more], language: 'en', voices: { Nora: 'Ruth' } },
        ...{ run, workflow: 'radio', block: 'audio', objects: new FsObjectStore(folder), transactions },
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
    const byText = (used: Usage[]): Usage[] =>
      used.sort((a, b) => (a.cost?.amount ?? 0) - (b.cost?.amount ?? 0));
    expect(byText(second)).toMatchObject([paid('More news.'), { ...paid(intro.text), saved: true }]);
    expect(told).toMatchObject([
      {
        run: payers.second,
        workflow: 'radio',
        effects: [{ ledger: first[0]!.ledger, block: 'audio', times: 1 }],
      },
    ]);
    expect(first[0]!.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const { rows } = await database.current.query({
      text: `select workflow, block, kind, subject, provider, model, state from ledger where run = $1`,
      values: [payers.first],
    });
    expect(rows).toEqual([
      {
        ...{ workflow: 'radio', block: 'audio', kind: 'speech', subject: 'Ruth' },
        ...{ provider: 'polly', model: 'neural', state: 'done' },
      },
    ]);
  });

  it('also where it is longer than the vendor takes at once: in pieces, with the times of one', async () => {
    const sentences = Array.from({ length: 150 }, (_, i) => `Tom and Ana say that tea ${i} is good for you.`);
    const text = sentences.join(' ');
    const before = server.calls.length;
    const block = speechBlock(new AssembleEpisode(new SpokenLines(lines()), new OggEncoder()));

    const { lines: spoken, durationMs } = (await testBlock(block, {
      with: { lines: [{ speaker: 'Nora', text }], language: 'en', voices: { Nora: 'Ruth' } },
      objects: new FsObjectStore(folder),
    })) as SpeechResult;

    expect(text.length).toBeGreaterThan(6_000);
    expect(server.calls.length - before).toBe(6);
    const [line] = spoken;
    expect(line!.words).toHaveLength(150 * 11);
    expect(line!.sentences!.map((one) => one.text)).toEqual(sentences);
    const starts = line!.words.map(({ startMs }) => startMs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.at(-1)! / durationMs).toBeGreaterThan(0.98);
  });

  it('and listed where it is paid for and cannot be kept', async () => {
    class Full extends FsObjectStore {
      override putNamed(): Promise<never> {
        return Promise.reject(new Error('ENOSPC'));
      }
    }

    await expect(lines(new Full(folder)).speak(line('No room.'), never)).rejects.toMatchObject({
      ...{ code: 'line-not-kept', retryable: true },
    });

    const text = `select interrupted from ledger where state = 'released'`;
    expect((await database.current.query({ text })).rows).toEqual([{ interrupted: 1 }]);
    expect((await lines().speak(line('No room.'), never)).words).toHaveLength(2);
  });

  it('and spoken again where its samples are gone', async () => {
    const first = await lines().speak(line('Lost and found.'), never);
    await rm(join(folder, 'sha256'), { recursive: true });

    expect({ ...(await lines().speak(line('Lost and found.'), never)), usage: null }).toEqual({
      ...first,
      usage: null,
    });
  });

  it("and spoken again once where its samples are gone and the vendor's are never quite the same", async () => {
    server.varies = true;
    const first = await lines().speak(line('Never the same.'), never);
    await rm(join(folder, 'sha256'), { recursive: true });
    const before = server.billedCharacters;

    const [left, right] = await Promise.all([
      lines().speak(line('Never the same.'), AbortSignal.timeout(10_000)),
      lines().speak(line('Never the same.'), AbortSignal.timeout(10_000)),
    ]);
    server.varies = false;

    expect(server.billedCharacters - before).toBe(2 * 'Never the same.'.length);
    expect(left.pcm).toEqual(right.pcm);
    expect(left.pcm).not.toEqual(first.pcm);
    expect((await lines().speak(line('Never the same.'), never)).pcm).toEqual(left.pcm);
  });

  it('and spoken again once where what is kept of it is cut', async () => {
    const first = await lines().speak(line('Half a line.'), never);
    for await (const name of new FsObjectStore(folder).list('lines/')) await truncate(join(folder, name), 10);
    const before = server.billedCharacters;

    const second = await lines().speak(line('Half a line.'), never);
    const third = await lines().speak(line('Half a line.'), never);

    expect([second.pcm, third.pcm]).toEqual([first.pcm, first.pcm]);
    expect(server.billedCharacters - before).toBe(2 * 'Half a line.'.length);
  });

  it('and spoken again once where its samples were changed in place', async () => {
    const first = await lines().speak(line('Changed in place.'), never);
    for await (const object of new FsObjectStore(folder).list('sha256/'))
      await writeFile(join(folder, object), Buffer.alloc((await stat(join(folder, object))).size));
    const before = server.billedCharacters;

    const second = await lines().speak(line('Changed in place.'), never);
    const third = await lines().speak(line('Changed in place.'), never);

    expect([second.pcm, third.pcm]).toEqual([first.pcm, first.pcm]);
    expect(server.billedCharacters - before).toBe(2 * 'Changed in place.'.length);
  });

  it('and paid for once an attempt where the store loses whatever it takes', async () => {
    class Sieve extends FsObjectStore {
      override async put(bytes: Uint8Array, mediaType: string): Promise<Ref> {
        const ref = await super.put(bytes, mediaType);
        await rm(join(folder, ref.object));
        return ref;
      }
    }
    const before = server.billedCharacters;

    const spoken = lines(new Sieve(folder)).speak(line('Gone at once.'), AbortSignal.timeout(10_000));

    await expect(spoken).rejects.toMatchObject({ code: 'line-not-kept', retryable: false });
    expect(server.billedCharacters - before).toBe(2 * 'Gone at once.'.length);
    const again = await lines().speak(line('Gone at once.'), never);
    expect(again.words).toHaveLength(3);
  });

  it('and its marks are counted where the vendor refuses the samples', async () => {
    // Each call of a voice is two: the second one meets the fault.
    server.faults.push(undefined, 'refused');

    await expect(lines().speak(line('Half of it.'), never)).rejects.toMatchObject({ code: 'speech-refused' });

    const text = `select step, state, interrupted, usage->'units' as units from ledger where key = $1 order by step`;
    const key = spokenLineKey(polly.engine, line('Half of it.'));
    expect((await database.current.query({ text, values: [key] })).rows).toEqual([
      { step: 'half', state: 'done', interrupted: 0, units: { characters: 'Half of it.'.length } },
    ]);
  });

  it.each(['server-error', 'cut'] as const)(
    'and its marks are paid for once where the vendor gave them and the samples met %s',
    async (fault) => {
      const text = `Half of it, ${fault}.`;
      const asked = { marks: 0, samples: 0 };
      const before = server.calls.length;
      server.faults.push(undefined, ...Array<typeof fault>(fault === 'cut' ? 1 : 4).fill(fault));

      await expect(lines().speak(line(text), never)).rejects.toMatchObject({
        ...{ code: 'speech-vendor-failed', retryable: true, ambiguous: fault === 'cut' },
      });
      const ledger = async () =>
        (
          await database.current.query<{ step: string; state: string; characters: number }>({
            text: `select step, state, interrupted, (usage->'units'->>'characters')::int as characters
              from ledger where key = $1 order by step`,
            values: [spokenLineKey(polly.engine, line(text))],
          })
        ).rows;
      const interrupted = fault === 'cut' ? 1 : 0;
      // The samples may never come: the marks are paid for all the same.
      const half = { step: 'half', state: 'done', interrupted: 0, characters: text.length };
      expect((await ledger()).find(({ step }) => step === 'half')).toEqual(half);
      const { usage } = await lines().speak(line(text), never);

      for (const { format } of server.calls.slice(before))
        asked[format === 'json' ? 'marks' : 'samples'] += 1;
      expect(asked).toEqual({ marks: 1, samples: 1 });
      expect(usage).toMatchObject({ units: { characters: text.length }, saved: false });
      expect(await ledger()).toEqual([
        half,
        { step: 'speak', state: 'done', interrupted, characters: text.length },
      ]);
      for await (const name of new FsObjectStore(folder).list('halves/')) throw new Error(`Left: ${name}`);
    },
  );

  it.each([
    ['garbled', 'marks', ['json', 'json', 'pcm']],
    ['empty', 'marks', ['json', 'json', 'pcm']],
    ['garbled', 'samples', ['json', 'pcm', 'pcm']],
    ['empty', 'samples', ['json', 'pcm', 'pcm']],
    ['halved', 'samples', ['json', 'pcm', 'pcm']],
    ['mute', 'samples', ['json', 'pcm', 'pcm']],
  ] as const)(
    'but never what is %s of its %s: that is counted, and asked for again by whoever speaks it next',
    async (fault, of, formats) => {
      const text = `Once more without faults: ${fault} ${of}.`;
      const before = { calls: server.calls.length, billed: server.billedCharacters };
      server.faults.push(...(of === 'samples' ? [undefined] : []), fault);

      await expect(lines().speak(line(text), never)).rejects.toMatchObject({
        ...{ code: 'speech-vendor-failed', retryable: true },
      });
      const spoken = await lines().speak(line(text), never);

      expect(server.calls.slice(before.calls).map(({ format }) => format)).toEqual(formats);
      expect(spoken.words.at(-1)!.text).toBe(of);
      expect(spoken.pcm.some((sample) => sample !== 0)).toBe(true);
      const counted = await database.current.query<{ characters: number }>({
        text: `select sum((usage->'units'->>'characters')::int)::int as characters from ledger where key = $1`,
        values: [spokenLineKey(polly.engine, line(text))],
      });
      expect(counted.rows[0]!.characters).toBe(server.billedCharacters - before.billed);
      for await (const name of new FsObjectStore(folder).list('halves/')) throw new Error(`Left: ${name}`);
    },
  );

  it.each([
    // Marks and samples of five characters, at 16 dollars for a million.
    ['cut', 0.000_16],
    ['refused', 0],
  ] as const)(
    'and settled where a call is %s as %d dollars: who may have been paid counts',
    async (fault, dollars) => {
      server.faults.push(fault);
      const budget = new Unlimited();

      const spoken = lines(new FsObjectStore(folder), budget).speak(line('What?'), never);

      await expect(spoken).rejects.toMatchObject({ ambiguous: fault === 'cut' });
      expect(budget.settled).toEqual([dollars]);
    },
  );

  it('and settled as expected where nobody knows what it cost', async () => {
    server.tells = 'lots';
    const budget = new Unlimited();

    const spoken = lines(new FsObjectStore(folder), budget).speak(line('Whose?'), never);
    const { usage } = await spoken.finally(() => (server.tells = undefined));

    expect(usage).toMatchObject({ cost: null, saved: false });
    expect(budget.settled).toEqual([(2 * 'Whose?'.length * 16) / 1_000_000]);
  });

  it('and finished once it was sent, though nobody waits for it any more', async () => {
    let answerNow = (): void => undefined;
    server.until = new Promise((resolve) => (answerNow = resolve));
    const gone = new AbortController();
    const before = server.asked.length;
    const left = lines().speak(line('Never mind.'), gone.signal);
    while (server.asked.length === before) await new Promise((resolve) => setImmediate(resolve));

    gone.abort(new Error('Nobody waits'));
    answerNow();
    server.until = undefined;
    await left.catch(() => undefined);
    const billed = 2 * 'Never mind.'.length;
    const paid = server.billedCharacters;
    const again = await lines().speak(line('Never mind.'), never);

    expect(again.usage).toMatchObject({ saved: true, units: { characters: billed } });
    expect(server.billedCharacters).toBe(paid);
  });
});
