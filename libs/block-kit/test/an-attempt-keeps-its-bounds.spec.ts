import type { BlockAnswer, BlockCompleted, BlockRequested } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { ManualClock } from '@duofactory/platform';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Type } from 'typebox';
import { attemptBlock, CANCELLED, type AttemptParts } from '../src/attempt.js';
import { configurationCheck } from '../src/configuration-check.js';
import { defineBlock, type Payload } from '../src/index.js';
import { Interruption } from '../src/interruption.js';
import {
  aRequest,
  runNamed,
  serviceWithBlocks,
  taskNamed,
  type ServiceWithBlocks,
} from './service-with-blocks.js';

const shape = { version: 1, title: 'T', description: 'D' } as const;

describe('an attempt keeps its bounds', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let objects: FsObjectStore;
  let running: ServiceWithBlocks;
  let orchestrator: Server;
  let atOnce = 0;
  let mostAtOnce = 0;
  let begun = new Map<string, () => void>();
  const aborted: string[] = [];
  let away = false;
  let silent = false;
  const clock = new ManualClock(new Date());

  const hang = defineBlock({
    ...shape,
    type: 'hang',
    input: 'each',
    output: 'one',
    with: Type.Object({}),
    execute: (_task, { signal, task }) => {
      begun.get(task)?.();
      return new Promise((_resolve, reject) =>
        signal.addEventListener(
          'abort',
          () => {
            aborted.push(task);
            reject(new Error('aborted'));
          },
          { once: true },
        ),
      );
    },
  });
  let vendor = Promise.withResolvers<void>();
  const pay = defineBlock({
    ...shape,
    type: 'pay',
    input: 'each',
    output: 'one',
    with: Type.Object({ dies: Type.Optional(Type.Boolean()) }),
    execute: ({ with: { dies = false } }, { once }) =>
      once('pay', {}, async () => {
        await vendor.promise;
        const cost = { amount: 0.5, currency: 'USD' } as const;
        return {
          value: {},
          usage: { kind: 'model', provider: 'p', model: 'm', units: {}, cost, saved: false },
          // Nothing of it goes on from here.
          ...(dies ? { afterwards: () => Promise.withResolvers<void>().promise } : {}),
        };
      }),
  });
  const echo = defineBlock({
    ...shape,
    type: 'echo',
    input: 'each',
    output: 'one',
    with: Type.Object({ value: Type.Unknown() }),
    execute: async ({ with: { value }, payload }) => ({ value, seen: payload.blockResults }),
  });
  const count = defineBlock({
    ...shape,
    type: 'count',
    input: 'all',
    output: 'pick',
    with: Type.Object({}),
    execute: async (task, { notPicked }) => {
      const all = await task.payloads();
      notPicked([{ key: all[0]!.key, why: { reason: 'first' } }]);
      const lists = new Set(all.map(({ blockResults }) => blockResults['list']));
      const result = { count: all.length, last: all.at(-1)!.blockResults, lists: lists.size };
      return [{ key: all.at(-1)!.key, result }];
    },
  });
  const bounded = defineBlock({
    ...shape,
    type: 'bounded',
    input: 'each',
    output: 'one',
    pool: 3,
    with: Type.Object({}),
    execute: async () => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return {};
    },
  });

  const many = defineBlock({
    ...shape,
    type: 'many',
    input: 'each',
    output: 'many',
    with: Type.Object({}),
    execute: async () => Array.from({ length: 20_000 }, (_, i) => ({ id: `row-${i}`, result: { i } })),
  });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-blocks-'));
    objects = new FsObjectStore(folder);
    const list: Payload[] = Array.from({ length: 1234 }, (_, i) => ({
      key: `row=${i}`,
      blockResults: { row: { i } },
    }));
    const whole = { ref: await objects.put(Buffer.from('{"from":"a file"}'), 'application/json') };
    orchestrator = createServer((request, response) => {
      if (away) {
        away = false;
        response.writeHead(503).end();
        return;
      }
      if (silent) {
        silent = false;
        return;
      }
      const { searchParams } = new URL(request.url!, 'http://host');
      const from = Number(searchParams.get('from'));
      const limit = Number(searchParams.get('limit'));
      const next = from + limit < list.length ? { next: from + limit } : {};
      const payloads = list.slice(from, from + limit);
      // Their list is that of one fan-out: what it came of is told once a page, or by each of them.
      const told =
        searchParams.get('results') === 'shared'
          ? { payloads: payloads.map((one) => ({ ...one, sharedResults: { list: 0 } })), shared: [whole] }
          : {
              payloads: payloads.map((one) => ({
                ...one,
                blockResults: { ...one.blockResults, list: whole },
              })),
            };
      response.end(JSON.stringify({ ...told, ...next }));
    });
    await new Promise<void>((resolve) => orchestrator.listen(0, '127.0.0.1', resolve));
    running = await serviceWithBlocks([hang, pay, echo, count, bounded, many], {
      databaseUrl: database.url,
      objects,
      clock,
      orchestratorUrl: `http://127.0.0.1:${(orchestrator.address() as AddressInfo).port}`,
    });
  });

  afterAll(async () => {
    await running.stop();
    orchestrator.closeAllConnections();
    orchestrator.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('answers by a pointer where the list of its results is too large for an event', async () => {
    await running.request('many', { task: taskNamed('many') });

    const { answer, outputs } = (await running.answerTo(taskNamed('many'))).data as unknown as BlockCompleted;

    expect(outputs).toBeUndefined();
    const read = JSON.parse(Buffer.from(await objects.get(answer!)).toString()) as BlockAnswer;
    expect([read.outputs!.length, read.outputs!.at(-1)]).toEqual([
      20_000,
      { id: 'row-19999', result: { i: 19_999 } },
    ]);
  });

  it('gives up after its timeout, to be tried again', async () => {
    await running.request('hang', { task: taskNamed('slow'), timeoutMs: 20 });

    expect((await running.answerTo(taskNamed('slow'))).data).toMatchObject({
      error: { code: 'timeout', retryable: true },
    });
  });

  it('tells what its work is paid for after its time is over', async () => {
    const task = taskNamed('paid late');
    await running.request('pay', { task, timeoutMs: 1_000 });
    const { data } = await running.answerTo(task);
    const told = running.nextAnswerTo(task);

    vendor.resolve();

    expect(data).toMatchObject({ error: { code: 'timeout' } });
    expect(data).not.toHaveProperty('usage');
    expect(await told).toMatchObject({
      ...{ type: 'attempt-paid.v1', subject: runNamed('one') },
      data: { run: runNamed('one'), task, attempt: 1, usage: [{ cost: { amount: 0.5 }, saved: false }] },
    });
  });

  it('tells it in the moment in which the answer is stored, whatever becomes of the process right after', async () => {
    const task = taskNamed('paid late, then dead');
    vendor = Promise.withResolvers();
    await running.request('pay', { task, key: 'dead', timeoutMs: 1, with: { dies: true } });
    await running.answerTo(task);
    const told = running.nextAnswerTo(task);

    vendor.resolve();

    expect(await told).toMatchObject({ type: 'attempt-paid.v1', data: { task, usage: [{ saved: false }] } });
  });

  it('stops when its run is cancelled, and skips what still comes for that run', async () => {
    const run = runNamed('cancelled');
    const before = new Date(Date.now() - 1000);
    const started = new Promise<void>((resolve) => (begun = new Map([[taskNamed('in hand'), resolve]])));
    const inHand = running.request('hang', { run, task: taskNamed('in hand') });
    await started;

    await running.cancel(run);
    await running.request('echo', { run, task: taskNamed('under way'), with: { value: 1 } }, before);

    await inHand;
    expect((await running.answerTo(taskNamed('under way'))).data).toMatchObject({
      error: { code: 'cancelled', retryable: true },
    });
    expect((await running.answerTo(taskNamed('in hand'))).data).toMatchObject({
      run,
      error: { code: 'cancelled', retryable: true },
    });
  });

  it('stops the tasks that are named, and no other of their run', async () => {
    const run = runNamed('cancelled in part');
    const [named, other] = [taskNamed('named'), taskNamed('not named')];
    const started = [named, other].map(
      (task) => new Promise<void>((resolve) => begun.set(task, () => resolve())),
    );
    const inHand = [named, other].map((task) => running.request('hang', { run, task }));
    await Promise.all(started);

    await running.cancel(run, undefined, [named]);
    const first = await running.answerTo(named);
    const stopped = aborted.filter((task) => task === named || task === other);
    await running.cancel(run);
    await Promise.all(inHand);

    expect(first.data).toMatchObject({ task: named, error: { code: 'cancelled' } });
    expect(stopped).toEqual([named]);
  });

  it('says every half a minute that it lives', async () => {
    const task = taskNamed('long');
    const started = new Promise<void>((resolve) => begun.set(task, resolve));
    const inHand = running.request('hang', { run: runNamed('long'), task });
    await started;

    clock.advance(30_000);
    clock.advance(30_000);
    const signs = await running.signs.until(2);
    await running.cancel(runNamed('long'));
    await inHand;

    const sign = { run: runNamed('long'), task, attempt: 1, worker: expect.stringContaining('blocks@') };
    expect(signs).toMatchObject([sign, sign]);
  });

  it('goes on where the word of a cancellation is older than what it works on', async () => {
    const run = runNamed('retried');
    const before = new Date();
    const started = new Promise<void>((resolve) => (begun = new Map([[taskNamed('retried'), resolve]])));
    const asked = new Date(before.getTime() + 1000);
    const inHand = running.request('hang', { run, task: taskNamed('retried') }, asked);
    await started;

    await running.cancel(run, before);
    const untouched = running.answers.filter(({ subject }) => subject === run);
    await running.cancel(run, asked);

    await inHand;
    expect(untouched).toEqual([]);
    expect((await running.answerTo(taskNamed('retried'))).data).toMatchObject({
      error: { code: 'cancelled' },
    });
  });

  it('sends a large result by reference, and reads one that came so', async () => {
    const large = 'ñ'.repeat(200_000);

    await running.request('echo', { task: taskNamed('large'), with: { value: large } });

    const { outputs } = (await running.answerTo(taskNamed('large'))).data as unknown as {
      outputs: { ref: Parameters<FsObjectStore['get']>[0] }[];
    };
    const { ref } = outputs[0]!;
    expect(JSON.parse(Buffer.from(await objects.get(ref)).toString())).toEqual({ value: large, seen: {} });

    await running.request('echo', {
      task: taskNamed('from large'),
      with: { value: 'It begins with {{big.value}}' },
      unresolved: true,
      payload: {
        key: '',
        blockResults: { big: { ref: await objects.put(Buffer.from('{"value":"¡"}'), 'application/json') } },
      },
    });

    expect((await running.answerTo(taskNamed('from large'))).data).toMatchObject({
      outputs: [{ result: { value: 'It begins with ¡', seen: { big: { value: '¡' } } } }],
    });
  });

  it('says which object is not what was stored where a large value cannot be read', async () => {
    const ref = await objects.put(Buffer.from('{"value":"¡"}'), 'application/json');
    await objects.putNamed(ref.object, Buffer.from('{"value":"?"}'), 'application/json');

    await running.request('echo', {
      task: taskNamed('from false'),
      payload: { key: '', blockResults: { big: { ref } } },
    });

    const { data } = await running.answerTo(taskNamed('from false'));
    expect(data).toMatchObject({
      error: { code: 'object-corrupt', message: expect.stringContaining(ref.object), retryable: true },
    });
  });

  it('reads the list of an all block in pages, also where the orchestrator is away for a while', async () => {
    away = true;
    await running.request('count', {
      task: taskNamed('count'),
      payloads: { count: 1234, href: '/api/tasks/x/payloads' },
    });

    expect((await running.answerTo(taskNamed('count'))).data).toMatchObject({
      // One a page is in memory, not one a payload.
      picks: [
        {
          key: 'row=1233',
          result: { count: 1234, last: { row: { i: 1233 }, list: { from: 'a file' } }, lists: 3 },
        },
      ],
      notPicked: [{ key: 'row=0', why: { reason: 'first' } }],
    });
  });

  it('asks again for a page of the list, where an orchestrator has stopped that took the question', async () => {
    silent = true;
    await running.request('count', {
      task: taskNamed('count in vain'),
      payloads: { count: 1234, href: '/api/tasks/x/payloads' },
      timeoutMs: 10_000,
    });

    expect((await running.answerTo(taskNamed('count in vain'))).data).toMatchObject({
      picks: [{ key: 'row=1233', result: { count: 1234 } }],
    });
  });

  it('outlives a block that rejects after its run was cancelled', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    const abort = new Interruption();
    abort.abort(CANCELLED);
    const late = defineBlock({
      ...shape,
      type: 'late',
      input: 'each',
      output: 'one',
      with: Type.Object({}),
      execute: () => Promise.reject(new Error('aborted')),
    });

    const outcome = await attemptBlock(
      late,
      configurationCheck(late.manifest),
      aRequest('late', { task: taskNamed('late'), timeoutMs: 60_000 }, new Date()).event
        .data as BlockRequested,
      { objects } as Partial<AttemptParts> as AttemptParts,
      { begunAt: new Date(), abort, onProgress: () => undefined, onLateUsage: () => undefined },
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', onUnhandled);

    expect(outcome).toMatchObject({ error: { code: 'cancelled' } });
    expect(unhandled).toEqual([]);
  });

  it('does not begin what has waited in the queue past its deadline', async () => {
    const inMs = (ms: number): string => new Date(clock.now().getTime() + ms).toISOString();
    const asked = { with: { value: 1 }, payload: { key: '', blockResults: {} } };

    await running.request('echo', { ...asked, task: taskNamed('over'), deadlineAt: inMs(-1) });
    await running.request('echo', { ...asked, task: taskNamed('in time'), deadlineAt: inMs(60_000) });

    expect((await running.answerTo(taskNamed('over'))).data).toMatchObject({
      error: { code: 'deadline-exceeded', retryable: false },
    });
    expect((await running.answerTo(taskNamed('in time'))).data).toMatchObject({
      outputs: [{ result: { value: 1 } }],
    });
  });

  it('works on as many tasks at a time as its pool allows', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => running.request('bounded', { task: taskNamed(`bounded ${i}`) })),
    );

    expect(mostAtOnce).toBe(3);
  });
});
