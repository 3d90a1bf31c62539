import {
  blockFailedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { orchestratorService } from '@duofactory/orchestrator';
import {
  anEvent,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../src/client/api.js';
import { show } from '../src/commands/show.js';
import { work } from '../src/commands/work.js';
import { written } from './command-line.js';

describe('how a run stands, by command', () => {
  const database = useEmptyDatabase();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let api: Api;

  const aRun = async (workflow: string): Promise<string> =>
    (await api.post<{ id: string }>('/api/runs', { workflow })).id;
  const tasksOut = async (run: string): Promise<number> =>
    (await api.get<{ blocks: { requested: number }[] }>(`/api/runs/${run}`)).blocks[0]!.requested;
  const hasEnded = async (run: string): Promise<boolean> =>
    (await api.get<{ endedAt: string | null }>(`/api/runs/${run}`)).endedAt !== null;

  beforeAll(async () => {
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    api = new Api(service.url);
    await bus.subscribe({
      group: 'test.fail',
      topics: [blockRequestedTopic('fail')],
      each: async ({ data }) => {
        const { run, task, attempt } = data as BlockRequested;
        const error = { code: 'no-such-voice', message: 'Nobody\u001b[31m speaks so', retryable: false };
        const event = anEvent({ run, task, attempt, error }, { type: blockFailedV1.type, subject: run });
        void bus.publish([{ topic: blockFailedV1.topic, key: run, event }]);
      },
    });
    await bus.start();
    for (const type of ['fail', 'wait']) {
      const manifest = {
        ...{ type, version: 1, title: type, description: type, input: 'each', output: 'one' },
        with: { type: 'object' },
      };
      const event = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
      await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: type, event }]);
      const definition = { kind: 'workflow', id: type, blocks: [{ id: 'only', type, needs: [] }] };
      await api.post(`/api/workflows/${type}/versions`, { definition });
    }
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  it('tells what failed and what to do, with nothing in it that a terminal obeys', async () => {
    const run = await aRun('fail');
    await until(() => hasEnded(run));

    const told = await written(show, [run, '--url', service.url]);

    expect(told).toMatch(new RegExp(`^fail@1 ${run}: failed: `));
    expect(told).toMatch(/ at work +cost *$/m);
    expect(told).toMatch(/^only +fail +1 +0 +1 +0 +0 +0 +\$0\.00 *$/m);
    expect(told).toMatch(
      /^failed: only .*\n {2}task {4}[0-9a-f-]{36}\n {2}error {3}no-such-voice: Nobody.* speaks so\n {2}remedy {2}Trying again gives the same/m,
    );
    expect(told).not.toContain('\u001b');
    expect(JSON.parse(await written(show, [run, '--json', '--url', service.url]))).toMatchObject({
      ...{ id: run, status: 'failed' },
      failed: [{ block: 'only', error: { code: 'no-such-voice' } }],
    });
  });

  it('tells of a run that goes on what is at work, and of which type', async () => {
    const run = await aRun('wait');
    await until(async () => (await tasksOut(run)) === 1);

    const told = await written(show, [run, '--url', service.url]);
    await until(async () => (await written(work, ['--url', service.url])).includes(run));
    const all = await written(work, ['--url', service.url]);

    expect(told).toMatch(new RegExp(`^wait@1 ${run}: running\n`));
    expect(told).toMatch(/^only +wait +1 +0 +0 +0 +0 +1 +\$0\.00 *$/m);
    expect(all).toMatch(new RegExp(`^wait +test +0 +0 +1 +20\\S+Z +${run} +0 +0 *$`, 'm'));
    expect(all).toMatch(/^fail +test +0 +0 +0 +0 +1 +[0-9a-f-]{36}/m);
  });

  it('names what is no run, and hours that are none', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';

    await expect(written(show, [unknown, '--url', service.url])).rejects.toMatchObject({
      code: 'unknown-run',
    });
    await expect(written(work, ['--hours', 'many', '--url', service.url])).rejects.toThrow(
      '--hours is "many": give a number',
    );
  });
});
