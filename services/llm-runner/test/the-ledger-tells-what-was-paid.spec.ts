import { Ledger, effectId, type Effect, type EffectCall, type EffectIdentity } from '@duofactory/block-kit';
import { holdLiftedV1, type HoldLifted, type PromptDefinition, type Usage } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { Database, ManualClock, SystemClock, type ServiceDefinition } from '@duofactory/platform';
import { quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { OfflineModel } from '../src/adapters/offline/offline-model.js';
import { RunPrompt } from '../src/app/run-prompt.js';
import { sumLedger, type LedgerCall, type LedgerSum } from '../src/store/ledger.js';
import { CostsThatAreNone1764000062000 } from '../src/store/migrations/1764000062000-costs-that-are-none.js';
import { pastCosts } from '../src/store/past-costs.js';
import { aPrompt, libraryOf } from './library-of-spec.js';
import { llmRunnerService } from '../src/llm-runner.module.js';

const RUN = '00000000-0000-4000-8000-00000000000a';
const RERUN = '00000000-0000-4000-8000-00000000000b';
const usage = (cost: Usage['cost']): Usage => ({
  ...{ kind: 'model', provider: 'openai', model: 'gpt-5-mini', saved: false, cost },
  units: { inputTokens: 100, outputTokens: 20 },
});
const WRITTEN = { type: 'assistant' as const, generate: true };
const dollars = (amount: number): Usage['cost'] => ({ amount, currency: 'USD' });

/** Of a process whose timers stand still: it renews no claim. */
const GONE = { leaseMs: 1 };

describe('the ledger tells', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  const { signal } = new AbortController();
  const lifted: HoldLifted[] = [];
  let onLifted = (): void => undefined;
  let bus: LocalBus;
  let service: ServiceUnderTest;

  beforeAll(async () => {
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, { bus, databaseUrl: database.url });
    await bus.subscribe({
      group: 'spec',
      topics: [holdLiftedV1.topic],
      each: async ({ data }) => {
        lifted.push(data as HoldLifted);
        onLifted();
      },
    });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${service.url}${path}`)).json() as Promise<T>;
  const resolve = (id: string, body: object): Promise<Response> =>
    fetch(`${service.url}/api/ledger/calls/${id}/resolution`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const callsOf = (state: string): Promise<{ calls: LedgerCall[] }> =>
    get(`/api/ledger/calls?state=${state}`);
  const once = (
    of: Partial<EffectIdentity> & { key: string; ledger?: Ledger },
    effect: (signal: AbortSignal, call: EffectCall) => Promise<Effect<unknown>>,
  ) => {
    const { ledger = new Ledger(database.current, new SystemClock()), ...named } = of;
    const identity = {
      lineage: RUN,
      workflow: 'radio',
      block: 'script',
      sample: 1,
      step: 'answer',
      run: RUN,
    };
    return ledger.once({ ...identity, ...named, request: {}, effect, signal });
  };

  it('what each run, block, prompt version and model cost and saved; an unknown price is unknown', async () => {
    const paid = async () => ({ value: 1, usage: usage(dollars(0.5)) });
    await once({ key: 'a', subject: 'script@1' }, paid);
    await once({ key: 'b', subject: 'script@2' }, async () => ({ value: 1, usage: usage(null) }));
    await once({ key: 'c', subject: 'title@1', block: 'title' }, paid);
    for (const key of ['a', 'a', 'b']) await once({ key, run: RERUN }, paid);

    const by = async (what: string): Promise<Record<string, object>> => {
      const { groups } = await get<{ groups: LedgerSum[] }>(`/api/ledger?by=${what}`);
      return Object.fromEntries<object>(
        groups.map(({ name, calls, cost, unpriced, replays, saved }) => [
          String(name),
          { calls, cost, unpriced, replays, saved },
        ]),
      );
    };

    expect(await by('run')).toEqual({
      [RUN]: { calls: 3, cost: 1, unpriced: 1, replays: 0, saved: 0 },
      [RERUN]: { calls: 0, cost: 0, unpriced: 0, replays: 3, saved: 1 },
    });
    expect(await by('block')).toEqual({
      'radio/script': { calls: 2, cost: 0.5, unpriced: 1, replays: 3, saved: 1 },
      'radio/title': { calls: 1, cost: 0.5, unpriced: 0, replays: 0, saved: 0 },
    });
    expect(await by('prompt')).toMatchObject({ 'script@2': { calls: 1, cost: 0, unpriced: 1, replays: 1 } });
    expect(await by('model')).toEqual({
      'openai gpt-5-mini': { calls: 3, cost: 1, unpriced: 1, replays: 3, saved: 1 },
    });
    const { total } = await get<{ total: LedgerSum }>(`/api/ledger?by=day&run=${RUN}`);
    expect(total).toMatchObject({ calls: 3, inputTokens: 300, outputTokens: 60, saved: 0 });
  });

  it.each(['since', 'until'])('what was paid %s no time that there never was', async (name) => {
    const response = await fetch(`${service.url}/api/ledger?${name}=-271821-04-20`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ field: name }] });
  });

  it('what it can, where a vendor counted what is no number', async () => {
    const odd = (units: object): Usage => ({ ...usage(null), model: 'odd', units: units as Usage['units'] });
    const run = '00000000-0000-4000-8000-00000000000c';
    const counts = [
      { inputTokens: 'lots', outputTokens: null },
      { inputTokens: 1e300, outputTokens: -5, reasoningTokens: {} },
      { inputTokens: 7, outputTokens: 3 },
    ];
    for (const [i, units] of counts.entries())
      await once({ key: `odd ${i}`, block: 'odd', run }, async () => ({ value: 1, usage: odd(units) }));

    const sums = await get<{ total: LedgerSum }>(`/api/ledger?by=model&run=${run}`);
    const past = await pastCosts(database.current, 'radio');

    expect(sums.total).toMatchObject({ calls: 3, unpriced: 3, inputTokens: 7, outputTokens: 3 });
    expect(past.find(({ block }) => block === 'odd')).toMatchObject({ calls: 3, tokens: 10, unpriced: 3 });
    await database.current.query({ text: `DELETE FROM ledger WHERE model = 'odd'` });
  });

  it.each<[number, PromptDefinition['steps'][number][]]>([
    [1, [{ type: 'user', text: 'one' }]],
    [1, [{ type: 'user', text: 'one' }, WRITTEN]],
    [2, [{ type: 'user', text: 'one' }, WRITTEN, { type: 'user', text: 'two' }]],
    [2, [{ type: 'user', text: 'one' }, WRITTEN, { type: 'user', text: 'two' }, WRITTEN]],
  ])('%s calls of a prompt before it runs, as many as it makes: %j', async (calls, steps) => {
    const prompts = libraryOf(database.current);
    const definition = aPrompt({ id: `calls-${calls}-${steps.length}`, steps });
    await prompts.publish(definition.id, { definition, author: 'spec' });
    const version = (await prompts.find(definition.id))!;
    let made = 0;
    await new RunPrompt(new OfflineModel()).execute(
      { version, scope: {}, sample: 1, purpose: {} },
      async (_step, _request, effect) => {
        made += 1;
        const called = { id: 'c', untimed: <T>(wait: () => Promise<T>) => wait(), interrupted: [] };
        return (await effect(signal, called)).value;
      },
    );

    const response = await fetch(`${service.url}/api/ledger/estimates`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'new', blocks: [{ block: 'b', prompt: definition.id, times: 3 }] }),
    });

    const { blocks } = (await response.json()) as { blocks: object[] };
    expect(made).toBe(calls);
    expect(blocks).toMatchObject([{ basis: 'tokens', calls: calls * 3 }]);
  });

  it('what a run will cost: by past runs of its blocks, else by its prompts, else not', async () => {
    const definition = aPrompt({
      ...{ id: 'title', model: { name: 'default', maxOutputTokens: 50 } },
      steps: [{ type: 'user', text: `{{topic}} of {{unit.name}} ${'x'.repeat(400)}` }],
    });
    await libraryOf(database.current).publish('title', { definition, author: 'spec' });
    const blocks = [
      { block: 'script' },
      { block: 'title' },
      { block: 'fresh', prompt: 'title', times: 3 },
      { block: 'new' },
    ];
    const inputs = { topic: 'y'.repeat(100) };

    const response = await fetch(`${service.url}/api/ledger/estimates`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'radio', inputs, blocks }),
    });

    const said = (await response.json()) as { blocks: object[]; total: object; budgets: object[] };
    expect(said.blocks).toMatchObject([
      { block: 'script', basis: 'past-runs', runs: 1, calls: 2, cost: null },
      { block: 'title', basis: 'past-runs', runs: 1, calls: 1, cost: { mean: 0.5, highest: 0.5 } },
      { block: 'fresh', basis: 'tokens', calls: 3, cost: { mean: 0 }, tokens: 3 * (173 + 50) },
      { block: 'new', basis: 'unknown', cost: null },
    ]);
    expect(said.total).toEqual({ mean: 0.5, highest: 0.5, unknown: ['script', 'new'] });
    expect(said.budgets).toEqual([]);
  });

  it('page after page, each group once', async () => {
    const names: (string | null)[] = [];
    for (let cursor: string | undefined = '', more = true; more;) {
      const page: { groups: LedgerSum[]; next?: string } = await get(
        `/api/ledger?by=prompt&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      names.push(...page.groups.map(({ name }) => name));
      cursor = page.next;
      more = cursor !== undefined;
    }
    expect(names.sort()).toEqual(['script@1', 'script@2', 'title@1']);
  });

  it('calls whose end nobody saw by their request id, and takes a decision about them', async () => {
    // A process that died in its call an hour ago.
    const past = new ManualClock(new Date(Date.now() - 3_600_000));
    const died = async (key: string): Promise<string> => {
      let begin = (_: string): void => undefined;
      const begun = new Promise<string>((resolve) => (begin = resolve));
      const dead = new Ledger(database.current, past, GONE);
      once({ key, ledger: dead }, (_signal, { id }) => (begin(id), new Promise(() => undefined))).catch(
        () => undefined,
      );
      return begun;
    };
    const [first, second] = [await died('dead-1'), await died('dead-2')];
    const { calls } = await callsOf('ambiguous');
    const idOf = (key: string): string => calls.find((call) => call.key === key)!.id;
    expect(calls.map(({ key, state, interruptedCalls }) => [key, state, interruptedCalls]).sort()).toEqual([
      ['dead-1', 'ambiguous', [first]],
      ['dead-2', 'ambiguous', [second]],
    ]);

    const both = new Promise<void>((done) => (onLifted = () => lifted.length === 2 && done()));
    const again = await resolve(idOf('dead-1'), { decision: 'retry' });
    const answered = await resolve(idOf('dead-2'), { decision: 'answer', text: 'Hola' });
    await both;

    expect([again.status, answered.status]).toEqual([200, 200]);
    expect(lifted).toEqual([
      { id: `ledger/${idOf('dead-1')}`, epoch: 2 },
      { id: `ledger/${idOf('dead-2')}`, epoch: 2 },
    ]);
    const effect = async () => ({ value: { text: 'anew' } });
    expect((await once({ key: 'dead-1' }, effect)).value).toEqual({ text: 'anew' });
    expect((await once({ key: 'dead-2' }, effect)).value).toEqual({ text: 'Hola' });
    expect((await callsOf('ambiguous')).calls).toEqual([]);
    const { calls: settled } = await callsOf('interrupted');
    expect(settled.map(({ key, interruptedCalls }) => [key, interruptedCalls]).sort()).toEqual([
      ['dead-1', [first]],
      ['dead-2', [second]],
    ]);
    expect(settled.every(({ interruptedAt }) => interruptedAt !== null)).toBe(true);
  });

  it.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])(
    'of calls that are out, and decides about none of them, on a machine whose clock is %s',
    async (_, apartMs) => {
      const run = randomUUID();
      const begun = { lives: Promise.withResolvers<void>(), gone: Promise.withResolvers<void>() };
      const answered = Promise.withResolvers<Effect<unknown>>();
      const gone = new Ledger(database.current, new ManualClock(), GONE);
      const lives = once({ key: `lives ${apartMs}`, run }, () => (begun.lives.resolve(), answered.promise));
      once(
        { key: `gone ${apartMs}`, run, ledger: gone },
        () => (begun.gone.resolve(), new Promise(() => undefined)),
      ).catch(() => undefined);
      await Promise.all([begun.lives.promise, begun.gone.promise]);
      const clock = new ManualClock(new Date(Date.now() + apartMs));
      const apart = await startForTest(llmRunnerService, { bus, databaseUrl: database.url, clock });
      const ask = async <T>(path: string, body?: object): Promise<{ status: number; body: T }> => {
        const headers = { 'content-type': 'application/json' };
        const sent = body ? { method: 'POST', headers, body: JSON.stringify(body) } : {};
        const response = await fetch(`${apart.url}/api/ledger${path}`, sent);
        return { status: response.status, body: (await response.json()) as T };
      };
      const { calls } = (await ask<{ calls: LedgerCall[] }>(`/calls?run=${run}`)).body;
      const { total } = (await ask<{ total: LedgerSum }>(`?by=run&run=${run}`)).body;
      const decide = async (key: string, decision: object): Promise<number> =>
        (await ask(`/calls/${calls.find((call) => call.key === key)!.id}/resolution`, decision)).status;

      const decided = [
        await decide(`lives ${apartMs}`, { decision: 'retry' }),
        await decide(`lives ${apartMs}`, { decision: 'answer', text: 'no' }),
        await decide(`gone ${apartMs}`, { decision: 'retry' }),
      ];
      answered.resolve({ value: 'said', usage: usage(dollars(0.5)) });
      await apart.stop();

      expect(Object.fromEntries(calls.map(({ key, state }) => [key, state]))).toEqual({
        [`lives ${apartMs}`]: 'pending',
        [`gone ${apartMs}`]: 'ambiguous',
      });
      expect(total.ambiguous).toBe(1);
      expect(decided).toEqual([409, 409, 200]);
      expect((await lives).value).toBe('said');
    },
  );

  it('of an answer that a person brought that nobody knows its price, and all others as before', async () => {
    const run = '00000000-0000-4000-8000-0000000000bd';
    const past = new Ledger(database.current, new ManualClock(new Date(Date.now() - 3_600_000)), GONE);
    const begun = Promise.withResolvers<void>();
    const never = new Promise<never>(() => undefined);
    once({ key: 'brought', run, ledger: past }, () => (begun.resolve(), never)).catch(() => undefined);
    await begun.promise;
    await once({ key: 'priced', run }, async () => ({ value: 1, usage: usage(dollars(0.25)) }));
    const sum = async (): Promise<LedgerSum> =>
      (await get<{ total: LedgerSum }>(`/api/ledger?by=model&run=${run}`)).total;
    const open = await sum();

    const { calls } = await get<{ calls: LedgerCall[] }>(`/api/ledger/calls?run=${run}&state=ambiguous`);
    await resolve(calls[0]!.id, { decision: 'answer', text: 'Hola' });
    await once({ key: 'brought', run }, () => never);

    expect(open).toMatchObject({ calls: 1, cost: 0.25, unpriced: 0, ambiguous: 1 });
    expect(await sum()).toMatchObject({
      calls: 2,
      cost: 0.25,
      unpriced: 1,
      ambiguous: 1,
      replays: 0,
      saved: 0,
    });
    const { groups } = await get<{ groups: LedgerSum[] }>(`/api/ledger?by=model&run=${run}`);
    expect(groups).toContainEqual(
      expect.objectContaining({ name: 'by-hand unknown', calls: 1, unpriced: 1 }),
    );
    const [brought] = (await get<{ calls: LedgerCall[] }>(`/api/ledger/calls?run=${run}`)).calls.filter(
      ({ key }) => key === 'brought',
    );
    expect(brought).toMatchObject({ state: 'done', cost: null });
  });

  it('why a decision is refused', async () => {
    const { calls } = await callsOf('done');
    const done = await resolve(calls[0]!.id, { decision: 'retry' });
    const unknown = await resolve('nothing', { decision: 'retry' });
    const empty = await resolve(calls[0]!.id, { decision: 'answer' });

    expect([done.status, unknown.status, empty.status]).toEqual([409, 404, 400]);
    expect(await done.json()).toMatchObject({ code: 'call-not-ambiguous' });
    expect(JSON.stringify(await empty.json())).toContain('text');
  });

  it('that an answer which its reader went past has saved nothing', async () => {
    const [first, reader] = [randomUUID(), randomUUID()];
    const of = { key: 'of-no-use', block: 'past', lineage: first };
    const paid = async () => ({ value: 'useless', usage: usage(dollars(0.5)) });
    const savedBy = async (run: string) => {
      const { total } = await get<{ total: LedgerSum }>(`/api/ledger?by=run&run=${run}`);
      return [total.calls, total.replays, total.saved];
    };
    await once({ ...of, run: first }, paid);
    await once({ ...of, run: reader }, paid);
    const before = await savedBy(reader);

    const insteadOf = [effectId({ ...of, sample: 1, step: 'answer' }, {})];
    await once({ ...of, run: reader, step: 'answer after 1 failed', insteadOf }, paid);

    expect(before).toEqual([0, 1, 0.5]);
    expect(await savedBy(reader)).toEqual([1, 0, 0]);
  });

  it('what a run may cost at most by the dearest of its past runs, and by their mean what it will', async () => {
    const spent = [0.25, 1.75, 0.25];
    for (const [n, amount] of spent.entries())
      await once({ key: `past-${n}`, workflow: 'past', run: randomUUID() }, async () => ({
        ...{ value: 1, usage: usage(dollars(amount)) },
      }));

    const response = await fetch(`${service.url}/api/ledger/estimates`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'past', inputs: {}, blocks: [{ block: 'script' }] }),
    });

    expect(await response.json()).toMatchObject({
      blocks: [{ basis: 'past-runs', runs: 3, calls: 1, cost: { mean: 0.75, highest: 1.75 } }],
      total: { mean: 0.75, highest: 1.75 },
    });
  });

  it('what a second payment came to, though the price of the first is unknown', async () => {
    const of = { key: 'twice', block: 'twice', run: '00000000-0000-4000-8000-00000000000e' };
    const [begun, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stuck = new Ledger(database.current, new ManualClock(new Date()), GONE);
    const first = once({ ...of, ledger: stuck }, async () => {
      begun.resolve();
      await answered.promise;
      return { value: 1, usage: usage(dollars(0.5)) };
    });
    await begun.promise;

    await once(of, async () => ({ value: 1, usage: usage(null) }));
    answered.resolve();
    await first;

    const { total } = await get<{ total: LedgerSum }>(`/api/ledger?by=block&run=${of.run}`);
    expect(total).toMatchObject({ calls: 2, cost: 0.5, unpriced: 1 });
  });
});

const migrationsBefore = (one: ServiceDefinition['migrations'][number]): ServiceDefinition['migrations'] =>
  llmRunnerService.migrations.slice(0, llmRunnerService.migrations.indexOf(one));

describe('a ledger from before vendors were checked', () => {
  const before = useDatabase('llm_runner', migrationsBefore(CostsThatAreNone1764000062000));

  it('does not know what costs, where it has no number', async () => {
    const ledger = new Ledger(before.current, new SystemClock());
    const { signal } = new AbortController();
    const identity = { lineage: 'old', block: 'b', sample: 1, step: 'answer', request: {}, signal };
    for (const amount of [NaN, 0.5])
      await ledger.once({
        ...{ ...identity, key: `${amount}` },
        effect: async () => ({ value: 1, usage: usage(dollars(amount)) }),
      });

    const { migrations } = llmRunnerService;
    const updated = await Database.open({ url: before.url, schema: 'llm_runner', migrations });

    const [sum] = await sumLedger(updated, { filter: {}, limit: 1 });
    await updated.close();
    expect(sum).toMatchObject({ calls: 2, cost: 0.5, unpriced: 1 });
  });
});
