import type { Usage } from '@duofactory/contracts';
import { Database } from '@duofactory/platform';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { BlockFailure, defineBlock } from '../src/index.js';
import { serviceWithBlocks, taskNamed, type ServiceWithBlocks } from './service-with-blocks.js';

const shape = { version: 1, title: 'T', description: 'D', input: 'each' } as const;

describe('a request is answered once', () => {
  const database = useEmptyDatabase();
  let running: ServiceWithBlocks | undefined;
  let executed: string[] = [];
  let calls = 0;
  let onHeld = (): void => undefined;
  let release = (): void => undefined;

  const greet = defineBlock({
    ...shape,
    type: 'greet',
    output: 'one',
    with: Type.Object(
      { name: Type.String({ minLength: 1 }), mark: Type.String({ default: '!' }) },
      { additionalProperties: false },
    ),
    execute: async ({ with: { name, mark } }, { task }) => {
      executed.push(task);
      return { text: `Hola ${name}${mark}` };
    },
  });
  const paid: Usage = {
    ledger: 'call',
    kind: 'model',
    provider: 'test',
    model: 'test',
    units: {},
    cost: { amount: 0.5, currency: 'USD' },
    saved: false,
  };
  const dear = defineBlock({
    ...shape,
    type: 'dear',
    output: 'one',
    with: Type.Object({}),
    execute: async (_task, { once }) => {
      return { calls: await once('call', {}, async () => ({ value: ++calls, usage: paid })) };
    },
  });
  const held = defineBlock({
    ...shape,
    type: 'held',
    output: 'one',
    with: Type.Object({}),
    execute: async (_task, { task }) => {
      executed.push(task);
      const released = new Promise<void>((resolve) => (release = resolve));
      onHeld();
      await released;
      return { text: 'late' };
    },
  });
  const rows = defineBlock({
    ...shape,
    type: 'rows',
    output: 'many',
    with: Type.Object({}),
    execute: async () => [{ id: 'a', result: { n: 1 } }, { result: { n: 2 } }],
  });
  const broken = defineBlock({
    ...shape,
    type: 'broken',
    output: 'one',
    with: Type.Object({ code: Type.Optional(Type.String()) }),
    execute: async ({ with: { code } }, { usage }) => {
      usage(paid);
      if (code) throw new BlockFailure(code, 'The vendor wants a pause', { retryable: true, afterMs: 3000 });
      throw new TypeError('undefined is not a function');
    },
  });

  const start = async (): Promise<ServiceWithBlocks> =>
    (running = await serviceWithBlocks([greet, dear, held, rows, broken], { databaseUrl: database.url }));

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    executed = [];
  });

  it('announces its types, works on a request and answers with an event', async () => {
    const { request, answerTo, announced } = await start();

    await request('greet', { task: taskNamed('greet'), with: { name: 'Ana' } });

    expect(await answerTo(taskNamed('greet'))).toMatchObject({
      type: 'block-completed.v1',
      source: '/duofactory/blocks',
      data: { task: taskNamed('greet'), attempt: 1, outputs: [{ result: { text: 'Hola Ana!' } }] },
    });
    expect(announced.map(({ data }) => (data as { manifest: { type: string } }).manifest.type)).toEqual([
      'greet',
      'dear',
      'held',
      'rows',
      'broken',
    ]);
  });

  it('gives many outputs with their ids', async () => {
    const { request, answerTo } = await start();

    await request('rows', { task: taskNamed('rows') });

    expect((await answerTo(taskNamed('rows'))).data).toMatchObject({
      outputs: [{ id: 'a', result: { n: 1 } }, { result: { n: 2 } }],
    });
  });

  it('answers once what comes twice, and does not work again on what an earlier process answered', async () => {
    const task = taskNamed('again');
    const asked = new Date();
    const first = await start();
    await first.request('greet', { task, with: { name: 'Ana' } }, asked);
    await first.request('greet', { task, with: { name: 'Ana' } }, asked);
    const answered = first.answers.filter(({ data }) => (data as { task: string }).task === task);
    await first.stop();

    const next = await start();
    await next.request('greet', { task, with: { name: 'Ana' } }, asked);

    expect(answered).toHaveLength(1);
    expect(executed).toEqual([task]);
    expect(next.answers).toEqual([]);
  });

  it('works again on what a killed process answered last, pays nothing for it, and answers by the same id', async () => {
    const task = taskNamed('killed');
    const asked = new Date();
    const first = await start();
    await first.request('dear', { task }, asked);
    const { id } = await first.answerTo(task);
    await first.stop();
    // As after a kill -9 right after the answer: it was not noted yet.
    const raw = await Database.open({ url: database.url, schema: 'blocks', migrations: [] });
    await raw.query({ text: 'delete from outcomes where task = $1', values: [task] });
    await raw.close();

    const next = await start();
    await next.request('dear', { task }, asked);

    expect(await next.answerTo(task)).toMatchObject({
      id,
      data: { outputs: [{ result: { calls: 1 } }], usage: [{ saved: false, again: true }] },
    });
    expect(calls).toBe(1);
  });

  it('works on the next attempt of the same task', async () => {
    const { request, answerTo, answers } = await start();
    const task = taskNamed('attempts');

    await request('greet', { task, attempt: 1, with: { name: 'Ana' } });
    await answerTo(task);
    await request('greet', { task, attempt: 2, with: { name: 'Ana' } });

    expect(executed.filter((one) => one === task)).toHaveLength(2);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(answers.length);
  });

  it('refuses a configuration that does not fit, naming the fields', async () => {
    const { request, answerTo } = await start();

    await request('greet', { task: taskNamed('bad'), with: { name: '', nmae: 'x' } });

    expect(await answerTo(taskNamed('bad'))).toMatchObject({
      type: 'block-failed.v1',
      data: {
        error: {
          code: 'invalid-with',
          retryable: false,
          message:
            'The configuration of this greet block does not fit: with.nmae: There is no field "nmae" here (did you mean "name"?); with.name: It must not be empty',
        },
      },
    });
    expect(executed).toEqual([]);
  });

  it('tells failures as the block classified them, others as retryable, and what they cost', async () => {
    const { request, answerTo } = await start();

    await request('broken', { task: taskNamed('busy'), with: { code: 'rate-limited' } });
    await request('broken', { task: taskNamed('bug') });

    expect((await answerTo(taskNamed('busy'))).data).toMatchObject({
      error: { code: 'rate-limited', retryable: true, afterMs: 3000 },
      usage: [paid],
    });
    expect((await answerTo(taskNamed('bug'))).data).toMatchObject({
      error: { code: 'internal-error', retryable: true },
      usage: [paid],
    });
  });

  it('keeps an answer that the bus no longer takes in the outbox, and works on its request no more', async () => {
    const task = taskNamed('kept');
    const { request, answers, stop } = await start();
    const begun = new Promise<void>((resolve) => (onHeld = resolve));
    const asked = request('held', { task });
    await begun;

    const stopped = stop();
    release();
    await Promise.all([asked, stopped]);
    running = undefined;
    expect(answers).toEqual([]);

    const next = await start();
    expect(await next.answerTo(task)).toMatchObject({
      type: 'block-completed.v1',
      data: { task, outputs: [{ result: { text: 'late' } }] },
    });
    expect(executed).toEqual([task]);
  });
});
