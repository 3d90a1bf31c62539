import {
  attemptPaidV1,
  blockRequestedTopic,
  blockRequestedV1,
  uuidFrom,
  type AttemptPaid,
  type BlockRequested,
  type CloudEvent,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { FakeOpenAi, quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt } from './library-of-spec.js';

describe('a call that was sent is finished', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let fake: FakeOpenAi;
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let heard: (event: CloudEvent) => void = () => undefined;
  let answered: (event: CloudEvent) => void = () => undefined;
  const definition = aPrompt({ id: 'asked', steps: [{ type: 'user', text: 'Say {{word}}.' }] });

  const ask = (key: string, of: { signal?: AbortSignal; accept?: string } = {}): Promise<Response> =>
    fetch(`${service.url}/api/prompt-runs`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'idempotency-key': key },
        ...(of.accept === undefined ? {} : { accept: of.accept }),
      },
      body: JSON.stringify({ definition, variables: { word: key }, partial: false }),
      ...(of.signal === undefined ? {} : { signal: of.signal }),
    });
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${service.url}${path}`)).json() as Promise<T>;

  beforeAll(async () => {
    fake = await FakeOpenAi.start();
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, {
      ...{ bus, databaseUrl: database.url },
      env: {
        ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: 'gpt-5-mini' },
        DUOFACTORY_MODEL_PRICES: JSON.stringify({ 'gpt-5-mini': { input: 1, output: 10 } }),
        ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
      },
    });
    await bus.subscribe({
      group: 'spec',
      topics: [attemptPaidV1.topic],
      each: async (event) => (event.type === attemptPaidV1.type ? heard(event) : answered(event)),
    });
    await bus.start();
  });
  beforeEach(() => {
    fake.paid = 0;
    fake.calls.length = 0;
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await fake.stop();
  });

  it('though whoever asked is gone, and its answer is there for who asks again', async () => {
    let answerNow = (): void => undefined;
    fake.until = new Promise<void>((resolve) => (answerNow = resolve));
    const gone = new AbortController();
    const first = ask('gone', { signal: gone.signal });
    first.catch(() => undefined);
    while (fake.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));

    gone.abort();
    await expect(first).rejects.toThrow();
    // One more round trip: by now the service knows that nobody listens.
    const open = await get<{ calls: { state: string }[] }>('/api/ledger/calls?state=pending');
    answerNow();
    const again = (await (await ask('gone')).json()) as { value: unknown };

    expect(open.calls).toHaveLength(1);
    expect(again.value).toEqual({ text: 'You said: Say gone.' });
    expect([fake.paid, fake.calls.length]).toEqual([1, 1]);
    expect(await get('/api/ledger/calls?state=interrupted')).toMatchObject({ calls: [] });
  });

  it.each([
    ['nobody waits for its answer', 'gone'],
    ['its answer is of no use', 'useless'],
  ] as const)('and the run that it was asked for is told what it cost where %s', async (_, why) => {
    const told = new Promise<CloudEvent>((resolve) => (heard = resolve));
    const [run, task] = [uuidFrom('run', why), uuidFrom('task', why)];
    let answerNow = (): void => undefined;
    fake.until = new Promise<void>((resolve) => (answerNow = resolve));
    const gone = new AbortController();
    const schema = {
      type: 'object',
      properties: { word: { type: 'string', pattern: '^never said$' } },
      required: ['word'],
      additionalProperties: false,
    };
    const asked = fetch(`${service.url}/api/prompt-runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `told ${why}` },
      body: JSON.stringify({
        definition: why === 'gone' ? definition : { ...definition, output: { schema } },
        ...{ variables: { word: why }, run, task, attempt: 2, workflow: 'w', block: 'b' },
      }),
      signal: gone.signal,
    });
    asked.catch(() => undefined);
    while (fake.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));

    if (why === 'gone') {
      gone.abort();
      await expect(asked).rejects.toThrow();
      await get('/api/ledger/calls?state=pending');
    }
    answerNow();
    fake.until = Promise.resolve();

    const { type, data } = await told;
    const { usage, ...of } = data as AttemptPaid;
    expect([type, of]).toEqual(['attempt-paid.v1', { run, task, attempt: 2 }]);
    // An answer and its repair.
    expect(usage).toHaveLength(why === 'gone' ? 1 : 2);
    const paid = usage.reduce((sum, { cost }) => sum + cost!.amount, 0);
    const { total } = await get<{ total: { cost: number } }>(`/api/ledger?by=run&run=${run}`);
    expect(total.cost).toBeCloseTo(paid, 9);
    expect(paid).toBeGreaterThan(0);
  });

  it('after the timeout of the attempt that sent it, too: the next one reads its answer', async () => {
    const published = await fetch(`${service.url}/api/prompts/asked/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ definition }),
    });
    expect(published.status).toBe(201);
    const [run, task] = [uuidFrom('run', 'late'), uuidFrom('task', 'late')];
    const asked: BlockRequested = {
      ...{
        run,
        task,
        attempt: 1,
        block: 'say',
        type: 'prompt',
        typeVersion: 1,
        key: '',
        sample: 1,
        lineage: run,
      },
      ...{ with: { prompt: 'asked@1', inputs: { word: 'late' } }, payload: { key: '', blockResults: {} } },
      timeoutMs: 50,
    };
    const request = (of: Partial<BlockRequested>): Promise<CloudEvent> => {
      const answer = new Promise<CloudEvent>((resolve) => (answered = resolve));
      const data = { ...asked, ...of };
      const event = {
        ...{ id: uuidFrom(task, data.attempt), source: '/spec', type: blockRequestedV1.type },
        ...{ time: new Date().toISOString(), subject: run, data },
      };
      void bus.publish([{ topic: blockRequestedTopic('prompt'), key: run, event }]);
      return answer;
    };
    const told = new Promise<CloudEvent>((resolve) => (heard = resolve));
    let answerNow = (): void => undefined;
    fake.until = new Promise<void>((resolve) => (answerNow = resolve));

    const first = await request({});
    const second = request({ attempt: 2, timeoutMs: 60_000 });
    answerNow();

    expect(first.data).toMatchObject({ attempt: 1, error: { code: 'timeout' } });
    expect(first.data).not.toHaveProperty('usage');
    expect((await second).data).toMatchObject({
      ...{ attempt: 2, outputs: [{ result: { text: 'You said: Say late.' } }] },
      usage: [{ saved: false, again: true }],
    });
    expect((await told).data).toMatchObject({ run, task, attempt: 1, usage: [{ saved: false }] });
    expect([fake.paid, fake.calls.length]).toEqual([1, 1]);
    expect(await get('/api/ledger/calls?state=interrupted')).toMatchObject({ calls: [] });
  });

  it('and one that waits for its turn is not sent when nobody waits any more', async () => {
    const limited = await fetch(`${service.url}/api/rate-limits/gpt-5-mini`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requests: 1 }),
    });
    expect(limited.ok).toBe(true);
    const queued = async (count: number): Promise<void> => {
      const text = 'select count(*)::int as count from rate_waiters where not granted';
      for (let waiting = -1; waiting !== count;)
        waiting = (await database.current.query<{ count: number }>({ text })).rows[0]!.count;
    };
    // The one request that there is goes to the first.
    await ask('first');
    const gone = new AbortController();
    const response = await ask('queued', { signal: gone.signal, accept: 'text/event-stream' });
    const events = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const told = String((await events.next()).value);
    await queued(1);

    gone.abort();
    await queued(0);

    expect(told).toBe('event: waiting\ndata: {}\n\n');
    expect(fake.calls.map(({ text }) => text)).toEqual(['Say first.']);
    await fetch(`${service.url}/api/rate-limits/gpt-5-mini`, { method: 'DELETE' });
  });

  it('with the word of the vendor when to come again, where it refuses', async () => {
    fake.faults.push('rate-limit');

    const refused = await ask('refused');

    expect([refused.status, await refused.json()]).toMatchObject([
      503,
      { code: 'rate-limited', afterMs: 1500 },
    ]);
  });
});
