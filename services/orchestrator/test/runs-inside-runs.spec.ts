import type { BlockRequested, CloudEvent } from '@duofactory/contracts';
import {
  blockCompletedV1,
  blockFailedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  holdLiftedV1,
  tasksCancelledV1,
  uuidFrom,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { anEvent, quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { orchestratorService } from '../src/orchestrator.module.js';

const types = [
  { type: 'rows', input: 'each', output: 'many' },
  { type: 'gen', input: 'each', output: 'one', samples: true },
  { type: 'echo', input: 'each', output: 'one' },
  { type: 'last', input: 'all', output: 'pick' },
];

/** script x2 of a topic; as a child of `course` below. */
const lesson = {
  kind: 'workflow',
  id: 'lesson',
  inputs: { topic: { type: 'string' } },
  blocks: [{ id: 'script', type: 'gen', needs: [], times: 2, with: { text: 'On {{topic}}' } }],
};

interface RunShown {
  id: string;
  status: string;
  reason: string | null;
}
interface Results {
  payloads: { key: string; blockResults: Record<string, unknown> }[];
}

describe('runs inside runs, and reviews', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  const event = (type: string, data: unknown) => anEvent(data, { type });

  const asked: string[] = [];
  const held: Pick<BlockRequested, 'run' | 'task' | 'attempt'>[] = [];
  const told = new Set<string>();
  const requests: BlockRequested[] = [];
  const giveUp = async (run: string): Promise<void> => {
    told.add(run);
    const error = { code: 'cancelled', message: 'As told', retryable: true };
    for (const at of held.filter((one) => one.run === run)) {
      const answered = event(blockFailedV1.type, { ...at, error });
      await bus.publish([{ topic: blockFailedV1.topic, key: run, event: answered }]);
    }
  };

  /** The last of the payloads that a task gets. */
  const lastOf = async ({ payloads }: BlockRequested): Promise<string> => {
    const page = await (await fetch(`${orchestrator.url}${payloads!.href}`)).json();
    return (page as { payloads: { key: string }[] }).payloads.at(-1)!.key;
  };

  /** `rows` gives two, `gen` and `echo` what they are given; a text "broken" fails, a "flaky" one the first time. */
  const answer = async (request: BlockRequested): Promise<void> => {
    const { run, task, attempt, type, with: given } = request;
    const at = { run, task, attempt };
    if (type === 'last') {
      const picks = [{ key: await lastOf(request), result: {} }];
      const picked = event(blockCompletedV1.type, { ...at, picks });
      return bus.publish([{ topic: blockCompletedV1.topic, key: run, event: picked }]);
    }
    // As of a service that hears of cancellations: see below.
    if (given['text'] === 'On held') {
      held.push(at);
      return told.has(run) ? giveUp(run) : undefined;
    }
    const text = String(given['text']);
    asked.push(text);
    const isFirst = asked.filter((one) => one === text).length === 1;
    const broken = text === 'On broken' || (text === 'On flaky' && isFirst);
    const error = { code: 'broken', message: 'As asked', retryable: false };
    const outputs =
      type === 'rows' ? ['a', 'b'].map((id) => ({ id, result: { name: id } })) : [{ result: { ...given } }];
    const outcome = broken
      ? event(blockFailedV1.type, { ...at, error })
      : event(blockCompletedV1.type, { ...at, outputs });
    await bus.publish([{ topic: blockCompletedV1.topic, key: run, event: outcome }]);
  };

  const call = async <T>(method: string, path: string, body?: unknown, user = 'local'): Promise<T> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', 'x-duofactory-user': user },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };

  const publish = (definition: { id: string }) =>
    call('POST', `workflows/${definition.id}/versions`, { definition });

  /** Follows the run's own events until it is as wanted. */
  const until = async (
    run: string,
    wanted: (run: RunShown) => boolean | Promise<boolean>,
  ): Promise<RunShown> => {
    const gone = new AbortController();
    const stream = await fetch(`${orchestrator.url}/api/runs/${run}/events`, { signal: gone.signal });
    const reader = stream.body!.getReader();
    for (;;) {
      const shown = await call<RunShown>('GET', `runs/${run}`);
      if (await wanted(shown)) {
        gone.abort();
        return shown;
      }
      const { done } = await reader.read();
      if (done) throw new Error(`Run ${run} ended ${shown.status}`);
    }
  };

  const ended = ({ status }: RunShown): boolean =>
    ['completed', 'partial', 'failed', 'cancelled'].includes(status);

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.ensureTopics(types.map(({ type }) => ({ name: blockRequestedTopic(type) })));
    for (const { type } of types) {
      await bus.subscribe({
        group: `test.${type}`,
        topics: [blockRequestedTopic(type)],
        each: ({ data }) => {
          requests.push(data as BlockRequested);
          void answer(data as BlockRequested);
          return Promise.resolve();
        },
      });
    }
    await bus.subscribe({
      group: 'test.cancellations',
      topics: [tasksCancelledV1.topic],
      each: async ({ data }) => void giveUp((data as { run: string }).run),
    });
    await bus.start();
    for (const { type } of types) {
      const manifest = types.find((one) => one.type === type)!;
      const described = { version: 1, title: type, description: type, with: { type: 'object' } };
      await bus.publish([
        {
          topic: blockTypeRegisteredV1.topic,
          key: type,
          event: event(blockTypeRegisteredV1.type, {
            service: 'test',
            manifest: { ...manifest, ...described },
          }),
        },
      ]);
    }
    await publish(lesson);
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('go on after a retry of the run above: what succeeded in the child is not asked for again', async () => {
    await publish({
      ...{ kind: 'workflow', id: 'two-steps' },
      blocks: [
        { id: 'sure', type: 'echo', needs: [], with: { text: 'On sure' } },
        { id: 'flaky', type: 'echo', with: { text: 'On flaky' } },
      ],
    } as { id: string });
    await publish({
      ...{ kind: 'workflow', id: 'above-two-steps' },
      blocks: [{ id: 'sub', type: 'workflow', needs: [], with: { workflow: 'two-steps' } }],
    } as { id: string });
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'above-two-steps', inputs: {} });
    await until(id, ended);

    await call('POST', `runs/${id}/retry`);

    expect((await until(id, ended)).status).toBe('completed');
    expect(asked.filter((text) => text === 'On sure')).toHaveLength(1);
    expect(asked.filter((text) => text === 'On flaky')).toHaveLength(2);
  });

  it('bring the payloads of the child back, their keys as labels', async () => {
    await publish({
      kind: 'workflow',
      id: 'course',
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        { id: 'sub', type: 'workflow', with: { workflow: 'lesson', inputs: { topic: '{{unit.name}}' } } },
        { id: 'last', type: 'echo', with: { text: '{{sub.script.text}}' } },
      ],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'course' });
    const { status } = await until(id, ended);
    const { payloads } = await call<Results>('GET', `runs/${id}/results`);

    expect(status).toBe('completed');
    expect(payloads.map(({ key, blockResults }) => [key, blockResults['last']])).toEqual([
      ['unit=a/sub=script:1', { text: 'On a' }],
      ['unit=a/sub=script:2', { text: 'On a' }],
      ['unit=b/sub=script:1', { text: 'On b' }],
      ['unit=b/sub=script:2', { text: 'On b' }],
    ]);
  });

  it('fan out inside a quality loop, each on its own, and bring back what the loop ended with', async () => {
    await publish({
      kind: 'workflow',
      id: 'quality',
      inputs: { topic: { type: 'string' } },
      blocks: [
        { id: 'script', type: 'gen', needs: [], times: 2, with: { text: '{{topic}}' } },
        { id: 'part', type: 'rows' },
        { id: 'note', type: 'echo', with: { text: '{{script.text}} {{part.name}}' } },
        {
          id: 'best',
          type: 'last',
          repeat: { from: 'script', until: 'round = 2', rounds: 3 },
        },
      ],
    } as { id: string });
    await publish({
      kind: 'workflow',
      id: 'quality-course',
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        { id: 'sub', type: 'workflow', with: { workflow: 'quality', inputs: { topic: '{{unit.name}}' } } },
        { id: 'last', type: 'echo', with: { text: '{{sub.note.text}}' } },
      ],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'quality-course' });
    const { status, reason } = await until(id, ended);
    const { payloads } = await call<Results>('GET', `runs/${id}/results`);

    expect([status, reason]).toEqual(['completed', null]);
    expect(payloads.map(({ key, blockResults }) => [key, blockResults['last']])).toEqual([
      ['unit=a/sub=script:4,part:b', { text: 'a b' }],
      ['unit=b/sub=script:4,part:b', { text: 'b b' }],
    ]);
  });

  it('have no more time than the run above them', async () => {
    await publish({
      kind: 'workflow',
      id: 'timely-course',
      deadline: '1h',
      blocks: [
        { id: 'sub', type: 'workflow', needs: [], with: { workflow: 'lesson', inputs: { topic: 'time' } } },
      ],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'timely-course' });
    await until(id, ended);

    const asked = requests.filter(({ with: given }) => given['text'] === 'On time');
    expect(asked.map(({ deadlineAt }) => deadlineAt)).toEqual([expect.any(String), expect.any(String)]);
  });

  it('fail with a child that failed', async () => {
    await publish({
      kind: 'workflow',
      id: 'broken-course',
      blocks: [
        { id: 'sub', type: 'workflow', needs: [], with: { workflow: 'lesson', inputs: { topic: 'broken' } } },
      ],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'broken-course' });
    const { status, reason } = await until(id, ended);

    expect(status).toBe('failed');
    expect(reason).toContain('child-failed');
  });

  it.each<[string, string, string]>([
    ['50%', 'partial', 'On a'],
    ['60%', 'failed', ''],
  ])('of which half failed where %s are to succeed: the run above is %s', async (share, wanted, last) => {
    const id = `share-of-${share.slice(0, -1)}`;
    await publish({
      kind: 'workflow',
      id: 'fragile',
      inputs: { topic: { type: 'string' } },
      blocks: [
        { id: 'script', type: 'echo', needs: [], with: { text: 'On {{topic}}' } },
        { id: 'break', type: 'echo', when: 'topic = "b"', with: { text: 'On broken' } },
      ],
    } as { id: string });
    await publish({
      ...{ kind: 'workflow', id },
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        {
          ...{ id: 'sub', type: 'workflow', onError: 'drop', minSuccess: share },
          with: { workflow: 'fragile', inputs: { topic: '{{unit.name}}' } },
        },
        { id: 'gate', type: 'last' },
        { id: 'last', type: 'echo', with: { text: '{{sub.script.text}}' } },
      ],
    } as { id: string });

    const { id: run } = await call<RunShown>('POST', 'runs', { workflow: id });
    const { status, reason } = await until(run, ended);
    const { payloads } = await call<Results>('GET', `runs/${run}/results`);
    const { runs } = await call<{ runs: (RunShown & { parent?: unknown })[] }>(
      'GET',
      'runs?workflow=fragile&limit=2',
    );

    expect(status).toBe(wanted);
    expect(payloads.map(({ blockResults }) => (blockResults['last'] as { text: string }).text)).toEqual(
      last === '' ? [] : [last],
    );
    expect(runs.map((one) => one.status).sort()).toEqual(['completed', 'failed']);
    if (wanted === 'partial') return;
    expect(reason).toBe('Block "sub" fell short of minSuccess: 1 of 2 tasks succeeded');
    expect(await call('POST', `runs/${run}/retry`)).toMatchObject({ status: 409, code: 'not-retryable' });
  });

  it('are refused where a workflow runs itself without end', async () => {
    await publish({
      kind: 'workflow',
      id: 'endless',
      blocks: [{ id: 'sub', type: 'workflow', needs: [], with: { workflow: 'endless' } }],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'endless' });
    const { status, reason } = await until(id, ended);

    expect(status).toBe('failed');
    expect(reason).toContain('too-deep');
  });

  it('wait for people: approved payloads go on as they were edited, rejected ones end', async () => {
    await publish({
      kind: 'workflow',
      id: 'reviewed',
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        { id: 'check', type: 'review', with: { title: 'Look at it', assignees: ['ann'], edits: 'unit' } },
        { id: 'last', type: 'echo', with: { text: '{{unit.name}}' } },
      ],
    } as { id: string });
    interface Open {
      reviews: { task: string; run: string; key: string; payload: unknown }[];
    }

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'reviewed' });
    let open: Open['reviews'] = [];
    await until(id, async () => {
      const { reviews } = await call<Open>('GET', 'reviews?assignee=ann');
      open = reviews.filter(({ run }) => run === id).sort((a, b) => a.key.localeCompare(b.key));
      return open.length === 2;
    });
    const [a, b] = open;
    const notAssigned = await call('POST', `reviews/${a!.task}/decision`, { decision: 'approve' }, 'bob');
    const approval = { decision: 'approve', comment: 'Good', edits: { name: 'edited' } };
    await call('POST', `reviews/${a!.task}/decision`, approval, 'ann');
    const twice = await call('POST', `reviews/${a!.task}/decision`, approval, 'ann');
    const otherwise = await call('POST', `reviews/${a!.task}/decision`, { decision: 'reject' }, 'ann');
    await call('POST', `reviews/${b!.task}/decision`, { decision: 'reject' }, 'ann');
    const { status } = await until(id, ended);
    const { payloads } = await call<Results>('GET', `runs/${id}/results`);

    expect(a!.payload).toEqual({ unit: { name: 'a' } });
    expect(notAssigned).toMatchObject({ code: 'not-assigned' });
    expect(twice).toMatchObject({
      status: 'approved',
      decision: { decision: 'approved', by: 'ann', comment: 'Good', edits: { name: 'edited' } },
    });
    expect(otherwise).toMatchObject({ code: 'already-decided' });
    expect(status).toBe('completed');
    expect(payloads).toMatchObject([
      {
        key: 'unit=a',
        blockResults: {
          last: { text: 'edited' },
          check: { decision: 'approved', by: 'ann', comment: 'Good', edits: { name: 'edited' } },
        },
      },
    ]);
  });

  it('are cancelled with the run above them', async () => {
    await publish({
      kind: 'workflow',
      id: 'waiting',
      blocks: [{ id: 'check', type: 'review', needs: [] }],
    } as { id: string });
    await publish({
      kind: 'workflow',
      id: 'above',
      blocks: [{ id: 'sub', type: 'workflow', needs: [], with: { workflow: 'waiting' } }],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'above' });
    let child: RunShown | undefined;
    while (!child) child = (await call<{ runs: RunShown[] }>('GET', 'runs?workflow=waiting')).runs[0];
    await call('POST', `runs/${id}/cancel`);
    const stopping = await until(child.id, ({ status }) => ['stopping', 'cancelled'].includes(status));

    expect(['stopping', 'cancelled']).toContain(stopping.status);
  });

  const holding = {
    kind: 'workflow',
    id: 'holding',
    blocks: [
      { id: 'sub', type: 'workflow', needs: [], with: { workflow: 'lesson', inputs: { topic: 'held' } } },
    ],
  };
  const requestTopic = blockRequestedTopic('workflow');
  const childOf = ({ data }: CloudEvent): string => {
    const { task, attempt } = data as BlockRequested;
    return uuidFrom('child', task, attempt);
  };

  /** Events of a run, as they come. */
  const eventsOf = async (topic: string, more = (_: CloudEvent): void => undefined) => {
    const events: CloudEvent[] = [];
    const subscription = await bus.subscribe({
      group: `test.${randomUUID()}`,
      topics: [topic],
      each: async (one) => {
        events.push(one);
        more(one);
      },
    });
    const of = (run: string): CloudEvent[] => events.filter(({ subject }) => subject === run);
    return { of, stop: () => subscription.stop() };
  };
  const send = (topic: string, one: CloudEvent): Promise<void> =>
    bus.publish([{ topic, key: one.subject ?? one.id, event: one }]);

  it('begin once, however often they are asked for at the same time', async () => {
    await publish({
      kind: 'workflow',
      id: 'asked-twice',
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        { id: 'sub', type: 'workflow', with: { workflow: 'lesson', inputs: { topic: '{{unit.name}}' } } },
      ],
    } as { id: string });
    const seen = new Set<string>();
    const requests = await eventsOf(requestTopic, (request) => {
      if (seen.has(request.id)) return;
      seen.add(request.id);
      void send(requestTopic, request);
    });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'asked-twice' });
    const { status, reason } = await until(id, ended);
    await requests.stop();

    expect([status, reason]).toEqual(['completed', null]);
    expect(new Set(requests.of(id).map(({ id }) => id)).size).toBe(2);
  });

  it('are not stopped by an old word that the run above them was', async () => {
    await publish(holding);
    const requests = await eventsOf(requestTopic);
    const words = await eventsOf(tasksCancelledV1.topic);
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'holding' });
    while (requests.of(id).length < 1) await call('GET', `runs/${id}`);
    await call('POST', `runs/${id}/cancel`);
    await until(id, ended);
    await call('POST', `runs/${id}/retry`);
    while (requests.of(id).length < 2) await call('GET', `runs/${id}`);
    const child = childOf(requests.of(id)[1]!);
    while ((await call<RunShown>('GET', `runs/${child}`)).id !== child);

    for (const word of words.of(id)) await send(tasksCancelledV1.topic, word);
    const untouched = await call<RunShown>('GET', `runs/${child}`);
    await call('POST', `runs/${id}/cancel`);

    expect(untouched.status).toBe('running');
    expect((await until(child, ended)).status).toBe('cancelled');
  });

  it('that begin while the run above them is paused ask for nothing until it is resumed', async () => {
    const requests = await eventsOf(requestTopic);
    const asked = await eventsOf(blockRequestedTopic('gen'));
    await publish(lesson);
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'holding' });
    while (requests.of(id).length < 1) await call('GET', `runs/${id}`);
    const first = childOf(requests.of(id)[0]!);
    while ((await call<RunShown>('GET', `runs/${first}`)).id !== first);
    await call('POST', `runs/${id}/pause`);
    const [request] = requests.of(id);
    const late = { ...request!, id: 'late', data: { ...(request!.data as BlockRequested), attempt: 9 } };

    await send(requestTopic, late);
    const child = childOf(late);
    const paused = await until(child, ({ status }) => status !== undefined);
    await call('POST', `runs/${child}/resume`);
    await until(child, () => asked.of(child).length === 2);
    await call('POST', `runs/${id}/cancel`);

    expect(paused.status).toBe('paused');
    expect((await until(child, ended)).status).toBe('cancelled');
  });

  it('pause as a whole, with the reason, when one of them reaches a limit, and go on when it is lifted', async () => {
    const hold = { reason: 'The budget of the course is spent', id: 'budget/course', epoch: 1 };
    await publish({
      kind: 'workflow',
      id: 'two-lessons',
      blocks: [
        { id: 'unit', type: 'rows', needs: [] },
        { id: 'sub', type: 'workflow', with: { workflow: 'lesson', inputs: { topic: 'held' } } },
      ],
    } as { id: string });
    const asked = await eventsOf(blockRequestedTopic('gen'));
    const requested = await eventsOf(requestTopic);
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'two-lessons' });
    await until(id, () => requested.of(id).length === 2);
    const [one, other] = requested.of(id).map(childOf) as [string, string];
    for (const child of [one, other]) while ((await call<RunShown>('GET', `runs/${child}`)).id !== child);
    await until(one, () => asked.of(one).length === 2);
    await until(other, () => asked.of(other).length === 2);

    const [request] = asked.of(one);
    const { run, task, attempt, above } = request!.data as BlockRequested;
    const error = { code: 'budget-reached', message: 'No money', retryable: true, hold };
    await send(blockFailedV1.topic, {
      ...event(blockFailedV1.type, { run, task, attempt, error }),
      subject: run,
    });
    const whole = await Promise.all(
      [id, one, other].map((member) => until(member, ({ status }) => status === 'paused')),
    );
    const lifted = event(holdLiftedV1.type, { id: hold.id, epoch: 2 });
    await bus.publish([{ topic: holdLiftedV1.topic, key: hold.id, event: lifted }]);
    const again = await Promise.all(
      [id, one, other].map((member) => until(member, ({ status }) => status === 'running')),
    );
    await until(one, () => asked.of(one).length === 3);
    await call('POST', `runs/${id}/cancel`);
    await until(id, ended);
    await requested.stop();

    expect(above).toEqual([{ run: id, workflow: 'two-lessons' }]);
    expect(whole.map(({ reason }) => reason)).toEqual([hold.reason, hold.reason, hold.reason]);
    expect(again.map(({ reason }) => reason)).toEqual([null, null, null]);
  });

  it('stay with the version of the workflow that was the latest when the outermost run began', async () => {
    const version = (text: string) => ({
      kind: 'workflow',
      id: 'moving',
      blocks: [{ id: 'say', type: 'echo', needs: [], with: { text } }],
    });
    await publish(version('first'));
    await publish({
      kind: 'workflow',
      id: 'bound',
      blocks: [
        { id: 'gate', type: 'review', needs: [] },
        { id: 'sub', type: 'workflow', with: { workflow: 'moving' } },
      ],
    } as { id: string });

    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'bound' });
    let gate: { task: string } | undefined;
    await until(id, async () => {
      const { reviews } = await call<{ reviews: { task: string; run: string }[] }>('GET', 'reviews');
      gate = reviews.find(({ run }) => run === id);
      return gate !== undefined;
    });
    await publish(version('second'));
    await call('POST', `reviews/${gate!.task}/decision`, { decision: 'approve' });
    await until(id, ended);
    const { payloads } = await call<Results>('GET', `runs/${id}/results`);

    expect(payloads).toMatchObject([{ blockResults: { sub: { say: { text: 'first' } } } }]);
  });

  it('refuse a decision that no run waits for any more, and ask again after a retry', async () => {
    await publish({
      kind: 'workflow',
      id: 'decided-late',
      blocks: [{ id: 'gate', type: 'review', needs: [] }],
    } as { id: string });
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'decided-late' });
    const waiting = async (): Promise<{ task: string; attempt: number } | undefined> => {
      const answer = await call<{ reviews: { task: string; run: string; attempt: number }[] }>(
        'GET',
        'reviews',
      );
      return answer.reviews.find(({ run }) => run === id);
    };
    let gate = await waiting();
    while (!gate) gate = await waiting();
    await call('POST', `runs/${id}/cancel`);
    await until(id, ended);

    const refused = await call('POST', `reviews/${gate.task}/decision`, { decision: 'approve' });
    await call('POST', `runs/${id}/retry`);
    await until(id, async () => ((await waiting())?.attempt ?? 0) > gate.attempt);
    await call('POST', `reviews/${gate.task}/decision`, { decision: 'approve' });

    expect(refused).toMatchObject({ status: 409, code: 'not-waiting' });
    expect((await until(id, ended)).status).toBe('completed');
  });

  it('that begin only after the run above them was stopped, stop too', async () => {
    const requests = await eventsOf(requestTopic);
    const { id } = await call<RunShown>('POST', 'runs', { workflow: 'holding' });
    while (requests.of(id).length < 1) await call('GET', `runs/${id}`);
    await call('POST', `runs/${id}/cancel`);
    await until(id, ended);
    const [request] = requests.of(id);
    const late = { ...request!, id: 'late', data: { ...(request!.data as BlockRequested), attempt: 7 } };

    await send(requestTopic, late);

    expect((await until(childOf(late), ended)).status).toBe('cancelled');
  });
});
