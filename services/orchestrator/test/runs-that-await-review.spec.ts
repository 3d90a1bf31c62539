import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

describe('a run awaits review', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('only while a person is all that it waits for', async () => {
    const blocks = [
      { id: 'work', type: 'map', needs: [] },
      { id: 'ok', type: 'review', needs: [] },
      { id: 'last', type: 'map', needs: ['ok'] },
    ];
    const { taken, complete, show, stage, run, close } = await aRunOnStage(database.current, blocks);
    const asked = await taken();
    const of = (block: string) => asked.find((one) => one.block === block)!;
    const listed = async (awaitsReview: boolean): Promise<string[]> =>
      (await stage.parts.runs.list({ awaitsReview, limit: 500 })).runs.map(({ id }) => id);
    const whileWorking = await show();
    const listedWhileWorking = await listed(false);

    await complete(of('work'), outputs({}));
    const whileReviewed = await show();
    const listedWhileReviewed = [await listed(true), await listed(false)];
    await stage.parts.pause.pause(run, 'ana');
    const whilePaused = await show();
    await stage.parts.pause.resume(run, 'ana');
    await complete(of('ok'), outputs({ decision: 'approved' }));
    const afterwards = await show();
    await complete((await taken())[0]!, outputs({}));

    expect(whileWorking).toMatchObject({ status: 'running', awaitsReview: false });
    expect(listedWhileWorking).toContain(run);
    expect(whileReviewed).toMatchObject({ status: 'running', awaitsReview: true });
    expect(listedWhileReviewed).toEqual([expect.arrayContaining([run]), expect.not.arrayContaining([run])]);
    expect(whilePaused).toMatchObject({ status: 'paused', awaitsReview: false });
    expect(afterwards).toMatchObject({ status: 'running', awaitsReview: false });
    expect(await show()).toMatchObject({ status: 'completed', awaitsReview: false });
    await close();
  });
});

describe('a run whose inner runs await review', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  };

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
    const inner = { kind: 'workflow', id: 'inner', blocks: [{ id: 'ok', type: 'review', needs: [] }] };
    await call('POST', 'workflows/inner/versions', { definition: inner });
    const blocks = [{ id: 'sub', type: 'workflow', needs: [], input: 'each', with: { workflow: 'inner' } }];
    await call('POST', 'workflows/outer/versions', { definition: { kind: 'workflow', id: 'outer', blocks } });
  });

  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  it('awaits it too, says so on the stream, and is told apart from runs that work', async () => {
    const { id } = await call<{ id: string }>('POST', 'runs', { workflow: 'outer' });
    const end = new AbortController();
    const { body } = await fetch(`${orchestrator.url}/api/runs/events?runs=${id}`, { signal: end.signal });
    let told = '';
    for await (const text of body!.pipeThrough(new TextDecoderStream())) {
      told += text;
      if (told.includes('"awaitsReview":true')) break;
    }
    end.abort();
    const { runs } = await call<{ runs: { id: string; workflow: string }[] }>(
      'GET',
      'runs?status=running&awaitsReview=true',
    );
    const { workflows } = await call<{ workflows: { id: string; lastRun: object | null }[] }>(
      'GET',
      'workflows',
    );
    const { reviews } = await call<{ reviews: { task: string }[] }>('GET', 'reviews');
    await call('POST', `reviews/${reviews[0]!.task}/decision`, { decision: 'approve' });
    const shown = (): Promise<{ status: string; awaitsReview: boolean }> => call('GET', `runs/${id}`);
    await until(async () => (await shown()).status === 'completed', { everyMs: 50 });

    expect(runs.map(({ workflow }) => workflow).sort()).toEqual(['inner', 'outer']);
    expect(workflows.find((one) => one.id === 'outer')!.lastRun).toMatchObject({ awaitsReview: true });
    expect(await shown()).toMatchObject({ awaitsReview: false });
  });

  it('refuses a filter that is neither true nor false', async () => {
    const refused = await fetch(`${orchestrator.url}/api/runs?awaitsReview=perhaps`);

    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ errors: [{ field: 'awaitsReview' }] });
  });
});
