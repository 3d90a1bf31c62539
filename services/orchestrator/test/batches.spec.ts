import {
  blockCompletedV1,
  blockFailedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { anEvent, quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orchestratorService } from '../src/orchestrator.module.js';

interface Batch {
  id: string;
  status: string;
  reason: string | null;
  cost: number;
  items: Record<string, number>;
}
interface Problem {
  status: number;
  code: string;
  detail: string;
  errors: { field: string; message: string }[];
}

describe('batches', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };
  /** Requests that came and have no answer yet. */
  const open: BlockRequested[] = [];
  let most = 0;
  /** Units whose work fails. */
  const failing = new Set<string>();
  /** Units whose work has no price. */
  const unpriced = new Set<string>();
  /** Units whose work is replayed from a ledger: paid before. */
  const replayed = new Set<string>();
  /** Units for whose work no money is left. */
  const held = new Set<string>();
  /** A service of the product that answers lists. */
  const lists = createServer((request, response) => {
    const answer = answers.get(request.url ?? '') ?? { status: 404, detail: 'No table "none" is published' };
    response.writeHead((answer as { status?: number }).status ?? 200).end(JSON.stringify(answer));
  });
  const answers = new Map<string, object>();
  let answering = true;
  let arrived = (): void => undefined;

  const event = (type: string, data: unknown) => anEvent(data, { type });

  const answer = async ({ run, task, attempt, with: given }: BlockRequested): Promise<void> => {
    const at = { run, task, attempt };
    const usage = [
      {
        ledger: task,
        kind: 'model',
        provider: 'test',
        model: 'test',
        units: {},
        cost: unpriced.has(given['unit'] as string) ? null : { amount: 0.5, currency: 'USD' },
        saved: replayed.has(given['unit'] as string),
      },
    ];
    const isHeld = held.has(given['unit'] as string);
    const hold = { hold: { reason: 'The budget is spent' } };
    const error = { code: 'broken', message: 'As asked', retryable: false, ...(isHeld ? hold : {}) };
    const outcome =
      isHeld || failing.has(given['unit'] as string)
        ? event(blockFailedV1.type, { ...at, error, usage })
        : event(blockCompletedV1.type, { ...at, outputs: [{ result: given }], usage });
    await bus.publish([{ topic: blockCompletedV1.topic, key: run, event: outcome }]);
  };

  const answerAll = async (): Promise<void> => {
    while (open.length > 0) await answer(open.shift()!);
  };

  async function call<T>(method: string, path: string, body?: object, headers = {}): Promise<T> {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await response.json()) as T;
  }

  const until = async (id: string, holds: (batch: Batch) => boolean): Promise<Batch> => {
    for (;;) {
      const batch = await call<Batch>('GET', `batches/${id}`);
      if (holds(batch)) return batch;
      const more = new Promise<void>((resolve) => (arrived = resolve));
      // Whatever happens next: a request, or a run's end that the next look shows.
      await Promise.race([more, new Promise((resolve) => setImmediate(resolve))]);
    }
  };
  const units = (...names: string[]) => names.map((unit) => ({ unit }));

  beforeAll(async () => {
    await bus.ensureTopics([{ name: blockRequestedTopic('work') }]);
    await once(lists.listen(0, '127.0.0.1'), 'listening');
    const api = `http://127.0.0.1:${(lists.address() as AddressInfo).port}`;
    const parts = { bus, databaseUrl: database.url, urls: { api } };
    orchestrator = await startForTest(orchestratorService, parts);
    await bus.subscribe({
      group: 'work',
      topics: [blockRequestedTopic('work')],
      each: async ({ data }) => {
        open.push(data as BlockRequested);
        most = Math.max(most, open.length);
        arrived();
        if (answering) await answerAll();
      },
    });
    await bus.start();
    const manifest = {
      type: 'work',
      version: 1,
      title: 'Work',
      description: 'Work',
      input: 'each',
      output: 'one',
      with: { type: 'object' },
    };
    await bus.publish([
      {
        topic: blockTypeRegisteredV1.topic,
        key: 'work',
        event: event(blockTypeRegisteredV1.type, { service: 'test', manifest }),
      },
    ]);
    const definition = {
      kind: 'workflow',
      id: 'lesson',
      inputs: { unit: { type: 'string' }, level: { type: 'number', default: 1 } },
      blocks: [{ id: 'work', type: 'work', needs: [], with: { unit: '{{unit}}' } }],
    };
    const lenient = {
      ...definition,
      id: 'lenient',
      blocks: [{ ...definition.blocks[0], onError: 'drop' }],
    };
    const above = {
      ...definition,
      id: 'above',
      blocks: [
        {
          id: 'sub',
          type: 'workflow',
          needs: [],
          with: { workflow: 'lesson', inputs: { unit: '{{unit}}' } },
        },
      ],
    };
    const hasty = {
      ...definition,
      id: 'hasty',
      blocks: [{ ...definition.blocks[0], deadline: '1s', onError: 'drop' }],
    };
    const aboveHasty = {
      ...above,
      id: 'above-hasty',
      blocks: [
        { ...above.blocks[0], with: { workflow: 'hasty', inputs: { unit: '{{unit}}' } }, onError: 'drop' },
      ],
    };
    for (const one of [definition, lenient, above, hasty, aboveHasty]) {
      let published: { version?: number };
      do published = await call('POST', `workflows/${one.id}/versions`, { definition: one });
      while (published.version === undefined);
    }
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
    lists.close();
    lists.closeAllConnections();
  });

  it('runs every item of a list, so many at a time', async () => {
    answering = false;
    most = 0;
    const items = units('a', 'b', 'c', 'd', 'e');

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items, concurrency: 2 });
    for (let done = 0; done < items.length; done += 1) {
      await until(id, () => open.length > 0);
      await answer(open.shift()!);
    }
    const ended = await until(id, ({ status }) => status === 'completed');

    expect(ended).toMatchObject({ cost: 2.5, items: { total: 5, completed: 5, waiting: 0, running: 0 } });
    expect(most).toBe(2);
    const { items: listed } = await call<{ items: { inputs: object; run: string; status: string }[] }>(
      'GET',
      `batches/${id}/items`,
    );
    expect(listed.map(({ inputs }) => inputs)).toEqual(items.map((one) => ({ ...one, level: 1 })));
    expect(new Set(listed.map(({ run }) => run)).size).toBe(5);
  });

  it('rehearses a start: what rows would run, what past runs came to, what is wrong with a row', async () => {
    answering = true;
    const items = units('re-a', 're-b', 're-c');
    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items: items.slice(0, 2) });
    await until(id, ({ status }) => status === 'completed');
    const before = await call<{ batches: Batch[] }>('GET', 'batches?limit=200');

    const rehearsal = await call('POST', 'batches/rehearsal', {
      workflow: 'lesson',
      items,
      existing: 'skip',
    });
    const refused = await call<Problem>('POST', 'batches/rehearsal', {
      workflow: 'lesson',
      csv: 'unit,level\na,1\nb,high\n',
    });
    const unlike = await call<Problem>('POST', 'batches/rehearsal', {
      workflow: 'lesson',
      items: [...items, { unit: 7 }, { units: 'x' }],
    });
    const fresh = { ...{ kind: 'workflow', id: 'fresh', blocks: [{ id: 'work', type: 'work', needs: [] }] } };
    await call('PUT', 'workflows/fresh/draft', { definition: fresh }, { 'if-none-match': '*' });
    const unknown = await call('POST', 'batches/rehearsal', { workflow: 'fresh@draft', items: [{}] });

    expect(rehearsal).toMatchObject({
      rows: { total: 3, toRun: 1 },
      blocks: [{ block: 'work', type: 'work', tasks: { p50: 1, p90: 1 }, cost: { p50: 0.5, p90: 0.5 } }],
      total: { cost: { p50: 0.5, p90: 0.5 } },
    });
    expect(refused.errors).toEqual([{ field: 'items.1.inputs.level', message: '"high" is no number' }]);
    expect(unlike.errors.map(({ field }) => field)).toEqual([
      'items.3.inputs.unit',
      'items.4.inputs.units',
      'items.4.inputs.unit',
    ]);
    expect(unknown).toMatchObject({
      ...{ rows: { total: 1, toRun: 1 }, pastRuns: 0 },
      ...{ blocks: [{ block: 'work', tasks: null, cost: null }], total: { cost: null, durationMs: null } },
    });
    // Nothing was started.
    expect(await call('GET', 'batches?limit=200')).toEqual(before);
  });

  it('takes a CSV with a column an input, typed by the workflow', async () => {
    answering = true;
    const csv = '\uFEFFunit,level\r\nq,2\r\n"r, s",\r\n';

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', csv });

    await until(id, ({ status }) => status === 'completed');
    const { items } = await call<{ items: { inputs: object }[] }>('GET', `batches/${id}/items`);
    expect(items.map(({ inputs }) => inputs)).toEqual([
      { unit: 'q', level: 2 },
      { unit: 'r, s', level: 1 },
    ]);
  });

  it('reads its list from a service, all pages of it: wanted rows, mapped to inputs', async () => {
    answering = true;
    const columns = { level: '2', name: 'ignored' };
    answers.set('/api/tables/units/rows', {
      rows: [
        { ordinal: 1, value: { id: 's1', ...columns } },
        { ordinal: 2, value: { id: 's2', ...columns } },
      ],
      next: 2,
    });
    answers.set('/api/tables/units/rows?cursor=2', {
      rows: [{ ordinal: 3, value: { id: 's3', level: '' } }],
    });
    const source = {
      list: 'tables/units/rows',
      where: "id != 's2'",
      inputs: { unit: '{{id}}', level: '{{level}}' },
    };
    const body = { workflow: 'lesson', source };

    const { id } = await call<Batch>('POST', 'batches', body, { 'idempotency-key': 'from a sheet' });
    await until(id, ({ status }) => status === 'completed');
    answers.set('/api/tables/units/rows', { rows: [{ ordinal: 1, value: { id: 'later' } }] });
    const again = await call<Batch>('POST', 'batches', body, { 'idempotency-key': 'from a sheet' });

    const { items } = await call<{ items: { inputs: object }[] }>('GET', `batches/${id}/items`);
    expect(items.map(({ inputs }) => inputs)).toEqual([
      { unit: 's1', level: 2 },
      { unit: 's3', level: 1 },
    ]);
    expect(again).toMatchObject({ id, source, items: { total: 2 } });
  });

  it('takes the fields of a selection that have the name of an input', async () => {
    answering = true;
    answers.set('/api/episodes?course=en-es', { episodes: [{ unit: 7, status: 'published' }], next: null });

    const { id } = await call<Batch>('POST', 'batches', {
      workflow: 'lesson',
      source: { list: 'episodes?course=en-es' },
    });

    await until(id, ({ status }) => status === 'completed');
    const { items } = await call<{ items: { inputs: object }[] }>('GET', `batches/${id}/items`);
    expect(items.map(({ inputs }) => inputs)).toEqual([{ unit: '7', level: 1 }]);
  });

  it.each<[string, object, string, string]>([
    ['another host', { list: '//elsewhere/x' }, 'source.list', 'Must be a path below /api'],
    ['a way out of the API', { list: 'tables/../../metrics' }, 'source.list', 'Must be a path below /api'],
    ['a list that is not there', { list: 'tables/none/rows' }, 'source.list', 'No table "none"'],
    ['an answer without a list', { list: 'tables/one' }, 'source.list', 'no list'],
    [
      'a field that rows lack',
      { list: 'nodes', inputs: { unit: '{{id}}' } },
      'source.inputs.unit',
      'it has node',
    ],
    [
      'a condition that holds for none',
      { list: 'nodes', where: 'false' },
      'source.list',
      'of which `where` holds',
    ],
    ['a condition that is none', { list: 'nodes', where: 'id >' }, 'source.where', ''],
    ['rows that do not fit', { list: 'nodes' }, 'items.0.inputs.unit', 'Required'],
  ])('starts nothing from %s', async (_, source, field, message) => {
    answers.set('/api/nodes', { nodes: [{ node: 'a' }] });
    answers.set('/api/tables/one', { id: 'one' });

    const problem = await call<Problem>('POST', 'batches', { workflow: 'lesson', source });

    expect(problem).toMatchObject({ status: 422, errors: [{ field }] });
    expect(problem.errors[0]!.message).toContain(message);
  });

  it('makes anew what was dropped in a partial run, and counts the cost of both', async () => {
    answering = true;
    failing.add('dropped');
    const items = units('kept', 'dropped');

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lenient', items });
    const partial = await until(id, ({ status }) => status === 'partial');
    failing.delete('dropped');
    await call('POST', `batches/${id}/retry`);
    const ended = await until(id, ({ status }) => status !== 'running');

    expect(partial.items).toMatchObject({ completed: 1, partial: 1 });
    expect(ended).toMatchObject({ status: 'completed', cost: 1.5, items: { completed: 2, partial: 0 } });
  });

  it.each<[string, object, string, string]>([
    [
      'a row that does not fit',
      { items: [{ unit: 'a' }, { unit: 1 }] },
      'items.1.inputs.unit',
      'Must be a string',
    ],
    ['an unknown column', { csv: 'unit,levle\na,1\n' }, 'items.0.inputs.levle', 'Not an input'],
    [
      'a cell of the wrong type',
      { csv: 'unit,level\na,high\n' },
      'items.0.inputs.level',
      '"high" is no number',
    ],
    ['a broken CSV', { csv: 'unit\n"a\n' }, 'csv', 'Quote Not Closed'],
    [
      'a column that stands twice',
      { csv: 'unit,level, unit \na,1,b\n' },
      'csv',
      'Column "unit" stands twice: it is column 1 and 3 of the header',
    ],
    ['an empty list', { items: [] }, 'items', 'nothing to run'],
    ['two lists', { items: units('a'), csv: 'unit\na\n' }, 'items', 'either'],
    ['a row that is no object', { items: ['a'] }, 'items.0', 'Must be an object'],
  ])('starts nothing for %s', async (_, list, field, message) => {
    const before = await call<{ batches: Batch[] }>('GET', 'batches');

    const problem = await call<Problem>('POST', 'batches', { workflow: 'lesson', ...list });

    expect(problem).toMatchObject({ status: 422, errors: [{ field }] });
    expect(problem.errors[0]!.message).toContain(message);
    expect(await call('GET', 'batches')).toEqual(before);
  });

  it('is one batch, however often it is asked for with one key', async () => {
    answering = true;
    const headers = { 'idempotency-key': 'once' };
    const body = { workflow: 'lesson', items: units('k1', 'k2') };

    const first = await call<Batch>('POST', 'batches', body, headers);
    const second = await call<Batch>('POST', 'batches', body, headers);
    const other = await call<Problem>('POST', 'batches', { ...body, items: units('k3') }, headers);

    expect(second.id).toBe(first.id);
    expect(other).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    await until(first.id, ({ status }) => status === 'completed');
    const { runs } = await call<{ runs: { inputs: { unit: string } }[] }>('GET', 'runs?limit=200');
    expect(runs.filter(({ inputs }) => inputs.unit === 'k1')).toHaveLength(1);
  });

  it('retries what failed, and leaves what succeeded', async () => {
    answering = true;
    failing.add('bad');

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items: units('good', 'bad') });
    const partial = await until(id, ({ status }) => status === 'partial');
    failing.delete('bad');
    await call('POST', `batches/${id}/retry`);
    const ended = await until(id, ({ status }) => status !== 'running');

    expect(partial.items).toMatchObject({ completed: 1, failed: 1 });
    expect(ended).toMatchObject({ status: 'completed', items: { completed: 2, failed: 0 } });
  });

  it('skips what is done, or runs only what failed', async () => {
    answering = true;
    failing.add('was-bad');
    const items = units('was-good', 'was-bad', 'new');
    const first = await call<Batch>('POST', 'batches', { workflow: 'lesson', items: items.slice(0, 2) });
    await until(first.id, ({ status }) => status === 'partial');
    failing.delete('was-bad');

    const statuses = async (existing: string): Promise<string[]> => {
      const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items, existing });
      await until(id, ({ status }) => status === 'completed');
      return (await call<{ items: { status: string }[] }>('GET', `batches/${id}/items`)).items.map(
        ({ status }) => status,
      );
    };

    expect(await statuses('failed')).toEqual(['skipped', 'completed', 'skipped']);
    expect(await statuses('skip')).toEqual(['skipped', 'skipped', 'completed']);
  });

  it('decides what is done when the turn of an input comes, and not when the batch starts', async () => {
    answering = false;
    open.length = 0;
    const of = { workflow: 'lesson', items: units('slow', 'meanwhile'), concurrency: 1, existing: 'skip' };
    const { id } = await call<Batch>('POST', 'batches', of);
    await until(id, () => open.length === 1);
    const slow = open.shift()!;
    const inputs = { unit: 'meanwhile' };
    const { id: run } = await call<{ id: string }>('POST', 'runs', { workflow: 'lesson', inputs });
    while (open.length === 0) await call('GET', `runs/${run}`);
    await answerAll();
    while ((await call<{ status: string }>('GET', `runs/${run}`)).status !== 'completed');

    await answer(slow);
    const ended = await until(id, ({ status }) => status !== 'running');

    expect(ended).toMatchObject({ status: 'completed', items: { completed: 1, skipped: 1 } });
  });

  it('pauses and goes on with its runs, and what is cancelled stays so', async () => {
    answering = false;
    open.length = 0;
    const items = units('p1', 'p2', 'p3');
    const statusOf = async ({ run }: BlockRequested): Promise<string> =>
      (await call<{ status: string }>('GET', `runs/${run}`)).status;

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items, concurrency: 1 });
    await until(id, () => open.length === 1);
    const [first] = open;
    const paused = await call<Batch>('POST', `batches/${id}/pause`);
    const refused = await call<Problem>('POST', `batches/${id}/retry`);
    const whilePaused = { asked: open.length, run: await statusOf(first!) };
    await call('POST', `batches/${id}/resume`);
    const resumed = await statusOf(first!);
    await answerAll();
    await until(id, () => open.length === 1);
    const [second] = open;
    const stopping = await call<Batch>('POST', `batches/${id}/cancel`);
    const whileStopping = await statusOf(second!);
    await answerAll();
    const ended = await until(id, ({ status }) => status === 'cancelled');

    expect(paused).toMatchObject({ status: 'paused', items: { waiting: 2, running: 1 } });
    expect(refused).toMatchObject({ status: 409, code: 'batch-paused' });
    expect(whilePaused).toEqual({ asked: 1, run: 'paused' });
    expect(resumed).toBe('running');
    expect([stopping.status, whileStopping]).toEqual(['stopping', 'stopping']);
    expect(ended.items).toMatchObject({ completed: 1, cancelled: 2, waiting: 0, running: 0 });
  });

  it('pauses at its cap of cost, and goes on when that is raised', async () => {
    answering = true;
    open.length = 0;
    const items = units('c1', 'c2', 'c3', 'c4');
    const body = { workflow: 'lesson', items, concurrency: 1, maxCost: 1 };

    const { id } = await call<Batch>('POST', 'batches', body);
    // The cap is noticed when a cost is recorded: the run that caused it may still be about to end.
    const capped = await until(id, ({ status, items: { running } }) => status === 'paused' && running === 0);
    await call('PATCH', `batches/${id}`, { maxCost: 10 });
    await call('POST', `batches/${id}/resume`);
    const ended = await until(id, ({ status }) => status === 'completed');

    expect(capped).toMatchObject({ cost: 1, items: { completed: 2, waiting: 2 } });
    expect(capped.reason).toContain('The cap of $1 is reached');
    expect(ended).toMatchObject({ cost: 2, items: { completed: 4 } });
  });

  it('follows a run that is retried by itself after the end, and has nothing to retry then', async () => {
    answering = true;
    failing.add('alone');
    const { id } = await call<Batch>('POST', 'batches', { workflow: 'lesson', items: units('alone') });
    await until(id, ({ status }) => status === 'partial');
    const { items } = await call<{ items: { run: string }[] }>('GET', `batches/${id}/items`);
    failing.delete('alone');

    await call('POST', `runs/${items[0]!.run}/retry`);
    const ended = await until(id, ({ status }) => status === 'completed');
    const again = await call<Batch>('POST', `batches/${id}/retry`);

    expect(ended.items).toMatchObject({ completed: 1, failed: 0 });
    expect(again).toEqual(ended);
  });

  it.each(['skip', 'failed'])(
    'told to %s what was run, starts no second run of one that goes on',
    async (existing) => {
      answering = false;
      open.length = 0;
      const items = units(`going-${existing}`);
      const { id: run } = await call<{ id: string }>('POST', 'runs', {
        workflow: 'lesson',
        inputs: items[0],
      });

      const batch = await call<Batch>('POST', 'batches', { workflow: 'lesson', items, existing });
      await call('POST', `runs/${run}/cancel`);

      expect(batch).toMatchObject({ status: 'completed', items: { total: 1, skipped: 1 } });
    },
  );

  it('told to skip what was run, runs each input once though four batches of them start at the same time', async () => {
    answering = false;
    open.length = 0;
    const items = units(...Array.from({ length: 20 }, (_, n) => `both-${n}`));
    const body = { workflow: 'lesson', items, existing: 'skip', concurrency: 20 };

    const started = await Promise.all([1, 2, 3, 4].map(() => call<Batch>('POST', 'batches', body)));
    answering = true;
    const ended = started.map(({ id }) =>
      until(id, ({ status }) => {
        void answerAll();
        return status === 'completed';
      }),
    );

    const counts = (await Promise.all(ended)).map((batch) => batch.items);
    expect(counts.map(({ completed, skipped }) => completed! + skipped!)).toEqual([20, 20, 20, 20]);
    expect(counts.reduce((sum, { completed }) => sum + completed!, 0)).toBe(20);
  });

  it('counts what runs inside its runs cost, for the cap, the run above and what a rerun would cost', async () => {
    answering = true;
    const items = units('below1', 'below2', 'below3');
    const body = { workflow: 'above', items, concurrency: 1, maxCost: 1 };

    const { id } = await call<Batch>('POST', 'batches', body);
    const capped = await until(id, ({ status, items: { running } }) => status === 'paused' && running === 0);
    const { items: listed } = await call<{ items: { run: string }[] }>('GET', `batches/${id}/items`);
    const { run } = listed[0]!;
    const shown = await call('GET', `runs/${run}`);
    const forecast = await call('POST', `runs/${run}/reruns/forecast`, { from: 'sub' });
    await call('POST', `batches/${id}/cancel`);

    expect(capped).toMatchObject({ cost: 1, items: { completed: 2, waiting: 1 } });
    expect(shown).toMatchObject({ blocks: [{ block: 'sub', cost: 0.5, unpriced: 0 }] });
    expect(forecast).toMatchObject({ blocks: [{ block: 'sub', anew: 1, cost: { anew: 0.5 } }] });
  });

  it('counts runs inside its runs that failed, shows what has no price, and nothing that was paid before', async () => {
    answering = true;
    failing.add('below-bad');
    unpriced.add('free');
    replayed.add('before');
    const items = units('below-bad', 'free', 'before');

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'above', items });
    const ended = await until(id, ({ status }) => status === 'partial');
    const { items: listed } = await call<{ items: { run: string }[] }>('GET', `batches/${id}/items`);
    const runs = await Promise.all(listed.map(({ run }) => call('GET', `runs/${run}`)));

    expect(ended).toMatchObject({ cost: 0.5, items: { failed: 1, completed: 2 } });
    expect(runs).toMatchObject([
      { blocks: [{ cost: 0.5, unpriced: 0 }] },
      { blocks: [{ cost: 0, unpriced: 1 }] },
      { blocks: [{ cost: 0, unpriced: 0 }] },
    ]);
  });

  it('retries what failed while a run inside another of its runs is paused by a budget, and leaves that one alone', async () => {
    answering = true;
    failing.add('broke');
    held.add('poor');
    const { id } = await call<Batch>('POST', 'batches', { workflow: 'above', items: units('broke', 'poor') });
    await until(id, ({ items }) => items['failed'] === 1);
    const runOf = async (): Promise<string> =>
      (await call<{ items: { run: string }[] }>('GET', `batches/${id}/items`)).items[1]!.run;
    const statusOfPoor = async (): Promise<string> =>
      (await call<{ status: string }>('GET', `runs/${await runOf()}`)).status;
    while ((await statusOfPoor()) !== 'paused');
    failing.delete('broke');
    held.delete('poor');

    await call('POST', `batches/${id}/retry`);
    const retried = await until(id, ({ items }) => items['completed'] === 1);
    const meanwhile = await statusOfPoor();
    await call('POST', `runs/${await runOf()}/resume`);
    const ended = await until(id, ({ status }) => status === 'completed');

    expect(retried).toMatchObject({ status: 'running', items: { running: 1, failed: 0 } });
    expect(meanwhile).toBe('paused');
    // Each was paid twice: what failed, what was held, and what succeeded.
    expect(ended).toMatchObject({ cost: 2, items: { completed: 2 } });
  });

  it('counts what is paid for in a run inside its run after all of them have ended, once', async () => {
    answering = false;
    open.length = 0;
    const items = units('too-late');

    const { id } = await call<Batch>('POST', 'batches', { workflow: 'above-hasty', items });
    await until(id, ({ status }) => status === 'completed');
    const [request] = open.splice(0);
    await answer(request!);
    await answer(request!);
    const paid = await until(id, ({ cost }) => cost > 0);
    // Both are handled then. Nothing is consumed after it: this one comes last.
    await bus.drain();
    const { items: listed } = await call<{ items: { run: string; cost: number }[] }>(
      'GET',
      `batches/${id}/items`,
    );
    const [child, above] = await Promise.all(
      [request!.run, listed[0]!.run].map((run) => call('GET', `runs/${run}`)),
    );

    expect(paid).toMatchObject({ status: 'completed', cost: 0.5 });
    expect(listed).toMatchObject([{ cost: 0.5 }]);
    expect(child).toMatchObject({ status: 'partial', blocks: [{ cost: 0.5, failed: 1 }] });
    expect(above).toMatchObject({ status: 'completed', blocks: [{ cost: 0.5, done: 1 }] });
  });

  it('says that a batch is unknown', async () => {
    expect(await call('GET', `batches/${randomUUID()}`)).toMatchObject({
      status: 404,
      code: 'unknown-batch',
    });
    expect(await call('POST', `batches/${randomUUID()}/pause`)).toMatchObject({ code: 'unknown-batch' });
  });
});
