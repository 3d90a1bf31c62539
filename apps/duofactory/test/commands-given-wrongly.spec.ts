import {
  blockCompletedV1,
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
import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { batch } from '../src/commands/batch.js';
import { deadLetters } from '../src/commands/dead-letters.js';
import { cancel, pause, rerun, resume, retry } from '../src/commands/run-commands.js';
import { run } from '../src/commands/run.js';
import { schedule } from '../src/commands/schedule.js';
import { trigger } from '../src/commands/trigger.js';
import { explain } from '../src/terminal/explain.js';
import { EXIT } from '../src/terminal/exit-codes.js';
import { written } from './command-line.js';

const RUN_COMMANDS = { cancel, pause, resume, retry, rerun };
const BATCH_COMMANDS = ['show', 'pause', 'resume', 'cancel', 'retry'];
const NOBODY = randomUUID();

describe('a command to the engine', () => {
  const database = useEmptyDatabase();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let api: Api;
  let folder: string;
  const open = new Map<string, BlockRequested>();

  const told = (command: Command, ...args: string[]) => written(command, [...args, '--url', service.url]);
  /** What the process would print and end with. */
  const refused = async (command: Command, ...args: string[]) =>
    told(command, ...args).then(
      (text) => Promise.reject(new Error(`It was accepted: ${text}`)),
      (error: unknown) => explain(error),
    );
  const statusOf = async (id: string) => (await api.get<{ status: string }>(`/api/runs/${id}`)).status;
  const batchOf = (id: string) => api.get<{ status: string; items: object }>(`/api/batches/${id}`);

  const aRun = async (): Promise<string> => {
    const id = (await told(run, 'slow')).trim();
    await until(async () => open.has(id));
    return id;
  };
  /** Answers what is out of a run, and waits until that has ended. */
  const answer = async (id: string, type: string, outcome: object): Promise<void> => {
    await until(async () => open.has(id));
    const { task, attempt } = open.get(id)!;
    open.delete(id);
    const event = anEvent({ run: id, task, attempt, ...outcome }, { type, subject: id });
    await bus.publish([{ topic: blockCompletedV1.topic, key: id, event }]);
    await until(async () => !['running', 'stopping'].includes(await statusOf(id)));
  };
  const finish = (id: string) => answer(id, blockCompletedV1.type, { outputs: [{ result: {} }] });
  /** As a service does that is told to stop. */
  const giveUp = (id: string) =>
    answer(id, blockFailedV1.type, { error: { code: 'cancelled', message: 'As told', retryable: true } });
  const aBatch = async (...more: string[]): Promise<string> => {
    const file = join(folder, 'items.json');
    await writeFile(file, '[{}]');
    return (await told(batch, 'start', 'slow', '--from', file, ...more)).trim();
  };
  const runOf = async (id: string): Promise<string> => {
    const runs = async () =>
      (await api.get<{ items: { run: string | null }[] }>(`/api/batches/${id}/items`)).items;
    await until(async () => (await runs())[0]!.run !== null);
    return (await runs())[0]!.run!;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-commands-'));
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    api = new Api(service.url);
    await bus.subscribe({
      group: 'test.slow',
      topics: [blockRequestedTopic('slow')],
      each: async ({ data }) => {
        const request = data as BlockRequested;
        open.set(request.run, request);
      },
    });
    await bus.start();
    const manifest = {
      ...{ type: 'slow', version: 1, title: 'Slow', description: 'Slow', input: 'each', output: 'one' },
      with: { type: 'object' },
    };
    const event = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
    await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: 'slow', event }]);
    const blocks = [{ id: 'one', type: 'slow', needs: [] }];
    const definition = {
      kind: 'workflow',
      id: 'slow',
      inputs: { n: { type: 'number', default: 1 } },
      blocks,
    };
    await api.post('/api/workflows/slow/versions', { definition });
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(RUN_COMMANDS) as (keyof typeof RUN_COMMANDS)[])(
    'to %s a run that is not there says so, and what is no id of one too',
    async (name) => {
      const unknown = await refused(RUN_COMMANDS[name], NOBODY);
      const noId = await refused(RUN_COMMANDS[name], '../runs?');

      expect(unknown).toEqual({
        text: expect.stringMatching(new RegExp(`unknown-run.*${NOBODY}`, 's')),
        exitCode: EXIT.invalid,
      });
      expect(noId).toEqual({
        text: expect.stringMatching(/Refused \([a-z-]+\):\n {2}.+/),
        exitCode: EXIT.invalid,
      });
      expect(noId.text).not.toContain('http-');
    },
  );

  it.each(BATCH_COMMANDS)(
    'to %s a batch that is not there says so, and what is no id of one too',
    async (name) => {
      const unknown = await refused(batch, name, NOBODY);
      const noId = await refused(batch, name, '../batches?');

      expect(unknown).toEqual({
        text: expect.stringMatching(new RegExp(`unknown-batch.*${NOBODY}`, 's')),
        exitCode: EXIT.invalid,
      });
      expect(noId).toEqual({
        text: expect.stringMatching(/Refused \([a-z-]+\):\n {2}.+/),
        exitCode: EXIT.invalid,
      });
      expect(noId.text).not.toContain('http-');
    },
  );

  it('to redrive no dead letter at all says what to name', async () => {
    const none = await refused(deadLetters, 'redrive');

    expect(none).toEqual({
      text: 'Name dead letters by their ids, or give --all',
      exitCode: EXIT.invalid,
    });
  });

  it('to a run changes it once, and says each time how it stands', async () => {
    const id = await aRun();
    const seen = [
      await told(pause, id),
      await told(pause, id),
      await told(resume, id),
      await told(resume, id),
      await told(cancel, id),
      await told(cancel, id),
      await told(pause, id),
      await told(resume, id),
    ];
    await giveUp(id);
    const cancelled = [await told(cancel, id), await told(pause, id)];
    const again = [await told(retry, id), await told(retry, id)];
    await finish(id);

    const of = (...statuses: string[]) => statuses.map((status) => `${id} ${status}\n`);
    expect(seen).toEqual(
      of('paused', 'paused', 'running', 'running', 'stopping', 'stopping', 'stopping', 'stopping'),
    );
    expect(cancelled).toEqual(of('cancelled', 'cancelled'));
    expect(again).toEqual(of('running', 'running'));
    expect(await statusOf(id)).toBe('completed');
  });

  it('to a run that has ended well changes nothing, and a retry of it is refused with the remedy', async () => {
    const id = await aRun();
    await finish(id);

    const said = [await told(pause, id), await told(resume, id), await told(cancel, id)];
    const retried = await refused(retry, id);

    expect(new Set(said)).toEqual(new Set([`${id} completed\n`]));
    expect(retried).toEqual({ text: expect.stringMatching(/not-retryable.*rerun/s), exitCode: EXIT.invalid });
  });

  it('to rerun one that goes on is refused, as is what it has not: a block, a key, an input, a version', async () => {
    const going = await aRun();
    const running = await refused(rerun, going);
    await finish(going);
    const wrong = [
      await refused(rerun, going, '--from', 'nowhere'),
      await refused(rerun, going, '--from', 'one', '--key', 'brief=9'),
      await refused(rerun, going, '--input', 'm=1'),
      await refused(rerun, going, '--input', 'n=many'),
      await refused(rerun, going, '--version', '77'),
      await refused(rerun, going, '--version', 'newest'),
    ];

    expect(running).toEqual({ text: expect.stringContaining(going), exitCode: EXIT.invalid });
    expect(wrong.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => EXIT.invalid));
    const named = ['nowhere', 'brief=9', 'm', 'n', '77', 'version'];
    wrong.forEach(({ text }, n) => expect(text).toContain(named[n]));
  });

  it('to start a run twice with one key is one run; with other inputs it is refused', async () => {
    const key = randomUUID();
    const first = await told(run, 'slow', '--idempotency-key', key);
    const second = await told(run, 'slow', '--idempotency-key', key);
    const other = await refused(run, 'slow', '--idempotency-key', key, '--input', 'n=2');
    const unknown = await refused(run, 'nobodys');
    const noVersion = await refused(run, 'slow@99');

    expect(second).toBe(first);
    expect(other).toEqual({
      text: expect.stringContaining('idempotency-key-reused'),
      exitCode: EXIT.invalid,
    });
    expect(unknown).toEqual({ text: expect.stringContaining('nobodys'), exitCode: EXIT.invalid });
    expect(noVersion).toEqual({ text: expect.stringContaining('99'), exitCode: EXIT.invalid });
    await finish(first.trim());
  });

  it('to a batch changes it once, and tells what a limit may be', async () => {
    const key = randomUUID();
    const id = await aBatch('--idempotency-key', key);
    const same = await aBatch('--idempotency-key', key);
    const of = await runOf(id);
    const said = [];
    for (const name of ['pause', 'pause', 'resume', 'resume', 'retry'])
      said.push([await told(batch, name, id), (await batchOf(id)).status]);
    const limits = [
      await refused(batch, 'limit', id),
      await refused(batch, 'limit', id, '--concurrency', 'ten'),
      await refused(batch, 'limit', id, '--concurrency', '0'),
      await refused(batch, 'limit', id, '--max-cost', '-1'),
      await refused(batch, 'limit', NOBODY, '--concurrency', '2'),
    ];
    await finish(of);
    await until(async () => (await batchOf(id)).status === 'completed');
    for (const name of ['pause', 'resume', 'cancel', 'retry'])
      said.push([await told(batch, name, id), (await batchOf(id)).status]);

    expect(same).toBe(id);
    expect(said).toEqual(
      ['paused', 'paused', 'running', 'running', 'running', ...Array<string>(4).fill('completed')].map(
        (status) => [`${id}\n`, status],
      ),
    );
    expect(limits.map(({ exitCode }) => exitCode)).toEqual(limits.map(() => EXIT.invalid));
    const named = ['--concurrency', 'ten', 'concurrency', 'maxCost', NOBODY];
    limits.forEach(({ text }, n) => expect(text).toContain(named[n]));
    expect((await batchOf(id)).items).toMatchObject({ total: 1, completed: 1 });
  });

  it('to start a batch of what cannot be one names the file, the row or the workflow', async () => {
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const start = (...args: string[]) => refused(batch, 'start', ...args);
    const wrong = [
      await start('slow', '--from', join(folder, 'nowhere.csv')),
      await start('slow', '--from', await file('list.txt', '[]')),
      await start('slow', '--from', await file('broken.json', '[{')),
      await start('slow', '--from', await file('none.json', '[]')),
      await start('slow', '--from', await file('typed.json', '[{"n":1},{"n":"many"}]')),
      await start('slow', '--from', await file('unknown.csv', 'm\n1\n')),
      await start('nobodys', '--from', await file('one.json', '[{}]')),
      await start('slow'),
      await start('slow', '--list', 'runs', '--from', await file('one.json', '[{}]')),
    ];

    expect(wrong.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => EXIT.invalid));
    const named = [
      'nowhere.csv',
      'list.txt',
      'broken.json',
      'items',
      'items',
      'm',
      'nobodys',
      '--from',
      '--from',
    ];
    wrong.forEach(({ text }, n) => expect(text).toContain(named[n]));
  });

  it('to set a schedule is the same set twice; what is wrong is named, and deleting twice says so', async () => {
    const set = ['set', 'daily', '--workflow', 'slow', '--cron', '0 6 * * *', '--time-zone', 'Europe/Madrid'];
    const first = await told(schedule, ...set);
    const second = await told(schedule, ...set);
    const wrong = [
      await refused(schedule, 'set', 'daily', '--workflow', 'slow', '--cron', 'at six'),
      await refused(schedule, ...set.slice(0, -1), 'Europe/Nowhere'),
      await refused(schedule, 'set', 'daily', '--workflow', 'nobodys', '--cron', '0 6 * * *'),
      await refused(schedule, 'set', 'No Id', '--workflow', 'slow', '--cron', '0 6 * * *'),
      await refused(schedule, ...set, '--input', 'n=many'),
      await refused(schedule, ...set, '--input', 'm=1'),
    ];
    const kept = JSON.parse(await told(schedule, 'list', '--json')) as { cron: string; timeZone: string }[];
    await told(schedule, 'delete', 'daily');
    const gone = await refused(schedule, 'delete', 'daily');

    expect(second).toBe(first);
    expect(wrong.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => EXIT.invalid));
    const named = ['cron', 'timeZone', 'nobodys', 'id', 'n', 'm'];
    wrong.forEach(({ text }, n) => expect(text).toContain(named[n]));
    expect(kept).toMatchObject([{ cron: '0 6 * * *', timeZone: 'Europe/Madrid' }]);
    expect(gone).toEqual({ text: expect.stringMatching(/unknown-schedule.*daily/s), exitCode: EXIT.invalid });
  });

  it('to set a trigger is the same set twice; what is wrong is named, and deleting twice says so', async () => {
    const set = (...more: string[]) => ['set', 'ask', '--type', 'asked.v1', '--workflow', 'slow', ...more];
    const topic = ['--topic', 'duofactory.content'];
    const first = await told(trigger, ...set(...topic));
    const second = await told(trigger, ...set(...topic));
    const wrong = [
      await refused(trigger, ...set('--topic', 'nowhere')),
      await refused(trigger, ...set(...topic, '--when', 'data.(')),
      await refused(trigger, ...set(...topic, '--input', 'm={{data.m}}')),
      await refused(trigger, ...set(...topic, '--input', 'n=many')),
      await refused(trigger, 'set', 'ask', '--type', 'asked.v1', '--workflow', 'nobodys', ...topic),
      await refused(trigger, 'set', 'No Id', '--type', 'asked.v1', '--workflow', 'slow', ...topic),
    ];
    await told(trigger, 'delete', 'ask');
    const gone = await refused(trigger, 'delete', 'ask');

    expect(second).toBe(first);
    expect(wrong.map(({ exitCode }) => exitCode)).toEqual(wrong.map(() => EXIT.invalid));
    const named = ['topic', 'when', 'm', 'n', 'nobodys', 'id'];
    wrong.forEach(({ text }, n) => expect(text).toContain(named[n]));
    expect(gone).toEqual({ text: expect.stringMatching(/unknown-trigger.*ask/s), exitCode: EXIT.invalid });
  });
});
