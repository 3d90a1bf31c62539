import { LocalBus } from '@duofactory/messaging';
import { llmRunnerService } from '@duofactory/llm-runner';
import { orchestratorService } from '@duofactory/orchestrator';
import {
  FakeOpenAi,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../src/client/api.js';
import type { Run } from '../src/client/runs.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { publishOnceKnown } from './publish-once-known.js';

const SAMPLES = 64;
const PROMPT = {
  ...{ kind: 'prompt', id: 'line', model: { name: 'default', maxOutputTokens: 100 }, output: 'text' },
  steps: [{ type: 'user', text: 'Write a line.' }],
};
const WORKFLOW = {
  ...{ kind: 'workflow', id: 'lines' },
  blocks: [{ id: 'line', type: 'prompt', times: SAMPLES, with: { prompt: 'line' } }],
};

interface Account {
  readonly account: string;
  readonly spent: number;
  readonly leased: number;
}

describe('a budget holds a fan-out', () => {
  const database = useEmptyDatabase();
  const services: ServiceUnderTest[] = [];
  let fake: FakeOpenAi;
  let bus: LocalBus;
  let orchestrator: Api;
  let llmRunner: Api;

  const put = (amount: number): Promise<unknown> =>
    llmRunner.put('/api/budgets/spec', JSON.stringify({ per: 'run', amount }), 'application/json');
  const accountOf = async ({ id }: Run): Promise<Account | undefined> => {
    const { accounts } = await llmRunner.get<{ accounts: Account[] }>('/api/budgets/spec');
    return accounts.find(({ account }) => account === id);
  };

  beforeAll(async () => {
    fake = await FakeOpenAi.start();
    // A tenth of a cent, as much as it may come to.
    fake.answer = () => 'word '.repeat(100);
    bus = new LocalBus({ log: quietLog });
    const start = async (of: Parameters<typeof startForTest>[0], env = {}): Promise<ServiceUnderTest> => {
      const service = await startForTest(of, { bus, databaseUrl: database.url, env });
      services.push(service);
      return service;
    };
    orchestrator = new Api((await start(orchestratorService)).url);
    const env = {
      ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: 'gpt-5-mini' },
      ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
      DUOFACTORY_MODEL_PRICES: JSON.stringify({ 'gpt-5-mini': { input: 1, output: 10 } }),
    };
    llmRunner = new Api((await start(llmRunnerService, env)).url);
    await start(llmRunnerService, env);
    await bus.start();
    await llmRunner.post('/api/prompts/line/versions', { definition: PROMPT });
    await publishOnceKnown(services[0]!.url, WORKFLOW);
  });
  afterAll(async () => {
    await bus?.drain();
    await Promise.all(services.map((service) => service.stop()));
    await bus?.stop();
    await fake?.stop();
  });

  it('that two processes work on: it stops within its limit, says why, and ends once there is more', async () => {
    // Room for ten.
    const most = 0.0105;
    await put(most);
    const answering = Promise.withResolvers<void>();
    fake.until = answering.promise;
    const run = await startRun(orchestrator, { workflow: 'lines', inputs: {}, key: 'lines' });
    while (fake.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    answering.resolve();

    let paused: Run;
    do paused = await orchestrator.get<Run>(`/api/runs/${run.id}`);
    while (paused.status === 'running');
    // What was out when it paused comes to its end.
    let account: Account | undefined;
    do account = await accountOf(run);
    while (account?.leased !== 0);
    const paidBefore = fake.paid;
    await put(1);
    const ended = await waitForRun(orchestrator, run);

    expect(paused.status).toBe('paused');
    expect(paused.reason).toContain('Budget "spec"');
    expect(paidBefore).toBeGreaterThan(0);
    expect(account.spent).toBeLessThanOrEqual(most);
    expect([ended.status, ended.reason]).toEqual(['completed', null]);
    expect(fake.paid).toBe(SAMPLES);
    const { total } = await llmRunner.get<{ total: object }>(`/api/ledger?run=${run.id}`);
    expect(total).toMatchObject({ calls: SAMPLES, ambiguous: 0, unpriced: 0 });
  });
});
