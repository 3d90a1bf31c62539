import { FakePolly, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from '../src/client/api.js';
import type { Run } from '../src/client/runs.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { launchHost, stop, type Spawned } from './host-process.js';
import { publishOnceKnown } from './publish-once-known.js';

interface Sum {
  readonly name: string | null;
  readonly calls: number;
  readonly cost: number;
  readonly saved: number;
  readonly replays: number;
  readonly characters: number;
}

const INTRO = 'This is the radio.';
const NEWS = 'Here is the news.';
/** Marks and samples, 16 dollars for a million characters. */
const price = (text: string): number => (2 * text.length * 16) / 1_000_000;

const WORKFLOW = {
  ...{ kind: 'workflow', id: 'spoken', inputs: { news: { type: 'string' } } },
  blocks: [
    {
      ...{ id: 'audio', type: 'speech' },
      with: {
        language: 'en',
        voices: { Nora: 'Ruth' },
        lines: [
          { speaker: 'Nora', text: INTRO },
          { speaker: 'Nora', text: '{{news}}' },
        ],
      },
    },
  ],
};

describe('paid speech', () => {
  const folders: string[] = [];
  let polly: FakePolly;

  const hostOn = async (databaseUrl: string, folder: string, env: NodeJS.ProcessEnv = {}) => {
    const host = await launchHost({
      ...{ DUOFACTORY_DATABASE_URL: databaseUrl, DUOFACTORY_DATA_DIR: folder },
      ...{ DUOFACTORY_SPEECH: 'polly', DUOFACTORY_POLLY_ENDPOINT: polly.endpoint, AWS_REGION: 'eu-west-1' },
      ...{ AWS_ACCESS_KEY_ID: polly.credentials.accessKeyId },
      ...{ AWS_SECRET_ACCESS_KEY: polly.credentials.secretAccessKey, ...env },
    });
    await publishOnceKnown(host.url, WORKFLOW);
    return host;
  };
  const aFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'duofactory-polly-'));
    folders.push(folder);
    return folder;
  };
  const begin = (api: Api, news: string, key: string): Promise<Run> =>
    startRun(api, { workflow: 'spoken', inputs: { news }, key });
  const sumsBy = async (api: Api, what: string): Promise<Map<string, Sum>> => {
    const { groups } = await api.get<{ groups: Sum[] }>(`/api/ledger?by=${what}`);
    return new Map(groups.map((sum) => [String(sum.name), sum]));
  };

  beforeAll(async () => {
    polly = await FakePolly.start();
  });
  afterAll(async () => {
    await polly.stop();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  describe('is in the ledger and in the budgets of all money', () => {
    const database = useEmptyDatabase();
    let host: Spawned & { api: Api };

    beforeAll(async () => {
      host = await hostOn(database.url, await aFolder());
    });
    afterAll(() => stop(host));

    it('by run, block, voice and engine, with what was saved by lines that were spoken, and runs that were rerun', async () => {
      const { api } = host;
      const first = await waitForRun(api, await begin(api, NEWS, 'first'));
      const second = await waitForRun(api, await begin(api, 'More.', 'second'));
      const rerun = await api.post<Run>(`/api/runs/${second.id}/reruns`, {});
      const ended = await waitForRun(api, rerun);
      expect([first.status, second.status, ended.status]).toEqual(['completed', 'completed', 'completed']);
      const savedBy = async (run: string): Promise<number> => (await sumsBy(api, 'run')).get(run)?.saved ?? 0;
      // It is told by events.
      await until(async () => (await savedBy(rerun.id)) > 0 && (await savedBy(second.id)) > 0);

      const runs = await sumsBy(api, 'run');
      expect(runs.get(first.id)).toMatchObject({ calls: 2, saved: 0, characters: 2 * (INTRO + NEWS).length });
      expect(runs.get(first.id)!.cost).toBeCloseTo(price(INTRO + NEWS), 9);
      expect(runs.get(second.id)!.cost).toBeCloseTo(price('More.'), 9);
      expect(runs.get(second.id)!.saved).toBeCloseTo(price(INTRO), 9);
      expect(runs.get(rerun.id)).toMatchObject({ calls: 0, cost: 0, replays: 2 });
      expect(runs.get(rerun.id)!.saved).toBeCloseTo(price(`${INTRO}More.`), 9);
      const all = { calls: 3, replays: 3 };
      for (const [by, name] of [
        ['block', 'spoken/audio'],
        ['voice', 'Ruth'],
        ['engine', 'polly neural'],
        ['model', 'polly neural'],
        ['kind', 'speech'],
        ['workflow', 'spoken'],
      ] as const)
        expect([by, (await sumsBy(api, by)).get(name)]).toMatchObject([by, all]);
      expect(polly.billedCharacters).toBe(2 * `${INTRO}${NEWS}More.`.length);
      const { calls } = await api.get<{ calls: object[] }>(`/api/ledger/calls?run=${second.id}`);
      expect(calls).toMatchObject([
        { kind: 'speech', voice: 'Ruth', prompt: null, block: 'audio', state: 'done' },
      ]);
    });

    it.each([
      ['throttled', 'some seconds later', 'half of it'],
      ['refused', 'never', 'half of that'],
    ] as const)(
      'and the marks of a line whose samples are %s are counted, though they come %s',
      async (fault, _, words) => {
        const { api } = host;
        const text = `They give ${words}.`;
        const [block] = WORKFLOW.blocks;
        const once = { ...WORKFLOW, id: fault, blocks: [{ ...block, retry: { attempts: 1 } }] };
        await api.post(`/api/workflows/${fault}/versions`, { definition: once });
        const billed = polly.billedCharacters;
        // The intro is spoken already; a call is tried four times by the adapter.
        polly.faults.push(undefined, ...Array<typeof fault>(4).fill(fault));

        const run = await startRun(api, { workflow: fault, inputs: { news: text }, key: fault });
        const { status } = await waitForRun(api, run);
        const { spent } = await api.get<{ spent: { cost: number } }>(`/api/runs/${run.id}`);
        polly.faults.length = 0;

        expect([status, polly.billedCharacters - billed]).toEqual(['failed', text.length]);
        expect(spent.cost).toBeCloseTo(price(text) / 2, 9);
        expect((await sumsBy(api, 'run')).get(run.id)!.cost).toBeCloseTo(price(text) / 2, 9);
        const { calls } = await api.get<{ calls: object[] }>('/api/ledger/calls?state=ambiguous');
        expect(calls).toEqual([]);
      },
    );

    it('and a run pauses with the reason before a call that no budget has room for, and goes on when it is raised', async () => {
      const { api } = host;
      const asked = polly.asked.length;
      const budget = (amount: number): Promise<unknown> =>
        api.put(
          '/api/budgets/speech',
          JSON.stringify({ per: 'run', workflow: 'spoken', amount }),
          'application/json',
        );
      await budget(price('Tight.') / 2);

      const run = await begin(api, 'Tight.', 'tight');
      const paused = await pausedRun(api, run.id);
      expect(paused.reason).toMatch(/Budget "speech" \(run .*\) has no room for the next call: \$0\.0000 of/);
      expect(polly.asked.length).toBe(asked);
      await budget(1);
      const ended = await waitForRun(api, run);

      expect(ended.status).toBe('completed');
      const { accounts } = await api.get<{ accounts: { spent: number; leased: number }[] }>(
        '/api/budgets/speech',
      );
      expect(accounts[0]!.spent).toBeCloseTo(price('Tight.'), 9);
      expect(accounts[0]!.leased).toBe(0);
    });
  });

  describe.each(['hold', 'retry'] as const)(
    'that was under way at a kill -9, with the policy %s',
    (policy) => {
      const database = useEmptyDatabase();

      it('is listed by the name that the vendor was told', async () => {
        const folder = await aFolder();
        const env = { DUOFACTORY_AMBIGUOUS_CALLS: policy, DUOFACTORY_LEDGER_LEASE_MS: '1000' };
        const first = await hostOn(database.url, folder, env);
        let answerNow = (): void => undefined;
        polly.until = new Promise((resolve) => (answerNow = resolve));
        const asked = polly.asked.length;
        const run = await begin(first.api, NEWS, policy);
        // Both lines are out.
        await until(() => Promise.resolve(polly.asked.length === asked + 2));
        await stop(first, 'SIGKILL');
        answerNow();
        polly.until = undefined;

        const { api, ...second } = await hostOn(database.url, folder, env);
        const told = polly.asked.slice(asked, asked + 2).map((agent) => /duofactory\/(\S+)/.exec(agent)![1]!);
        if (policy === 'hold') {
          expect((await pausedRun(api, run.id)).reason).toMatch(/Nobody saw the end of call/);
          const { calls } = await api.get<{ calls: { id: string }[] }>('/api/ledger/calls?state=ambiguous');
          expect(calls).toMatchObject([{ kind: 'speech', voice: 'Ruth' }, { kind: 'speech' }]);
          const answer = api.post(`/api/ledger/calls/${calls[0]!.id}/resolution`, {
            decision: 'answer',
            text: 'x',
          });
          await expect(answer).rejects.toThrow(/answered/);
          for (const { id } of calls)
            await api.post(`/api/ledger/calls/${id}/resolution`, { decision: 'retry' });
        }
        const ended = await waitForRun(api, run);
        const { calls } = await api.get<{ calls: { interruptedCalls: string[] }[] }>(
          '/api/ledger/calls?state=interrupted',
        );
        await stop({ ...second });

        expect([ended.status, ended.reason]).toEqual(['completed', null]);
        expect(calls.flatMap(({ interruptedCalls }) => interruptedCalls).sort()).toEqual(told.sort());
      });
    },
  );
});

async function pausedRun(api: Api, id: string): Promise<Run> {
  let run = await api.get<Run>(`/api/runs/${id}`);
  await until(async () => {
    run = await api.get<Run>(`/api/runs/${id}`);
    return run.status === 'paused';
  });
  return run;
}
