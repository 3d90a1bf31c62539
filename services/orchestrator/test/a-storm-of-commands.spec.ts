import {
  blockCompletedV1,
  blockFailedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  uuidFrom,
  type BlockRequested,
  type CloudEvent,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Plans } from '../src/app/advance/plans.js';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { brokenInvariants } from '../src/scenarios/broken-invariants.js';
import { randomFrom } from '../src/scenarios/random.js';

const MANY = 3000;
const COMMANDS = 200;
/** People who give commands at the same time. */
const PEOPLE = 4;
/** Each is given for several reruns: all but the first find the run that it made. */
const RERUN_KEYS = 3;
const HANGS_AFTER_MS = 10 * 60_000;

const TYPES = [
  { type: 'rows', output: 'many' },
  { type: 'map' },
  { type: 'pick', input: 'all', output: 'pick' },
  { type: 'collect', input: 'all' },
];
const WORK = { type: 'map', with: { text: '{{rows.i}}' }, retry: { attempts: 3, base: '1ms', cap: '1ms' } };
const WORKFLOWS = {
  'fan-out': [
    { id: 'rows', type: 'rows', needs: [] },
    { id: 'work', ...WORK },
    { id: 'sheet', type: 'collect' },
  ],
  'select-below-a-split': [
    { id: 'course', type: 'map', needs: [] },
    { id: 'rows', type: 'rows' },
    { id: 'work', ...WORK },
    { id: 'best', type: 'pick', per: 'course' },
    { id: 'title', type: 'map', with: { text: '{{work.text}}' } },
  ],
};

describe('two hundred commands at a run of thousands', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  const event = (type: string, data: unknown, id: string): CloudEvent => {
    return { id, source: '/test/service', type, time: new Date().toISOString(), data };
  };

  const payloadsOf = async ({ payloads }: BlockRequested): Promise<{ key: string }[]> => {
    const all: { key: string }[] = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const response = await fetch(`${orchestrator.url}${payloads!.href}?from=${from}&results=shared`);
      if (!response.ok) return [];
      const page = (await response.json()) as { payloads: { key: string }[]; next?: number };
      all.push(...page.payloads);
      from = page.payloads.length === 0 ? undefined : page.next;
    }
    return all;
  };

  const outcomeOf = async (request: BlockRequested): Promise<Record<string, unknown>> => {
    if (request.type === 'rows') {
      const outputs = Array.from({ length: MANY }, (_, i) => ({ id: `r${i}`, result: { i } }));
      return { outputs };
    }
    if (request.type === 'map')
      return { outputs: [{ result: { text: `On ${String(request.with['text'])}` } }] };
    const payloads = await payloadsOf(request);
    if (request.type === 'collect')
      return { outputs: [{ result: { of: payloads.length, last: payloads.at(-1)?.key } }] };
    return { picks: payloads.slice(-3).map(({ key }, n) => ({ key, result: { rank: n + 1 } })) };
  };

  /** One in a hundred fails at first, and is tried again. */
  const answers = async (requests: readonly BlockRequested[]): Promise<void> => {
    const messages = await Promise.all(
      requests.map(async (request) => {
        const { run, task, attempt, key } = request;
        const fails = request.block === 'work' && attempt === 1 && key.endsWith('00');
        const contract = fails ? blockFailedV1 : blockCompletedV1;
        const outcome = fails
          ? { error: { code: 'down', message: 'It is down', retryable: true } }
          : await outcomeOf(request);
        const data = { run, task, attempt, ...outcome };
        return {
          topic: contract.topic,
          key: run,
          event: event(contract.type, data, uuidFrom(task, attempt)),
        };
      }),
    );
    await bus.publish(messages);
  };

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    for (const { type } of TYPES) {
      await bus.subscribe({
        group: `test.${type}`,
        topics: [blockRequestedTopic(type)],
        // Answering waits for the orchestrator, which publishes the next requests: not a thing to wait for here.
        batch: (events) => {
          void answers(events.map(({ data }) => data as BlockRequested));
          return Promise.resolve();
        },
      });
    }
    await bus.start();
    for (const one of TYPES) {
      const manifest = {
        version: 1,
        title: one.type,
        description: one.type,
        input: 'each',
        output: 'one',
        with: { type: 'object' },
        ...one,
      };
      const registered = event(blockTypeRegisteredV1.type, { service: 'test', manifest }, one.type);
      await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: one.type, event: registered }]);
    }
    for (const [id, blocks] of Object.entries(WORKFLOWS))
      await post(`/api/workflows/${id}/versions`, { definition: { kind: 'workflow', id, blocks } });
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${orchestrator.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  const statusOf = async (run: string): Promise<string> =>
    ((await (await fetch(`${orchestrator.url}/api/runs/${run}`)).json()) as { status: string }).status;

  const started = async (workflow: string): Promise<string> =>
    ((await (await post('/api/runs', { workflow, inputs: {} })).json()) as { id: string }).id;

  /** Takes back what stopped it, until it has completed. */
  const completed = (run: string): Promise<void> =>
    until(async () => {
      const status = await statusOf(run);
      if (status === 'paused') await post(`/api/runs/${run}/resume`);
      if (status === 'cancelled') await post(`/api/runs/${run}/retry`);
      return status === 'completed';
    });

  const resultsOf = async (run: string): Promise<unknown[]> => {
    const text = 'SELECT block, key, ord, state, value FROM results WHERE run = $1 ORDER BY block, ord, key';
    return (await database.current.query({ text, values: [run] })).rows;
  };

  it.each(Object.keys(WORKFLOWS))(
    'leave a %s with the results of one that nobody disturbed, and so are its reruns',
    async (workflow) => {
      const undisturbed = await started(workflow);
      await completed(undisturbed);
      const expected = await resultsOf(undisturbed);
      const run = await started(workflow);
      const random = randomFrom(7);
      const answered = new Map<number, number>();
      const reruns = new Map<string, Set<string>>();
      let given = 0;
      const give = async (): Promise<void> => {
        while (given < COMMANDS) {
          const nth = given++;
          const command = ['pause', 'resume', 'resume', 'cancel', 'retry', 'retry', 'reruns'][
            Math.floor(random() * 7)
          ]!;
          const key = `again-${nth % RERUN_KEYS}`;
          const headers: Record<string, string> = command === 'reruns' ? { 'idempotency-key': key } : {};
          const response = await post(`/api/runs/${run}/${command}`, {}, headers);
          answered.set(response.status, (answered.get(response.status) ?? 0) + 1);
          const { id } = (await response.json()) as { id?: string };
          if (command === 'reruns' && response.ok) reruns.set(key, (reruns.get(key) ?? new Set()).add(id!));
        }
      };

      await Promise.all(Array.from({ length: PEOPLE }, give));
      const ofReruns = [...reruns.values()].flatMap((ids) => [...ids]);
      for (const one of [run, ...ofReruns]) await completed(one);

      expect([...answered.keys()].filter((status) => status >= 500)).toEqual([]);
      for (const ids of reruns.values()) expect(ids.size).toBe(1);
      const { plan } = await new Plans().of(database.current, workflow, 1);
      for (const one of [run, ...ofReruns]) {
        expect(await resultsOf(one)).toEqual(expected);
        expect(
          (await brokenInvariants(database.current, plan, one)).filter((name) => !name.startsWith('11 ')),
        ).toEqual([]);
      }
    },
    HANGS_AFTER_MS,
  );
});
