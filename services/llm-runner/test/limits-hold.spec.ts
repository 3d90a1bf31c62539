import {
  BlockFailure,
  Ledger,
  RateLimiter,
  lowered,
  rateNow,
  refilled,
  type RateState,
} from '@duofactory/block-kit';
import { holdLiftedV1, type HoldLifted } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { Database, ManualClock, Metrics, SystemClock, Transactions, type Clock } from '@duofactory/platform';
import { quietLog, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { priceOf } from '../src/adapters/openai/prices.js';
import { Budgets, type Budget } from '../src/app/budgets.js';
import { GuardedModel } from '../src/app/guarded-model.js';
import {
  LanguageModel,
  RateLimited,
  type CallPurpose,
  type ModelAnswer,
  type ModelCall,
  type ModelRequest,
} from '../src/app/language-model.js';
import { llmRunnerService } from '../src/llm-runner.module.js';

const request: ModelRequest = {
  messages: [{ role: 'user', text: 'x'.repeat(300) }],
  model: { name: 'm', maxOutputTokens: 100 },
};
const HINTS = { seed: 's', family: 'f', sample: 1, variables: {} };
const callFor = (purpose: CallPurpose, signal = new AbortController().signal): ModelCall => ({
  ...{ id: randomUUID(), subject: 'p@1', purpose, signal },
  untimed: (wait) => wait(),
  interrupted: [],
});
const answer = (amount: number | null, tokens = 200): ModelAnswer => ({
  text: 'said',
  usage: {
    ...{ kind: 'model', provider: 'scripted', model: 'm' },
    units: { inputTokens: tokens / 2, outputTokens: tokens / 2 },
    cost: amount === null ? null : { amount, currency: 'USD' },
  },
});

/** A vendor that the spec plays: a cent a call, expected and in truth, if it says nothing else. */
class Played extends LanguageModel {
  readonly provider = 'scripted';
  readonly defaultName = 'm';
  keyHash = 'k';
  price: number | null = 0.01;
  calls: ModelCall[] = [];
  answers: (call: ModelCall) => Promise<ModelAnswer> = async () => answer(this.price);

  preview(): object {
    return {};
  }

  priceOf(): number | null {
    return this.price;
  }

  generate(_request: ModelRequest, _hints: object, call: ModelCall): Promise<ModelAnswer> {
    this.calls.push(call);
    return this.answers(call);
  }
}

describe('limits', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let other: Database;
  let bus: LocalBus;
  let relay: OutboxRelay;
  const lifted: HoldLifted[] = [];

  const processOf = (of: { clock?: Clock; on?: Database; model?: Played } = {}) => {
    const { clock = new SystemClock(), on = database.current, model = new Played() } = of;
    const transactions = new Transactions('llm-runner', on, new Outbox(), relay, clock);
    const budgets = new Budgets(on, transactions, clock);
    const limiter = new RateLimiter(on, clock);
    const guarded = new GuardedModel(model, { budgets, limiter }, clock, new Metrics(false));
    const ask = async (
      purpose: CallPurpose,
      signal?: AbortSignal,
      of: Partial<ModelCall> = {},
    ): Promise<ModelAnswer> => {
      const told = await guarded.generate(request, HINTS, { ...callFor(purpose, signal), ...of });
      await told.count!();
      return told;
    };
    return { budgets, limiter, model, guarded, ask };
  };
  const budget = (over: Partial<Budget> & { id: string; per: Budget['per'] }) => ({
    ...{ workflow: null, run: null, amount: null, tokens: null },
    ...over,
  });

  beforeAll(async () => {
    other = await Database.open({
      ...{ url: database.url, schema: 'llm_runner', migrations: llmRunnerService.migrations },
    });
    bus = new LocalBus({ log: quietLog });
    relay = new OutboxRelay({ bus, outbox: new Outbox(), sql: database.current, log: quietLog });
    await bus.subscribe({
      ...{ group: 'spec', topics: [holdLiftedV1.topic] },
      each: async ({ data }) => void lifted.push(data as HoldLifted),
    });
    await bus.start();
  });
  afterAll(async () => {
    await bus.stop();
    await other.close();
  });

  async function untilWaiting(count: number): Promise<void> {
    const text = 'select count(*)::int as count from rate_waiters';
    for (let waiting = -1; waiting !== count;)
      waiting = (await database.current.query<{ count: number }>({ text })).rows[0]!.count;
  }

  it('are not overshot by more than what was underestimated of the calls in flight', async () => {
    const run = randomUUID();
    const model = new Played();
    // Twice what was expected: what nobody could know.
    model.answers = async () => answer(0.02);
    const processes = [processOf({ model }), processOf({ model, on: other })];
    await processes[0]!.budgets.put(budget({ id: 'per-run', per: 'run', amount: 0.5 }), 'spec');

    const outcomes = await Promise.all(
      Array.from({ length: 64 }, (_, i) => processes[i % 2]!.ask({ run }).catch((error: unknown) => error)),
    );

    const held = outcomes.filter((one) => one instanceof BlockFailure);
    const { accounts } = await processes[0]!.budgets.show('per-run');
    const { spent, leased } = accounts.find(({ account }) => account === run)!;
    expect(spent).toBeCloseTo(model.calls.length * 0.02);
    // At most 50 calls could be out before the first was known to cost more.
    expect(spent).toBeLessThanOrEqual(0.5 + 50 * 0.01 + 1e-9);
    expect(held.length).toBe(64 - model.calls.length);
    expect(leased).toBe(0);
    expect(held[0]).toMatchObject({ code: 'budget-reached', hold: { id: 'budget/per-run' } });
    // Another run has an account of its own.
    await processes[0]!.ask({ run: randomUUID() });
    await processes[0]!.budgets.delete('per-run');
  });

  it('tell what they leave a run that starts now', async () => {
    const { budgets, ask } = processOf();
    const set = [
      budget({ id: 'left-of-another', per: 'workflow', workflow: 'another', amount: 1 }),
      budget({ id: 'left-of-run', per: 'run', amount: 2 }),
      budget({ id: 'left-of-tales', per: 'workflow', workflow: 'tales', amount: 1, tokens: 9_000 }),
    ];
    for (const one of set) await budgets.put(one, 'spec');
    await ask({ run: randomUUID(), workflow: 'tales' });

    const left = await budgets.left('tales');

    const { spent, tokens } = (await budgets.show('left-of-tales')).accounts[0]!;
    expect(spent).toBeGreaterThan(0);
    expect(left).toEqual([
      { budget: 'left-of-run', per: 'run', amount: 2, tokens: null },
      { budget: 'left-of-tales', per: 'workflow', amount: 1 - spent, tokens: 9_000 - tokens },
    ]);
    for (const { id } of set) await budgets.delete(id);
  });

  it('hold with a reason, and lift what they held when they are raised', async () => {
    const { budgets, ask } = processOf();
    const set = await budgets.put(
      budget({ id: 'radio', per: 'workflow', workflow: 'radio', tokens: 300 }),
      'spec',
    );
    const ofRadio = { run: randomUUID(), workflow: 'radio' };
    await ask(ofRadio);

    const failure = await ask(ofRadio).catch((error: unknown) => error as BlockFailure);
    await ask({ run: randomUUID(), workflow: 'other' });
    const raised = await budgets.put(
      budget({ id: 'radio', per: 'workflow', workflow: 'radio', tokens: 3000 }),
      'spec',
    );
    await ask(ofRadio);

    expect(failure).toMatchObject({ code: 'budget-reached', hold: { id: 'budget/radio', epoch: set.epoch } });
    expect((failure as BlockFailure).hold!.reason).toContain('200 of 300 tokens');
    expect(raised.epoch).toBeGreaterThan(set.epoch);
    while (!lifted.some(({ id, epoch }) => id === 'budget/radio' && epoch === raised.epoch))
      await new Promise((resolve) => setImmediate(resolve));
    await budgets.delete('radio');
  });

  it('count what a process leased that died: when its call is made again, or when no call can be out any more', async () => {
    const clock = new ManualClock();
    const model = new Played();
    const { budgets, ask } = processOf({ clock, model });
    await budgets.put(budget({ id: 'deaths', per: 'run', amount: 0.025 }), 'spec');
    const [first, second] = [randomUUID(), randomUUID()];
    const [died, alone] = [randomUUID(), randomUUID()];
    const spentBy = async (run: string): Promise<number | undefined> =>
      (await budgets.show('deaths')).accounts.find(({ account }) => account === run)?.spent;
    model.answers = () => new Promise(() => undefined);
    for (const [run, id] of [
      [first, died],
      [second, alone],
    ] as const) {
      void ask({ run }, undefined, { id });
      while (!model.calls.some((call) => call.id === id))
        await new Promise((resolve) => setImmediate(resolve));
    }
    model.answers = async () => answer(0.01);

    // What may have been paid leaves room for one more, at once.
    await ask({ run: first }, undefined, { interrupted: [died] });
    await expect(ask({ run: first })).rejects.toMatchObject({ code: 'budget-reached' });
    clock.advance(17 * 60_000);
    await ask({ run: second });

    expect([await spentBy(first), await spentBy(second)]).toEqual([0.02, 0.02]);
    await budgets.delete('deaths');
  });

  it('count a call whose end nobody saw as paid, and one that was refused as nothing', async () => {
    const model = new Played();
    const { budgets, ask } = processOf({ model });
    const run = randomUUID();
    await budgets.put(budget({ id: 'lost', per: 'run', amount: 1 }), 'spec');
    for (const ambiguous of [true, false]) {
      const failure = new BlockFailure('model-away', 'The connection broke', { retryable: true, ambiguous });
      model.answers = () => Promise.reject(failure);
      await expect(ask({ run })).rejects.toBe(failure);
    }

    const { accounts } = await budgets.show('lost');

    expect(accounts).toMatchObject([{ account: run, spent: 0.01, tokens: 200, leased: 0 }]);
    await budgets.delete('lost');
  });

  it('of money count what was expected, where what was answered has no price', async () => {
    const model = new Played();
    model.answers = async () => answer(null);
    const { budgets, ask } = processOf({ model });
    const run = randomUUID();
    await budgets.put(budget({ id: 'unpriced', per: 'run', amount: 0.025 }), 'spec');

    await ask({ run });
    await ask({ run });

    await expect(ask({ run })).rejects.toMatchObject({ code: 'budget-reached' });
    await budgets.delete('unpriced');
  });

  it('of tokens leave no room for what calls that are out may use', async () => {
    const model = new Played();
    const finish: (() => void)[] = [];
    model.answers = () => new Promise((resolve) => finish.push(() => resolve(answer(0.01, 200))));
    const { budgets, ask } = processOf({ model });
    const run = randomUUID();
    // A call is expected to use 200: there is room for two.
    await budgets.put(budget({ id: 'tokens', per: 'run', tokens: 450 }), 'spec');
    const asked = Array.from({ length: 4 }, () => ask({ run }).catch((error: unknown) => error));
    while (finish.length < 2) await new Promise((resolve) => setImmediate(resolve));

    finish.forEach((end) => end());
    const outcomes = await Promise.all(asked);

    expect(model.calls).toHaveLength(2);
    expect(outcomes.filter((one) => one instanceof BlockFailure)).toHaveLength(2);
    await budgets.delete('tokens');
  });

  it('let nothing come between a paid answer and the ledger', async () => {
    const { model, guarded, budgets } = processOf();
    // A counter takes nothing below zero.
    const units = { inputTokens: 10, cachedInputTokens: 5000, outputTokens: 5 };
    model.answers = async () => ({ ...answer(0.02), usage: { ...answer(0.02).usage, units } });
    await budgets.put(budget({ id: 'strange', per: 'run', amount: 1 }), 'spec');
    const run = randomUUID();
    const ledger = new Ledger(database.current, new SystemClock());
    const once = () =>
      ledger.once({
        ...{ lineage: run, block: 'b', key: 'k', sample: 1, step: 'answer', request: {} },
        signal: new AbortController().signal,
        effect: async (_signal, call) => {
          const { text, usage, count } = await guarded.generate(request, HINTS, {
            ...{ ...callFor({ run }), ...call },
          });
          return { value: text, usage: { ...usage, saved: false }, afterwards: count! };
        },
      });

    const first = await once();
    const again = await once();

    expect([first.value, again.value]).toEqual(['said', 'said']);
    expect(again.usage).toMatchObject({ saved: true, units, cost: { amount: 0.02 } });
    expect(model.calls).toHaveLength(1);
    const { accounts } = await budgets.show('strange');
    expect(accounts).toMatchObject([{ account: run, spent: 0.02, tokens: 15, leased: 0 }]);
    await budgets.delete('strange');
  });

  it('of tokens count what was expected, where nobody counted', async () => {
    const { model, budgets, ask } = processOf();
    model.answers = async () => ({ ...answer(null), usage: { ...answer(null).usage, units: {} } });
    await budgets.put(budget({ id: 'uncounted', per: 'run', tokens: 1000 }), 'spec');
    const run = randomUUID();

    await ask({ run });

    const { accounts } = await budgets.show('uncounted');
    // 300 characters are 100 tokens, and the prompt allows 100 more.
    expect(accounts).toMatchObject([{ account: run, tokens: 200, leasedTokens: 0 }]);
    await budgets.delete('uncounted');
  });

  it('of a run count what the runs inside it spend, and hold them all', async () => {
    const { budgets, ask } = processOf();
    await budgets.put(budget({ id: 'family', per: 'run', amount: 0.035 }), 'spec');
    await budgets.put(budget({ id: 'courses', per: 'workflow', workflow: 'course', tokens: 50_000 }), 'spec');
    const course = { run: randomUUID(), workflow: 'course' };
    const lesson = { run: randomUUID(), workflow: 'lesson', above: [course] };
    const other = { run: randomUUID(), workflow: 'lesson', above: [course] };
    await ask(lesson);
    await ask(other);
    await ask({ run: randomUUID(), workflow: 'line', above: [other, course] });

    const failure = await ask(lesson).catch((error: unknown) => error as BlockFailure);
    const { accounts } = await budgets.show('family');
    const ofCourses = await budgets.show('courses');
    await ask({ run: randomUUID(), workflow: 'lesson', above: [{ ...course, run: randomUUID() }] });

    expect(failure).toMatchObject({ code: 'budget-reached', hold: { id: 'budget/family' } });
    expect((failure as BlockFailure).hold!.reason).toContain(`run ${course.run}`);
    const spent = (run: string): number | undefined => accounts.find(({ account }) => account === run)?.spent;
    expect(spent(course.run)).toBeCloseTo(0.03);
    expect(spent(other.run)).toBeCloseTo(0.02);
    expect(ofCourses.accounts).toMatchObject([{ account: 'course', tokens: 600, leasedTokens: 0 }]);
    await budgets.delete('family');
    await budgets.delete('courses');
  });

  it('of a day end with the day', async () => {
    const clock = new ManualClock(new Date('2030-05-04T22:00:00Z'));
    const { budgets, ask } = processOf({ clock });
    await budgets.put(budget({ id: 'daily', per: 'day', amount: 0.015 }), 'spec');
    await ask({});

    await expect(ask({})).rejects.toMatchObject({ hold: { until: '2030-05-05T00:00:00.000Z' } });
    clock.advance(3 * 3_600_000);
    await ask({});
    await budgets.delete('daily');
  });

  it('of money take no unknown price for nothing', async () => {
    const model = new Played();
    model.price = null;
    const { budgets, ask } = processOf({ model });
    await budgets.put(budget({ id: 'money', per: 'day', amount: 100 }), 'spec');

    await expect(ask({})).rejects.toMatchObject({ code: 'price-unknown', hold: { id: 'budget/money' } });
    await budgets.put(budget({ id: 'money', per: 'day', tokens: 100_000 }), 'spec');
    await ask({});

    expect(model.calls).toHaveLength(1);
    await budgets.delete('money');
  });

  it('of a rate let one person through a batch that fills it, and the batch goes on', async () => {
    const clock = new ManualClock();
    const model = Object.assign(new Played(), { keyHash: 'crowded' });
    const [batch, person] = [processOf({ model, clock }), processOf({ model, clock, on: other })];
    await batch.limiter.put({ model: 'm', requests: 600, tokens: null });
    const stop = new AbortController();
    const runs = Array.from({ length: 243 }, () => randomUUID());
    const waiting = runs.flatMap((run) => [batch.ask({ run }, stop.signal), batch.ask({ run }, stop.signal)]);
    for (const one of waiting) one.catch(() => undefined);
    await untilWaiting(485);
    const tests = [person.ask({ user: 'ana' }), person.ask({ user: 'ana' })];
    await untilWaiting(487);
    const turns = async (count: number): Promise<(string | undefined)[]> => {
      for (; model.calls.length < count; await new Promise((resolve) => setImmediate(resolve)));
      return model.calls.map(({ purpose }) => purpose.user ?? purpose.run);
    };

    for (const count of [2, 3, 4, 5, 6]) {
      clock.advance(100);
      await turns(count);
    }

    // A request a tenth of a second: hers and theirs in turn, and no run twice before all had one.
    const order = await turns(6);
    expect(order.map((one) => one === 'ana')).toEqual([false, true, false, true, false, false]);
    expect(new Set(order.filter((one) => one !== 'ana')).size).toBe(4);
    await Promise.all(tests);
    stop.abort();
    await Promise.allSettled(waiting);
    await batch.limiter.delete('m');
  });

  it('of a rate go round the runs, though one has asked for much before the others came', async () => {
    const clock = new ManualClock();
    const model = Object.assign(new Played(), { keyHash: 'round' });
    const { ask, limiter } = processOf({ model, clock });
    await limiter.put({ model: 'm', requests: 600, tokens: null });
    const stop = new AbortController();
    const [large, ...small] = Array.from({ length: 3 }, () => randomUUID());
    const waiting = Array.from({ length: 20 }, () => ask({ run: large! }, stop.signal));
    await untilWaiting(19);
    for (const [n, run] of small.entries()) {
      clock.advance(1);
      waiting.push(ask({ run }, stop.signal));
      await untilWaiting(20 + n);
    }
    for (const one of waiting) one.catch(() => undefined);

    for (const count of [2, 3, 4, 5]) {
      clock.advance(100);
      while (model.calls.length < count) await new Promise((resolve) => setImmediate(resolve));
    }

    expect(model.calls.map(({ purpose }) => purpose.run)).toEqual([large, ...small, large, large]);
    stop.abort();
    await Promise.allSettled(waiting);
    await limiter.delete('m');
  });

  it('of a rate count the tokens that a call used in truth', async () => {
    const model = Object.assign(new Played(), { keyHash: 'counted' });
    model.answers = async () => answer(0.01, 5000);
    const { ask, limiter } = processOf({ model, clock: new ManualClock() });
    await limiter.put({ model: 'm', requests: null, tokens: 60_000 });

    await ask({});

    const text = `select tokens from rate_states where id = 'scripted m counted'`;
    const { rows } = await database.current.query<{ tokens: number }>({ text });
    // One is there at first: the rest is owed.
    expect(rows).toEqual([{ tokens: 1 - 5000 }]);
    await limiter.delete('m');
  });

  it('of a rate forget who was called off while it was brought in', async () => {
    const model = Object.assign(new Played(), { keyHash: 'left' });
    const { limiter } = processOf({ model });
    const key = { provider: 'scripted', model: 'm', keyHash: 'left' };
    await limiter.put({ model: 'm', requests: 60, tokens: null });
    await limiter.turn(
      key,
      { call: randomUUID(), party: 'user ana', tokens: 1 },
      new AbortController().signal,
    );
    await limiter.refused(key, { afterMs: 600_000 });
    const read = async <Row>(text: string): Promise<Row[]> =>
      (await database.current.query<Row & object>({ text })).rows;
    const until = async (text: string): Promise<void> => {
      while ((await read(text)).length === 0);
    };
    const [called, stays] = [new AbortController(), new AbortController()];
    const [gone, there] = [randomUUID(), randomUUID()];
    let left: Promise<unknown>;
    const refilledAt = `select refilled_at::text as at from rate_states where id = 'scripted m left'`;

    // It is being brought in, and waits for whoever holds the state.
    await other.transaction(async (tx) => {
      await tx.query({ text: `select from rate_states where id = 'scripted m left' for update` });
      left = limiter.turn(key, { call: gone, party: 'user ana', tokens: 1 }, called.signal);
      const stayed = limiter.turn(key, { call: there, party: 'user bo', tokens: 1 }, stays.signal);
      stayed.catch(() => undefined);
      await until('select from pg_locks where not granted');
      called.abort(new Error('enough'));
      await expect(left).rejects.toThrow('enough');
    });
    for (let looks = 0; looks < 3; looks += 1) {
      const [{ at }] = (await read<{ at: string }>(refilledAt)) as [{ at: string }];
      await until(`${refilledAt} and refilled_at > '${at}'`);
    }

    expect(await read(`select call from rate_waiters where state = 'scripted m left'`)).toEqual([
      { call: there },
    ]);
    stays.abort(new Error('enough'));
    await limiter.delete('m');
  });

  it('of a rate are learned from a refusal, and shared', async () => {
    const model = Object.assign(new Played(), { keyHash: 'refused' });
    const [left, right] = [processOf({ model }), processOf({ model, on: other })];
    const limits = { requests: 60_000, tokens: 60_000_000 };
    model.answers = () => Promise.reject(new RateLimited('Slower', { afterMs: 300, limits }));
    const began = Date.now();
    await expect(left.ask({})).rejects.toMatchObject({ code: 'rate-limited', afterMs: 300 });
    let askedAt = 0;
    model.answers = async () => ((askedAt = Date.now()), answer(0.01));

    await right.ask({});

    // The refusal came after `began`, and holds for all processes as long as the vendor said.
    expect(askedAt - began).toBeGreaterThanOrEqual(300);
    const { states } = await right.limiter.list();
    const { factor, requestsNow } = states.find(({ key }) => key === 'scripted m refused')!;
    expect(requestsNow).toBeCloseTo(60_000 * factor);
  });
});

describe('a rate', () => {
  const now = new Date('2030-01-01T00:00:00Z');
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  const state: RateState = {
    ...{
      id: 's',
      model: 'm',
      learnedRequests: null,
      learnedTokens: null,
      limitRequests: 600,
      limitTokens: 60_000,
    },
    ...{ factor: 1, requests: 0, tokens: -1000, refilledAt: now, loweredAt: null, blockedUntil: null },
  };

  it('fills by the time that passes, to a bound', () => {
    expect(refilled(state, after(1000))).toMatchObject({ requests: 10, tokens: 0 });
    expect(refilled(state, after(3_600_000))).toMatchObject({ requests: 50, tokens: 5000 });
    expect(refilled(state, after(-5000))).toMatchObject({ requests: 0 });
  });

  it('is owed for no longer than an hour, however much a vendor says was used', () => {
    const owing = { ...state, tokens: -9e15 };

    expect(refilled(owing, after(1000)).tokens).toBe(-3_600_000 + 1000);
    expect(refilled(owing, after(3_660_000)).tokens).toBeGreaterThan(0);
  });

  it('is halved by a refusal, once for calls that were out together, and recovers', () => {
    const first = lowered(state, now, 2000);
    const second = lowered(first, after(100), 500);
    const later = lowered(second, after(5000));

    // What was stored before there was a bound comes under it, too.
    const aged = refilled({ ...state, blockedUntil: after(1e12) }, now);

    expect([lowered(state, now, 1e15).blockedUntil, aged.blockedUntil]).toEqual([
      after(3_600_000),
      after(3_600_000),
    ]);
    expect(rateNow(first).requests).toBe(300);
    expect(second).toMatchObject({ factor: 0.5, blockedUntil: after(2000) });
    expect(later.factor).toBe(0.25);
    expect(refilled(later, after(25_000)).factor).toBeCloseTo(0.5);
    expect(refilled(later, after(500_000)).factor).toBe(1);
  });
});

describe('a price', () => {
  const tokens = {
    inputTokens: 1_000_000,
    cachedInputTokens: 400_000,
    outputTokens: 500_000,
    reasoningTokens: 200_000,
  };
  const own = { m: { input: 2, cachedInput: 0.5, output: 10, reasoning: 8 } };
  const of = { model: 'm', baseUrl: 'http://127.0.0.1:1/v1', own };
  const published = { model: 'gpt-5-mini', baseUrl: 'https://api.openai.com/v1', own: {} };

  it('counts cached, reasoning and batch tokens as configured', () => {
    expect(priceOf(tokens, of)).toBeCloseTo(0.6 * 2 + 0.4 * 0.5 + 0.3 * 10 + 0.2 * 8);
    expect(priceOf(tokens, { ...of, tier: 'flex' })).toBeCloseTo(6 / 2);
    expect(priceOf(tokens, { ...of, own: { m: { ...own.m, batch: 0.1 } }, tier: 'batch' })).toBeCloseTo(0.6);
  });

  it('is that of the name that was asked, where the vendor answers by a name with a date', () => {
    expect(priceOf(tokens, { ...of, model: 'm-2030-01-01', asked: 'm' })).toBe(priceOf(tokens, of));
    expect(priceOf(tokens, { ...of, model: 'm-2030-01-01', asked: 'other' })).toBeNull();
  });

  it('is the published one for the vendor at the address, and unknown where nobody says', () => {
    const usual = priceOf(tokens, published)!;
    expect(usual).toBeGreaterThan(0);
    expect(priceOf({ ...tokens, cachedInputTokens: 0 }, published)).toBeGreaterThan(usual);
    expect(priceOf(tokens, { ...published, tier: 'flex' })).toBeCloseTo(usual / 2);
    expect(priceOf(tokens, { ...published, tier: 'priority' })).toBeNull();
    expect(priceOf(tokens, { ...published, baseUrl: of.baseUrl })).toBeNull();
  });
});
