import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

interface Run {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

describe('what Home shows is what the lists behind it show', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${orchestrator.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  };
  const runs = async (query: string): Promise<Run[]> =>
    (await call<{ runs: Run[] }>('GET', `/api/runs?${query}`)).runs;
  const workflow = async (id: string): Promise<{ lastRun: Run | null; nextRunAt: string | null }> => {
    const { workflows } = await call<{
      workflows: { id: string; lastRun: Run | null; nextRunAt: string | null }[];
    }>('GET', '/api/workflows');
    return workflows.find((one) => one.id === id)!;
  };
  /** One that waits for a person, until it is cancelled. */
  const aRun = (): Promise<Run> => call('POST', '/api/runs', { workflow: 'asks' });

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
    for (const id of ['asks', 'never-ran']) {
      const definition = { kind: 'workflow', id, blocks: [{ id: 'ok', type: 'review', needs: [] }] };
      await call('POST', `/api/workflows/${id}/versions`, { definition });
    }
  });

  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  it('lists what goes on, whatever its status, and what ended since a time', async () => {
    const goesOn = await aRun();
    const stops = await aRun();
    await call('POST', `/api/runs/${stops.id}/cancel`);
    const ended = async (): Promise<Run | undefined> =>
      (await runs('status=cancelled')).find(({ id }) => id === stops.id);
    await until(async () => (await ended()) !== undefined, { everyMs: 50 });
    const { endedAt } = (await ended())!;
    const oneLater = new Date(Date.parse(endedAt!) + 1).toISOString();
    const idsOf = async (query: string): Promise<string[]> => (await runs(query)).map(({ id }) => id);

    expect(await idsOf('status=active')).toEqual([goesOn.id]);
    expect(await idsOf(`endedSince=${endedAt}`)).toEqual([stops.id]);
    expect(await idsOf(`endedSince=${oneLater}`)).toEqual([]);
    const refused = await fetch(`${orchestrator.url}/api/runs?endedSince=yesterday`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'endedSince' }] });
  });

  it('tells of the last runs of a workflow, newest first, with the counters of their blocks', async () => {
    const older = await aRun();
    const newer = await aRun();

    const { runs: last } = await call<{ runs: (Run & { blocks: object[] })[] }>(
      'GET',
      '/api/workflows/asks/runs?limit=2',
    );
    const none = await call<{ runs: object[] }>('GET', '/api/workflows/never-ran/runs');
    const refused = await fetch(`${orchestrator.url}/api/workflows/asks/runs?limit=101`);

    expect(last.map(({ id }) => id)).toEqual([newer.id, older.id]);
    expect(last[0]!.blocks).toMatchObject([{ block: 'ok', type: 'review', requested: 1, done: 0 }]);
    expect(none.runs).toEqual([]);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'limit' }] });
  });

  it('leaves tests of drafts and of blocks out, with what runs inside them and again, unless they are asked for', async () => {
    const review = { type: 'review', needs: [] };
    const body = {
      definition: {
        ...{ kind: 'workflow', id: 'tried' },
        blocks: [
          { id: 'inside', type: 'workflow', needs: [], with: { workflow: 'asks' } },
          { id: 'ok', ...review },
        ],
      },
    };
    await fetch(`${orchestrator.url}/api/workflows/tried/draft`, {
      ...{ method: 'PUT', headers: { 'content-type': 'application/json', 'if-none-match': '*' } },
      body: JSON.stringify(body),
    });
    const counts = (): Promise<object> => call('GET', '/api/runs/counts');
    const [listed, before] = [await runs(''), await counts()];

    const ofBlock = await call<Run>('POST', '/api/workflows/asks/block-tests', {
      definition: { blocks: [{ id: 'alone', ...review }] },
      block: 'alone',
    });
    const ofDraft = await call<Run>('POST', '/api/runs', { workflow: 'tried@draft' });
    const tests = (): Promise<(Run & { workflow: string; testOf: string | null })[]> =>
      call<{ runs: (Run & { workflow: string; testOf: string | null })[] }>(
        'GET',
        '/api/runs?tests=only',
      ).then((page) => page.runs);
    await until(async () => (await tests()).some(({ workflow }) => workflow === 'asks'), { everyMs: 50 });
    const inside = (await tests()).find(({ workflow }) => workflow === 'asks')!;

    expect(await tests()).toMatchObject([
      { id: inside.id, testOf: 'draft', published: true },
      { id: ofDraft.id, testOf: 'draft', published: false },
      { id: ofBlock.id, testOf: 'block', published: false },
    ]);
    expect(await runs('')).toEqual(listed);
    expect(await runs('tests=with')).toHaveLength(listed.length + 3);
    expect(await counts()).toMatchObject({ active: (before as { active: number }).active });
    expect((await workflow('asks')).lastRun).toMatchObject({ id: listed[0]!.id, testOf: null });
    expect((await workflow('tried')).lastRun).toMatchObject({ id: ofDraft.id, testOf: 'draft' });

    await call('POST', `/api/runs/${ofBlock.id}/cancel`);
    await until(async () => (await call<Run>('GET', `/api/runs/${ofBlock.id}`)).endedAt !== null, {
      everyMs: 50,
    });
    const again = await call<Run>('POST', `/api/runs/${ofBlock.id}/reruns`, {});
    expect(again).toMatchObject({ testOf: 'block' });
  });

  it('tells of each workflow when it ran last, how, and when its schedules start it next', async () => {
    await call('PUT', '/api/schedules/yearly', { workflow: 'asks@1', cron: '0 8 1 3 *' });
    await call('PUT', '/api/schedules/paused', { workflow: 'asks', cron: '0 8 * * *', paused: true });
    const newest = await aRun();

    const { lastRun, nextRunAt } = await workflow('asks');

    expect(lastRun).toMatchObject({ id: newest.id, status: 'running' });
    expect(Date.parse(lastRun!.createdAt)).toBe(Date.parse(newest.createdAt));
    expect(nextRunAt).toMatch(/-03-01T08:00:00/);
    expect(await workflow('never-ran')).toMatchObject({ lastRun: null, nextRunAt: null });
  });
});
