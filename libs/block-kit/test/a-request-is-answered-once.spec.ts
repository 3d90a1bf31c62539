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
  const rows = defineBlock({
    ...shape,
    type: 'rows',
    output: 'many',
    with: Type.Object({}),
    execute: async () => [{ id: 'a', result: { n: 1 } }, { result: { n: 2 } }],
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
    (running = await serviceWithBlocks([greet, rows, broken], { databaseUrl: database.url }));

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
    await first.answerTo(task);
    await first.request('greet', { task, with: { name: 'Ana' } }, asked);
    const answered = first.answers.filter(({ data }) => (data as { task: string }).task === task);
    await first.stop();
    executed = [];

    const next = await start();
    await next.request('greet', { task, with: { name: 'Ana' } }, asked);

    expect(answered).toHaveLength(1);
    expect(executed).toEqual([]);
    expect(next.answers).toEqual([]);
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

  it('stores the answer and its event together: a crash between commit and publish loses neither', async () => {
    const { request, answerTo, stop } = await start();
    await request('greet', { task: taskNamed('stored'), with: { name: 'Ana' } });
    await answerTo(taskNamed('stored'));
    await stop();
    running = undefined;
    // As after a kill -9 right after the commit: the row is there, its event was not sent.
    const raw = await Database.open({ url: database.url, schema: 'blocks', migrations: [] });
    const message = {
      topic: 'duofactory.block-completed',
      key: 'k',
      event: {
        id: 'e',
        source: '/s',
        type: 'block-completed.v1',
        time: new Date().toISOString(),
        data: { task: 'left' },
      },
    };
    await raw.query({
      text: `insert into outbox (id, topic, messages, created_at, due_at) values (gen_random_uuid(), $1, $2, now(), now())`,
      values: [message.topic, JSON.stringify([message])],
    });
    await raw.close();

    const next = await start();

    expect((await next.answerTo('left')).id).toBe('e');
  });
});
