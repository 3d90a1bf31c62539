import { LocalBus } from '@duofactory/messaging';
import { FakeOpenAi, quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt } from './library-of-spec.js';

const RUN = '00000000-0000-4000-8000-0000000000c1';

describe('limits over REST', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let fake: FakeOpenAi;
  let bus: LocalBus;
  let service: ServiceUnderTest;

  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.url}/api/${path}`, {
      ...{ method, headers: { 'content-type': 'application/json', ...headers } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
  };
  const definition = aPrompt({ id: 'asked', steps: [{ type: 'user', text: 'Say {{word}}.' }] });
  const ask = (word: string) =>
    send(
      ...(['POST', 'prompt-runs', { definition, variables: { word }, run: RUN, workflow: 'radio' }] as const),
      { 'idempotency-key': word },
    );

  beforeAll(async () => {
    fake = await FakeOpenAi.start();
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, {
      ...{ bus, databaseUrl: database.url },
      env: {
        ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: 'gpt-5-mini' },
        ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
        DUOFACTORY_MODEL_PRICES: JSON.stringify({ priced: { input: 1, output: 10 } }),
      },
    });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await fake.stop();
  });

  it('a budget is set, spent, reached with its reason, raised and taken away', async () => {
    const budget = (tokens: number) =>
      send('PUT', 'budgets/radio', { per: 'workflow', workflow: 'radio', tokens });
    const set = await budget(2000);
    const first = await ask('one');
    const lowered = await budget(8);
    const second = await ask('two');
    const { body: shown } = await send('GET', 'budgets/radio');
    const raised = await budget(100_000);
    const third = await ask('two');
    const gone = await send('DELETE', 'budgets/radio');

    expect([set.status, set.body]).toMatchObject([
      200,
      { id: 'radio', per: 'workflow', workflow: 'radio', run: null, amount: null, tokens: 2000 },
    ]);
    expect(first.status).toBe(200);
    expect([second.status, second.body]).toMatchObject([
      409,
      { code: 'budget-reached', hold: { id: 'budget/radio', epoch: lowered.body['epoch'] } },
    ]);
    expect(second.body['detail']).toMatch(/Budget "radio" \(workflow radio\).* 6 of 8 tokens spent/);
    expect(shown).toMatchObject({ accounts: [{ account: 'radio', tokens: 6, leased: 0, leasedTokens: 0 }] });
    expect(Number(raised.body['epoch'])).toBeGreaterThan(Number(set.body['epoch']));
    expect(third.status).toBe(200);
    expect(gone.status).toBe(204);
    expect((await send('GET', 'budgets')).body).toEqual({ budgets: [] });
    expect(fake.paid).toBe(2);
  });

  it('money for a model without a price is refused, and says what to do', async () => {
    await send('PUT', 'budgets/money', { per: 'run', amount: 5 });

    const { status, body } = await ask('unpriced');

    expect([status, body['code']]).toEqual([409, 'price-unknown']);
    expect(body['detail']).toContain('DUOFACTORY_MODEL_PRICES');
    await send('DELETE', 'budgets/money');
  });

  it('what a run will cost is unknown where the price is, and never nothing', async () => {
    for (const [id, name] of [
      ['cheap', 'priced'],
      ['unknown', 'default'],
    ] as const)
      await send('POST', `prompts/${id}/versions`, { definition: { ...aPrompt({ id }), model: { name } } });

    const blocks = ['cheap', 'unknown'].map((prompt) => ({ block: prompt, prompt }));
    const { status, body } = await send('POST', 'ledger/estimates', { workflow: 'new', blocks });

    expect(status).toBe(200);
    expect(body).toMatchObject({ total: { unknown: ['unknown'] } });
    const [cheap, unknown] = body['blocks'] as { cost: { mean: number } | null; tokens: number }[];
    expect(cheap!.cost!.mean).toBeGreaterThan(0);
    expect([unknown!.cost, unknown!.tokens > 0]).toEqual([null, true]);
  });

  it('what asks no model costs nothing, and nothing of it is unknown', async () => {
    const blocks = [{ block: 'ruled', asksModel: false }, { block: 'asked' }];
    const { status, body } = await send('POST', 'ledger/estimates', { workflow: 'new', blocks });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      blocks: [{ calls: 0, cost: { mean: 0, highest: 0 } }, { cost: null }],
      total: { mean: 0, unknown: ['asked'] },
    });
  });

  it('a rate is set, listed with what is used of it now, and taken away', async () => {
    const set = await send('PUT', 'rate-limits/gpt-5-mini', { requests: 600, tokens: 60_000 });
    await ask('rated');
    const { body } = await send('GET', 'rate-limits');
    const gone = await send('DELETE', 'rate-limits/gpt-5-mini');
    const again = await send('DELETE', 'rate-limits/gpt-5-mini');

    expect([set.status, set.body]).toEqual([200, { model: 'gpt-5-mini', requests: 600, tokens: 60_000 }]);
    expect(body['limits']).toEqual([set.body]);
    expect(body['states']).toMatchObject([{ model: 'gpt-5-mini', requestsNow: 600, tokensNow: 60_000 }]);
    expect(JSON.stringify(body)).not.toContain(fake.apiKey);
    expect([gone.status, again.status, again.body['code']]).toEqual([204, 404, 'unknown-rate-limit']);
  });

  it.each<['PUT' | 'DELETE', object | undefined]>([
    ['PUT', { requests: 6000 }],
    ['DELETE', undefined],
  ])(
    'a model that a vendor refuses for years is blocked for an hour at most, and %s ends it',
    async (method, body) => {
      fake.faults.push({
        ...{ status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Slower' },
        headers: { 'retry-after': '999999999', 'x-ratelimit-limit-requests': '99999999999' },
      });
      const refused = await ask(`refused ${method}`);
      const { body: listed } = await send('GET', 'rate-limits');
      const asked = ask(`blocked ${method}`);

      const ended = await send(method, 'rate-limits/gpt-5-mini', body);
      const answered = await asked;

      expect([refused.status, refused.body['code']]).toEqual([503, 'rate-limited']);
      const [state] = listed['states'] as { blockedUntil: string; requestsNow: number }[];
      const blockedMs = Date.parse(state!.blockedUntil) - Date.now();
      expect(blockedMs).toBeGreaterThan(3_000_000);
      expect(blockedMs).toBeLessThanOrEqual(3_600_000);
      // As many as a limit may say.
      expect(state!.requestsNow).toBeGreaterThan(1_000_000);
      expect(ended.status).toBe(method === 'PUT' ? 200 : 204);
      expect(answered.status).toBe(200);
      const { body: after } = await send('GET', 'rate-limits');
      expect(after['states']).toMatchObject([{ blockedUntil: null }]);
      if (method === 'PUT') await send('DELETE', 'rate-limits/gpt-5-mini');
    },
  );

  it.each<[string, string, object, number, string]>([
    ['PUT', 'budgets/Not Kebab', { per: 'day', amount: 1 }, 422, 'id'],
    ['PUT', 'budgets/empty', { per: 'day' }, 422, 'amount'],
    ['PUT', 'budgets/wrong', { per: 'year', amount: 1 }, 400, 'per'],
    ['PUT', 'budgets/wrong', { per: 'day', amount: -1 }, 400, 'amount'],
    ['PUT', 'budgets/wrong', { per: 'day', tokens: 1.5 }, 400, 'tokens'],
    ['PUT', 'budgets/wrong', { per: 'run', run: 'mine', amount: 1 }, 400, 'run'],
    ['PUT', 'budgets/wrong', { per: 'day', amount: 1, euros: 2 }, 400, 'euros'],
    ['PUT', 'rate-limits/m', {}, 422, 'requests'],
    ['PUT', 'rate-limits/m', { requests: 0 }, 400, 'requests'],
    ['PUT', 'rate-limits/m', { tokens: 2 ** 31 }, 400, 'tokens'],
    [
      'POST',
      'ledger/estimates',
      { workflow: 'w', blocks: [{ block: 'b', prompt: 'A b' }] },
      400,
      'blocks.0.prompt',
    ],
  ])('%s %s %j is refused by its field', async (method, path, body, status, field) => {
    const refused = await send(method, encodeURI(path), body);

    expect(refused.status).toBe(status);
    expect((refused.body['errors'] as { field: string }[]).map((one) => one.field)).toContain(field);
  });

  it('an unknown budget is named', async () => {
    for (const method of ['GET', 'DELETE'])
      expect(await send(method, 'budgets/none')).toMatchObject({
        status: 404,
        body: { code: 'unknown-budget' },
      });
  });
});
