import {
  blockFailedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import {
  anEvent,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

interface Told {
  readonly what: string;
  readonly cause: { readonly by?: string; readonly status?: string } | null;
}

describe('who gave a command', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: ServiceUnderTest;

  const call = async <T>(method: string, path: string, by?: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(by ? { 'x-duofactory-user': by } : {}) },
      ...(method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    expect(response.ok).toBe(true);
    return (await response.json()) as T;
  };
  const start = async (workflow: string, by?: string): Promise<string> =>
    (await call<{ id: string }>('POST', 'runs', by, { workflow })).id;
  /** What happened to the run as a whole, and by whom. */
  const told = async (run: string): Promise<string[]> => {
    const { transitions } = await call<{ transitions: (Told & { block: string })[] }>(
      'GET',
      `runs/${run}/history`,
    );
    return transitions
      .filter(({ block }) => block === '')
      .map(({ what, cause }) => [what, cause?.by].filter(Boolean).join(' by '));
  };
  const untilStatus = (run: string, status: string): Promise<void> =>
    until(async () => (await call<{ status: string }>('GET', `runs/${run}`)).status === status);

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.subscribe({
      group: 'test.broken',
      topics: [blockRequestedTopic('broken')],
      each: async ({ data }) => {
        const { run, task, attempt } = data as BlockRequested;
        const error = { code: 'broken', message: 'Broken', retryable: false };
        const event = anEvent({ run, task, attempt, error }, { type: blockFailedV1.type, subject: run });
        void bus.publish([{ topic: blockFailedV1.topic, key: run, event }]);
      },
    });
    await bus.start();
    for (const type of ['broken', 'silent']) {
      const manifest = {
        ...{ type, version: 1, title: type, description: type, input: 'each', output: 'one' },
        with: { type: 'object' },
      };
      const event = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
      await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: type, event }]);
      const definition = { kind: 'workflow', id: `of-${type}`, blocks: [{ id: 'one', type }] };
      await call('POST', `workflows/of-${type}/versions`, 'ana', { definition });
    }
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('by a name of any script, which the header carries encoded', async () => {
    const run = await start('of-broken', encodeURIComponent('José Núñez'));

    expect((await told(run))[0]).toMatch(/ by José Núñez$/);
  });

  it('to pause, resume and cancel a run is in its history; whoever does not say is `local`', async () => {
    const run = await start('of-silent', 'ana');

    await call('POST', `runs/${run}/pause`, 'ben');
    await call('POST', `runs/${run}/pause`, 'nobody: it is paused');
    await call('POST', `runs/${run}/resume`);
    await call('POST', `runs/${run}/cancel`, 'cleo');
    await call('POST', `runs/${run}/cancel`, 'nobody: it is stopping');

    expect(await told(run)).toEqual([
      'started by ana',
      'paused by ben',
      'resumed by local',
      'cancelled by cleo',
    ]);
  });

  it('to retry and to rerun a run too', async () => {
    const run = await start('of-broken');
    await untilStatus(run, 'failed');

    await call('POST', `runs/${run}/retry`, 'dora');
    await until(async () => (await told(run)).filter((one) => one === 'ended').length === 2);
    const rerun = await call<{ id: string }>('POST', `runs/${run}/reruns`, 'emil');
    await untilStatus(rerun.id, 'failed');

    const [began, ...rest] = await told(run);
    expect(began).toBe('started by local');
    expect(rest.filter((one) => one !== 'stopping')).toEqual(['ended', 'retried by dora', 'ended']);
    expect((await told(rerun.id))[0]).toBe('started by emil');
  });

  it('to start a batch and to retry it too, also of runs that begin later', async () => {
    interface BatchShown {
      readonly id: string;
      readonly status: string;
    }
    const items = [{}, {}];
    const of = { workflow: 'of-broken', items, concurrency: 1 };
    const { id } = await call<BatchShown>('POST', 'batches', 'ana', of);
    const untilOver = (): Promise<void> =>
      until(async () => (await call<BatchShown>('GET', `batches/${id}`)).status === 'partial');
    await untilOver();
    await call('POST', `batches/${id}/retry`, 'ben');
    await untilOver();

    const { items: begun } = await call<{ items: { run: string }[] }>('GET', `batches/${id}/items`);
    const said = await Promise.all(begun.map(({ run }) => told(run)));

    expect(said).toHaveLength(2);
    for (const one of said)
      expect(one.filter((word) => word.includes(' by '))).toEqual(['started by ana', 'retried by ben']);
  });

  it('even if the run ends by it at once', async () => {
    const run = await start('of-broken');
    await untilStatus(run, 'failed');
    await call('POST', `runs/${run}/retry`, 'dora');
    await until(async () => (await told(run)).filter((one) => one === 'ended').length === 2);
    const paused = await start('of-silent', 'ana');
    await call('POST', `runs/${paused}/pause`, 'ben');
    const { tasks } = await call<{ tasks: { id: string; attempt: number }[] }>('GET', `runs/${paused}/tasks`);
    const [task] = tasks;
    // A retryable failure of a run that is paused waits: then nothing is out, and a cancellation ends it.
    const error = { code: 'busy', message: 'Busy', retryable: true };
    const data = { run: paused, task: task!.id, attempt: task!.attempt, error };
    const event = anEvent(data, { type: blockFailedV1.type, subject: paused });
    await bus.publish([{ topic: blockFailedV1.topic, key: paused, event }]);

    await call('POST', `runs/${paused}/cancel`, 'cleo');

    await untilStatus(paused, 'cancelled');
    expect(await told(paused)).toEqual(['started by ana', 'paused by ben', 'cancelled by cleo', 'ended']);
  });
});
