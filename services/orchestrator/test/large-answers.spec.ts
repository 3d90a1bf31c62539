import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  runCompletedV1,
  type BlockRequested,
  type Ref,
  type RunCompleted,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import {
  anEvent,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

describe('an answer that is too large for an event', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const ends = new Map<string, (end: RunCompleted) => void>();
  const ended = new Map<string, RunCompleted>();
  let orchestrator: ServiceUnderTest;
  /** What the next answer points to. */
  let answer: Ref;

  const event = (type: string, data: unknown) => anEvent(data, { type });

  const runToItsEnd = async (): Promise<RunCompleted & { id: string }> => {
    const response = await fetch(`${orchestrator.url}/api/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'lesson' }),
    });
    const { id } = (await response.json()) as { id: string };
    const end = ended.get(id) ?? (await new Promise<RunCompleted>((resolve) => ends.set(id, resolve)));
    return { ...end, id };
  };

  beforeAll(async () => {
    await bus.ensureTopics([{ name: blockRequestedTopic('rows') }]);
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.subscribe({
      group: 'rows',
      topics: [blockRequestedTopic('rows')],
      each: async ({ data }) => {
        const { run, task, attempt } = data as BlockRequested;
        const completed = event(blockCompletedV1.type, { run, task, attempt, answer });
        await bus.publish([{ topic: blockCompletedV1.topic, key: run, event: completed }]);
      },
    });
    await bus.subscribe({
      group: 'ends',
      topics: [runCompletedV1.topic],
      each: async ({ type, data }) => {
        if (type !== runCompletedV1.type) return;
        const end = data as RunCompleted;
        ended.set(end.run, end);
        ends.get(end.run)?.(end);
      },
    });
    await bus.start();
    const manifest = {
      ...{ type: 'rows', version: 1, title: 'Rows', description: 'Rows' },
      ...{ input: 'each', output: 'many', with: { type: 'object' } },
    };
    const announced = event(blockTypeRegisteredV1.type, { service: 'test', manifest });
    await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: 'rows', event: announced }]);
    const block = { id: 'rows', type: 'rows', needs: [], retry: { attempts: 2, base: '1ms' } };
    const definition = { kind: 'workflow', id: 'lesson', blocks: [block] };
    let response: Response;
    do {
      response = await fetch(`${orchestrator.url}/api/workflows/lesson/versions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ definition }),
      });
    } while (!response.ok);
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  const stored = (value: unknown): Promise<Ref> =>
    orchestrator.objects.put(Buffer.from(JSON.stringify(value)), 'application/json');

  it('is read from the object store', async () => {
    const outputs = Array.from({ length: 20_000 }, (_, i) => ({ id: `row-${i}`, result: { i } }));
    answer = await stored({ outputs });

    const { id, status } = await runToItsEnd();

    expect(status).toBe('completed');
    const results = await fetch(`${orchestrator.url}/api/runs/${id}/results?limit=2`);
    expect(await results.json()).toMatchObject({ payloads: [{ key: 'rows=row-0' }, { key: 'rows=row-1' }] });
    const run = await fetch(`${orchestrator.url}/api/runs/${id}`);
    expect(await run.json()).toMatchObject({ blocks: [{ good: 20_000 }] });
  });

  it('that is not there fails its attempt, and is asked for again', async () => {
    answer = { ...(await stored({ outputs: [] })), object: `sha256/00/${'0'.repeat(64)}` };

    const { reason } = await runToItsEnd();

    expect(reason).toContain('answer-missing');
  });

  it('that is no answer fails its task', async () => {
    answer = await stored({ outputs: 'none' });

    const { reason } = await runToItsEnd();

    expect(reason).toContain('invalid-answer');
  });
});
