import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  runCompletedV1,
  runRequestedV1,
  uuidFrom,
  type BlockRequested,
  type CloudEvent,
  type RunCompleted,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { orchestratorService } from '../src/orchestrator.module.js';

/** import (2 rows) -> script x2 -> select per import -> title */
const definition = {
  kind: 'workflow',
  id: 'tiny',
  inputs: { course: { type: 'string' } },
  blocks: [
    { id: 'rows', type: 'rows', needs: [], with: { course: '{{course}}' } },
    { id: 'script', type: 'gen', times: 2, with: { about: '{{rows.name}} of {{course}}' } },
    { id: 'best', type: 'pick', per: 'rows' },
    { id: 'title', type: 'map', with: { text: '{{script.text}}' } },
  ],
};

const types = [
  { type: 'rows', input: 'each', output: 'many' },
  { type: 'gen', input: 'each', output: 'one', samples: true },
  { type: 'pick', input: 'all', output: 'pick' },
  { type: 'map', input: 'each', output: 'one' },
];

describe('a run over REST', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const ended = new Map<string, (event: RunCompleted) => void>();
  let orchestrator: { url: string; stop(): Promise<void> };

  const event = (type: string, data: unknown, id: string): CloudEvent => ({
    id,
    source: '/test/service',
    type,
    time: new Date().toISOString(),
    data,
  });

  /** A service of another team: it answers requests by type. */
  const answer = async (request: BlockRequested): Promise<void> => {
    const { run, task, attempt } = request;
    let outcome: Record<string, unknown>;
    if (request.type === 'rows') {
      outcome = { outputs: ['a', 'b'].map((id) => ({ id, result: { name: id } })) };
    } else if (request.type === 'gen') {
      outcome = { outputs: [{ result: { text: `${String(request.with['about'])} ${request.sample}` } }] };
    } else if (request.type === 'pick') {
      const page = (await (await fetch(`${orchestrator.url}${request.payloads!.href}`)).json()) as {
        payloads: { key: string }[];
      };
      outcome = { picks: [{ key: page.payloads.at(-1)!.key, result: { rank: 1 } }] };
    } else {
      outcome = { outputs: [{ result: { text: `On ${String(request.with['text'])}` } }] };
    }
    const data = { run, task, attempt, ...outcome };
    const completed = event(blockCompletedV1.type, data, uuidFrom(task, attempt));
    await bus.publish([{ topic: blockCompletedV1.topic, key: run, event: completed }]);
  };

  let holding: ((request: BlockRequested) => void | Promise<void>) | undefined;

  /** Keeps requests unanswered until released. */
  const holdAnswers = (): { requests: (count: number) => Promise<BlockRequested[]>; release: () => void } => {
    const kept: BlockRequested[] = [];
    let look = (): void => undefined;
    holding = (request) => {
      kept.push(request);
      look();
    };
    return {
      requests: (count) =>
        new Promise((resolve) => {
          look = () => {
            if (kept.length >= count) resolve(kept);
          };
          look();
        }),
      release: () => {
        holding = undefined;
      },
    };
  };

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    for (const { type } of types) {
      await bus.subscribe({
        group: `test.${type}`,
        topics: [blockRequestedTopic(type)],
        // Answering waits for the orchestrator, which publishes the next request: not a thing to wait for here.
        each: ({ data }) => {
          if (holding) void holding(data as BlockRequested);
          else void answer(data as BlockRequested);
          return Promise.resolve();
        },
      });
    }
    await bus.subscribe({
      group: 'test.runs',
      topics: [runCompletedV1.topic],
      each: ({ type, data }) => {
        if (type === runCompletedV1.type) ended.get((data as RunCompleted).workflow)?.(data as RunCompleted);
        return Promise.resolve();
      },
    });
    await bus.start();
    for (const one of types) {
      const manifest = {
        version: 1,
        title: one.type,
        description: one.type,
        with: { type: 'object' },
        ...one,
      };
      const registered = event(blockTypeRegisteredV1.type, { service: 'test', manifest }, one.type);
      await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: one.type, event: registered }]);
    }
    await post('/api/workflows/tiny/versions', { definition });
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${orchestrator.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  const untilEnded = (): Promise<RunCompleted> => new Promise((resolve) => ended.set('tiny', resolve));

  it('goes from start to its results', async () => {
    const end = untilEnded();
    const started = await post('/api/runs', { workflow: 'tiny', inputs: { course: 'en-es' } });
    const { status, run } = await end;

    expect(started.status).toBe(201);
    expect(status).toBe('completed');
    const results = await (await fetch(`${orchestrator.url}/api/runs/${run}/results`)).json();
    expect(results).toMatchObject({
      block: 'title',
      payloads: [
        { key: 'rows=a/script=2', blockResults: { title: { text: 'On a of en-es 2' }, best: { rank: 1 } } },
        { key: 'rows=b/script=2', blockResults: { title: { text: 'On b of en-es 2' } } },
      ],
    });
  });

  it('refuses what cannot be read or stored as the caller’s fault, not as its own', async () => {
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const body = `{"workflow":"tiny","inputs":{"course":${nested}}}`;
    const headers = { 'content-type': 'application/json' };
    const deep = await fetch(`${orchestrator.url}/api/runs`, { method: 'POST', headers, body });
    const version = await fetch(`${orchestrator.url}/api/workflows/tiny/versions/3000000000`);

    expect([deep.status, await deep.json()]).toEqual([400, expect.objectContaining({ code: 'too-deep' })]);
    expect([version.status, await version.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'unknown-workflow' }),
    ]);
  });

  it('finds the same run for the same Idempotency-Key, and refuses it for another request', async () => {
    const end = untilEnded();
    const headers = { 'idempotency-key': 'once' };
    const first = await post('/api/runs', { workflow: 'tiny', inputs: { course: 'x' } }, headers);
    await end;
    const second = await post('/api/runs', { workflow: 'tiny', inputs: { course: 'x' } }, headers);
    const other = await post('/api/runs', { workflow: 'tiny', inputs: { course: 'y' } }, headers);

    expect([first.status, second.status, other.status]).toEqual([201, 200, 409]);
    expect(((await second.json()) as { id: string }).id).toBe(((await first.json()) as { id: string }).id);
  });

  it('starts one run for one event of another service, however often it comes', async () => {
    const end = untilEnded();
    const requested = event(runRequestedV1.type, { workflow: 'tiny', inputs: { course: 'z' } }, 'wish');
    const message = { topic: runRequestedV1.topic, key: 'wish', event: requested };
    await bus.publish([message]);
    const { run } = await end;
    await bus.publish([message]);

    const { runs } = (await (await fetch(`${orchestrator.url}/api/runs?limit=200`)).json()) as {
      runs: { id: string; inputs: { course: string } }[];
    };
    expect(runs.filter(({ inputs }) => inputs.course === 'z').map(({ id }) => id)).toEqual([run]);
  });

  it('requests nothing while paused, and goes on when resumed', async () => {
    const held = holdAnswers();
    const end = untilEnded();
    const { id } = (await (
      await post('/api/runs', { workflow: 'tiny', inputs: { course: 'p' } })
    ).json()) as { id: string };
    const [first] = await held.requests(1);
    const paused = (await (await post(`/api/runs/${id}/pause`, {})).json()) as { status: string };
    await answer(first!);
    const { blocks } = (await (await fetch(`${orchestrator.url}/api/runs/${id}`)).json()) as {
      blocks: { block: string; ready: number; requested: number }[];
    };
    held.release();
    await post(`/api/runs/${id}/resume`, {});

    expect(paused.status).toBe('paused');
    expect(blocks.find(({ block }) => block === 'script')).toMatchObject({ ready: 4, requested: 0 });
    expect((await end).status).toBe('completed');
  });

  it('tells once what several payloads of a list see, where it is asked to', async () => {
    const pages: unknown[] = [];
    const end = untilEnded();
    holding = async (request) => {
      if (request.type === 'pick' && request.key === 'rows=a')
        for (const query of ['', '?results=shared'])
          pages.push(await (await fetch(`${orchestrator.url}${request.payloads!.href}${query}`)).json());
      await answer(request);
    };
    await post('/api/runs', { workflow: 'tiny', inputs: { course: 'once' } });
    await end;
    holding = undefined;

    const script = (sample: number): object => ({ script: { text: `a of once ${sample}` } });
    const rows = { name: 'a' };
    expect(pages).toEqual([
      {
        payloads: [1, 2].map((n) => ({ key: `rows=a/script=${n}`, blockResults: { rows, ...script(n) } })),
      },
      {
        payloads: [1, 2].map((n) => ({
          key: `rows=a/script=${n}`,
          blockResults: script(n),
          sharedResults: { rows: 0 },
        })),
        shared: [rows],
      },
    ]);
  });

  const costing = (amount: number, units = { calls: 1 }): object => ({
    outputs: [{ result: {} }],
    usage: [
      { kind: 'own', provider: 'own', model: 'own', units, cost: { amount, currency: 'USD' }, saved: false },
    ],
  });

  it.each<[string, object, RegExp]>([
    ['a result that is no object', { outputs: [{ result: 'text' }] }, /outputs/],
    ['an output of nothing', { outputs: [{}] }, /Output 1/],
    ['a cost below nothing', costing(-5), /usage\.0\.cost\.amount/],
    ['a cost that no sum can tell', costing(1.7e308), /usage\.0\.cost\.amount/],
    ['units below nothing', costing(1, { calls: -1 }), /usage\.0\.units\.calls/],
  ])('fails by an answer that breaks the contract, and says so: %s', async (_, broken, said) => {
    const held = holdAnswers();
    const failed = untilEnded();
    const started = await post('/api/runs', { workflow: 'tiny', inputs: { course: 'w' } });
    const { id } = (await started.json()) as { id: string };
    const [first] = await held.requests(1);
    held.release();
    const { run, task, attempt } = first!;
    // Once for another task, that nobody has: it is parked, and changes nothing.
    for (const named of [randomUUID(), task]) {
      const data = { run, task: named, attempt, ...broken };
      const answered = event(blockCompletedV1.type, data, `broken ${named}`);
      await bus.publish([{ topic: blockCompletedV1.topic, key: run, event: answered }]);
    }

    expect(await failed).toMatchObject({ run: id, status: 'failed' });
    const { tasks } = (await (await fetch(`${orchestrator.url}/api/runs/${id}/tasks`)).json()) as {
      tasks: { error: { code: string; message: string } }[];
    };
    expect(tasks.map(({ error }) => error.code)).toEqual(['bad-result']);
    expect(tasks[0]!.error.message).toMatch(said);
    const { blocks } = (await (await fetch(`${orchestrator.url}/api/runs/${id}`)).json()) as {
      blocks: { cost: number }[];
    };
    expect(blocks.map(({ cost }) => cost)).toEqual(blocks.map(() => 0));
  });

  it('ends as cancelled once what is out has come back, and goes on by a retry', async () => {
    const held = holdAnswers();
    const cancelled = untilEnded();
    const { id } = (await (
      await post('/api/runs', { workflow: 'tiny', inputs: { course: 'c' } })
    ).json()) as { id: string };
    const [first] = await held.requests(1);
    const stopping = (await (await post(`/api/runs/${id}/cancel`, {})).json()) as { status: string };
    await answer(first!);
    const ending = await cancelled;
    held.release();
    const completed = untilEnded();
    await post(`/api/runs/${id}/retry`, {});

    expect(stopping.status).toBe('stopping');
    expect(ending.status).toBe('cancelled');
    expect(await completed).toMatchObject({ run: id, status: 'completed' });
  });

  it.each([
    ['an unknown field', '/api/runs', { workflow: 'tiny', colour: 'red' }, 400, 'colour'],
    ['a missing input', '/api/runs', { workflow: 'tiny' }, 422, 'inputs.course'],
    [
      'an input of another type',
      '/api/runs',
      { workflow: 'tiny', inputs: { course: 7 } },
      422,
      'inputs.course',
    ],
  ])('refuses %s, naming it', async (_, path, body, status, field) => {
    const response = await post(path, body);
    const problem = (await response.json()) as { status: number; errors: { field: string }[] };

    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(problem.status).toBe(status);
    expect(problem.errors.map((error) => error.field)).toContain(field);
  });

  it.each([
    ['an unknown type', { id: 'x', type: 'gne', needs: ['rows'] }, 'unknown-type', 'did you mean "gen"?'],
    [
      'an unknown need',
      { id: 'x', type: 'map', needs: ['scrpt'] },
      'unknown-block',
      'did you mean "script"?',
    ],
    [
      'a variable that nothing gives',
      { id: 'x', type: 'map', with: { a: '{{nope.text}}' } },
      'missing-variable',
      'nope',
    ],
    ['a cycle', { id: 'x', type: 'map', needs: ['x'] }, 'cycle', 'x'],
  ])('refuses a definition with %s, naming the block', async (_, block, code, hint) => {
    const refused = { ...definition, blocks: [...definition.blocks, block] };
    const response = await post('/api/workflows/validate', { definition: refused });
    const { errors } = (await response.json()) as {
      errors: { code: string; block: string; message: string }[];
    };

    expect(errors).toEqual([
      expect.objectContaining({ code, block: 'x', message: expect.stringContaining(hint) }),
    ]);
  });
});
