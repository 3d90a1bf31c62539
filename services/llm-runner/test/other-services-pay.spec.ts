import {
  BlockFailure,
  ClaimedLedger,
  SharedBudgets,
  SharedClaims,
  type CallToPay,
  type Effect,
} from '@duofactory/block-kit';
import {
  attemptPaidV1,
  effectsReusedV1,
  type CloudEvent,
  type EffectsReused,
  type Usage,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { SystemClock } from '@duofactory/platform';
import { anEvent, quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LedgerCall, LedgerSum } from '../src/store/ledger.js';
import { llmRunnerService } from '../src/llm-runner.module.js';

const RUN = '00000000-0000-4000-8000-0000000000d1';
const LATER = '00000000-0000-4000-8000-0000000000d2';
const LAST = '00000000-0000-4000-8000-0000000000d3';
const USAGE: Usage = {
  ...{ kind: 'speech', provider: 'polly', model: 'neural', units: { characters: 100 }, saved: false },
  cost: { amount: 0.5, currency: 'USD' },
};

describe('other services pay from the same ledger and budgets', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  const { signal } = new AbortController();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  const paidLate = Promise.withResolvers<CloudEvent>();

  beforeAll(async () => {
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, {
      ...{ bus, databaseUrl: database.url, env: { DUOFACTORY_AMBIGUOUS_CALLS: 'hold' } },
    });
    await bus.subscribe({
      ...{ group: 'spec', topics: [attemptPaidV1.topic] },
      each: async (event) => paidLate.resolve(event),
    });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${service.url}/api/${path}`)).json() as Promise<T>;
  const send = async (method: string, path: string, body: object) => {
    const response = await fetch(`${service.url}/api/${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  /** As of a process of its own. */
  const once = (key: string, effect: () => Promise<Effect<string>>, task?: string) =>
    new ClaimedLedger(new SharedClaims(service.url), new SystemClock()).once({
      ...{ lineage: 'speech', block: 'speech', key, sample: 1, step: 'speak', request: { key }, signal },
      ...{ run: RUN, workflow: 'radio', payer: 'audio', kind: 'speech', subject: 'Ruth', effect },
      ...(task === undefined ? {} : { task }),
    });
  const callOf = async (key: string): Promise<LedgerCall> =>
    (await get<{ calls: LedgerCall[] }>('ledger/calls?kind=speech')).calls.find((call) => call.key === key)!;

  it('each effect once, whoever asks, and it is listed with what it is', async () => {
    let paid = 0;
    const speak = async (): Promise<Effect<string>> => {
      paid += 1;
      return { value: 'lines/a.json', usage: USAGE, requestId: 'vendor-1' };
    };

    const both = await Promise.all([once('a', speak), once('a', speak)]);

    expect(paid).toBe(1);
    expect(both.map(({ value }) => value)).toEqual(['lines/a.json', 'lines/a.json']);
    expect(both.map(({ usage }) => usage?.saved).sort()).toEqual([false, true]);
    expect(await callOf('a')).toMatchObject({
      ...{ state: 'done', kind: 'speech', voice: 'Ruth', prompt: null, block: 'audio', workflow: 'radio' },
      ...{ run: RUN, model: 'neural', units: { characters: 100 }, requestId: 'vendor-1' },
    });
  });

  it('and what they use again counts as saved, once for each word of it', async () => {
    const task = randomUUID();
    const { usage } = await once('b', async () => ({ value: 'lines/b.json', usage: USAGE }), task);
    const effects = [{ ledger: usage!.ledger!, task, block: 'intro', times: 3 }];
    const data: EffectsReused = { run: LATER, workflow: 'news', effects };
    const ofAnother = { ...data, effects: [{ ...effects[0]!, ledger: 'not ours' }] };
    const told = (one: EffectsReused) => anEvent(one, { type: effectsReusedV1.type });
    const twice = told(data);
    // A later attempt of the task that paid read its own answer.
    const own = told({ ...data, run: RUN, workflow: 'radio', effects: [{ ...effects[0]!, block: 'audio' }] });
    const events = [twice, twice, told(ofAnother), own, told({ ...data, run: LAST })];
    // Of one key, so in order.
    await bus.publish(events.map((event) => ({ topic: effectsReusedV1.topic, key: 'reuses', event })));
    const sum = async (by: string, name: string): Promise<LedgerSum | undefined> =>
      (await get<{ groups: LedgerSum[] }>(`ledger?by=${by}`)).groups.find((one) => one.name === name);
    await until(async () => (await sum('run', LAST)) !== undefined);

    expect(await sum('run', RUN)).toMatchObject({ replays: 0, saved: 0 });
    const saved = { calls: 0, cost: 0, replays: 3, saved: 1.5 };
    expect(await sum('run', LATER)).toMatchObject(saved);
    const both = { calls: 0, cost: 0, replays: 6, saved: 3 };
    expect(await sum('block', 'news/intro')).toMatchObject(both);
    expect(await sum('workflow', 'news')).toMatchObject(both);
    const { total } = await get<{ total: LedgerSum }>(`ledger?workflow=news`);
    expect(total).toMatchObject(both);
  });

  it('where nobody saw the end, a person decides to make it again: there is no text to bring', async () => {
    const lost = new BlockFailure('cut', 'Cut off', { retryable: true, ambiguous: true });
    await expect(once('c', () => Promise.reject(lost))).rejects.toMatchObject({ code: 'ambiguous-call' });
    const { id, state } = await callOf('c');
    const decide = (decision: object) => send('POST', `ledger/calls/${id}/resolution`, decision);

    const answer = await decide({ decision: 'answer', text: 'Hello' });
    const retry = await decide({ decision: 'retry' });

    expect(state).toBe('ambiguous');
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'answer-not-text' }]);
    expect(answer.body['errors']).toMatchObject([{ field: 'decision' }]);
    expect(retry.status).toBe(200);
    expect(await once('c', async () => ({ value: 'c', usage: USAGE }))).toMatchObject({ value: 'c' });
    expect((await callOf('c')).interruptedCalls).toHaveLength(1);
  });

  it('a budget of money is asked before, one of tokens is not theirs', async () => {
    await send('PUT', 'budgets/few-tokens', { per: 'day', tokens: 0 });
    await send('PUT', 'budgets/voices', { per: 'workflow', workflow: 'spoken', amount: 1 });
    const budgets = new SharedBudgets(service.url);
    const call = (amount: number): CallToPay => ({
      ...{ call: randomUUID(), interrupted: [], run: RUN, workflow: 'spoken', name: 'polly neural', amount },
    });

    const first = await budgets.lease(call(0.6), signal);
    const second = budgets.lease(call(0.6), signal);
    // It waits: the first may cost less.
    await first.settle(0.1);
    await (await second).settle(0.6);
    const third = budgets.lease(call(0.6), signal);

    await expect(third).rejects.toMatchObject({
      ...{ code: 'budget-reached', retryable: true, hold: { id: 'budget/voices' } },
    });
    await expect(third).rejects.toThrow(/\$0\.7000 of \$1 spent/);
    expect(await get('budgets/voices')).toMatchObject({
      accounts: [{ account: 'spoken', spent: 0.7, leased: 0 }],
    });
    expect((await send('POST', 'budgets/leases', { ...call(-1) })).body).toMatchObject({
      errors: [{ field: 'amount' }],
    });
  });

  it('and what is answered too late for its attempt is told to the run by whoever stores it', async () => {
    const late = { run: RUN, task: randomUUID(), attempt: 3 };

    const recorded = await new ClaimedLedger(new SharedClaims(service.url), new SystemClock()).once({
      ...{ lineage: 'speech', block: 'speech', key: 'late', sample: 1, step: 'speak', request: {}, signal },
      ...{ kind: 'speech', effect: async () => ({ value: 'lines/late.json', usage: USAGE }) },
      late: () => late,
    });

    expect(recorded).toMatchObject({ told: true, usage: { saved: false } });
    expect(await paidLate.promise).toMatchObject({
      ...{ type: attemptPaidV1.type, subject: RUN },
      data: { ...late, usage: [{ cost: { amount: 0.5 }, saved: false }] },
    });
  });

  it.each([-5, 1.7e308])('and no answer costs %d dollars: such sums could not be told', async (amount) => {
    const usage = { ...USAGE, cost: { amount, currency: 'USD' } };
    const answer = { id: 'ab'.repeat(32), owner: randomUUID(), value: 'a', usage };

    const { status, body } = await send('POST', 'ledger/claims/answers', { answers: [answer] });

    expect([status, body]).toMatchObject([400, { errors: [{ field: 'answers.0.usage' }] }]);
  });

  it('and no answer costs pounds: sums would take them for dollars', async () => {
    const usage = { ...USAGE, cost: { amount: 0.5, currency: 'GBP' } };
    const answer = { id: 'ab'.repeat(32), owner: randomUUID(), value: 'a', usage };

    const { status, body } = await send('POST', 'ledger/claims/answers', { answers: [answer] });

    expect([status, body]).toMatchObject([400, { errors: [{ field: 'answers.0.usage' }] }]);
    expect(JSON.stringify(body)).toContain('USD');
  });

  it('and nothing is paid for where the ledger is away', async () => {
    const away = new ClaimedLedger(new SharedClaims('http://127.0.0.1:9'), new SystemClock());
    const effect = () => Promise.reject(new Error('It was caused'));

    const asked = away.once({
      ...{
        lineage: 'speech',
        block: 'speech',
        key: 'd',
        sample: 1,
        step: 'speak',
        request: {},
        effect,
        signal,
      },
    });

    await expect(asked).rejects.toMatchObject({ code: 'llm-runner-away', retryable: true });
  });
});
