import type { Usage } from '@duofactory/contracts';
import { Database, ManualClock, SystemClock, type Clock } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  BLOCK_MIGRATIONS,
  BlockFailure,
  Ledger,
  type Effect,
  type EffectCall,
  type OnceOptions,
} from '../src/index.js';

describe('an effect happens once', () => {
  const database = useDatabase('ledger_of_service', BLOCK_MIGRATIONS);
  const never = new AbortController().signal;
  const ledger = (clock: Clock = new SystemClock()): Ledger => new Ledger(database.current, clock);
  const call = <T>(step: string, effect: OnceOptions<T>['effect']): OnceOptions<T> => ({
    lineage: 'first-run',
    block: 'script',
    key: 'brief=1',
    sample: 1,
    step,
    request: { messages: ['Hola'] },
    effect,
    signal: never,
  });
  const usage = { kind: 'model', provider: 'p', model: 'm', units: { outputTokens: 7 }, saved: false };
  const paid: Usage = { ...usage, cost: { amount: 0.02, currency: 'USD' } };

  it('gives later calls the first answer, as saved', async () => {
    let calls = 0;
    const effect = async (): Promise<Effect<{ text: string }>> => {
      calls += 1;
      return { value: { text: `answer ${calls}` }, usage: paid };
    };

    const first = await ledger().once(call('replay', effect));
    const second = await ledger().once(call('replay', effect));

    expect(first).toMatchObject({ value: { text: 'answer 1' }, usage: { saved: false, cost: paid.cost } });
    expect(second).toMatchObject({ value: { text: 'answer 1' }, usage: { saved: true, cost: paid.cost } });
    expect(calls).toBe(1);
  });

  it('tells a later attempt of the task that paid what it paid, and that it saved nothing', async () => {
    const [task, other] = [randomUUID(), randomUUID()];
    const of = call('tried again', async () => ({ value: 1, usage: paid }));
    await ledger().once({ ...of, task });

    const later = await ledger().once({ ...of, task });
    const reader = await ledger().once({ ...of, task: other });

    expect(later.usage).toMatchObject({ saved: false, again: true, cost: paid.cost });
    expect(reader.usage).toMatchObject({ saved: true });
    expect(reader.usage).not.toHaveProperty('again');
  });

  it('makes one call of many that come together, from several processes', async () => {
    const other = await Database.open({
      url: database.url,
      schema: 'ledger_of_service',
      migrations: BLOCK_MIGRATIONS,
    });
    let calls = 0;
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const effect = async (): Promise<Effect<number>> => {
      calls += 1;
      release();
      await new Promise((resolve) => setImmediate(resolve));
      return { value: calls };
    };

    const answers = Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        new Ledger(i % 2 ? other : database.current, new SystemClock()).once(call('together', effect)),
      ),
    );
    await held;

    expect((await answers).map(({ value }) => value)).toEqual(Array.from({ length: 20 }, () => 1));
    expect(calls).toBe(1);
    await other.close();
  });

  it('leaves a call to whoever makes it, however often another process looks meanwhile', async () => {
    const other = await Database.open({
      ...{ url: database.url, schema: 'ledger_of_service', migrations: BLOCK_MIGRATIONS },
    });
    const looked = new Looks(other);
    const begun = new Begun<string>();
    const first = ledger().once(call<string>('under-way', begun.effect));
    await begun.call;
    let calls = 0;
    const second = new Ledger(looked.database, new SystemClock()).once(
      call('under-way', async () => ({ value: `call ${++calls}` })),
    );

    await looked.times(3);
    begun.finish({ value: 'first' });

    expect([(await first).value, (await second).value, calls]).toEqual(['first', 'first', 0]);
    await other.close();
  });

  it('stores the answer before anything follows from it, and keeps it where that fails', async () => {
    let stored: unknown;
    const effect = async (): Promise<Effect<number>> => ({
      value: 1,
      afterwards: async () => {
        stored = (await rowOf('follows'))!['state'];
        throw new Error('The database of budgets is away');
      },
    });

    const { value } = await ledger().once(call('follows', effect));

    expect([value, stored]).toEqual([1, 'done']);
  });

  it('calls anew for another request, step, sample, key, block or lineage', async () => {
    let calls = 0;
    const effect = async (): Promise<Effect<number>> => ({ value: ++calls });
    const base = call('differs', effect);

    await ledger().once(base);
    await ledger().once({ ...base, request: { messages: ['Adiós'] } });
    await ledger().once({ ...base, step: 'repair' });
    await ledger().once({ ...base, sample: 2 });
    await ledger().once({ ...base, key: 'brief=2' });
    await ledger().once({ ...base, block: 'title' });
    await ledger().once({ ...base, lineage: 'another-run' });

    expect(calls).toBe(7);
  });

  it('remembers nothing of a call that failed before its eyes', async () => {
    const failing = call<number>('fails', async () => Promise.reject(new Error('429')));

    await expect(ledger().once(failing)).rejects.toThrow('429');

    expect(await ledger().once({ ...failing, effect: async () => ({ value: 2 }) })).toEqual({ value: 2 });
  });

  it('takes over from a process that died in the call, and lists that call by the id that its vendor was given', async () => {
    const clock = new ManualClock();
    const begun = new Begun();
    const died = ledger(clock).once(call<number>('dies', begun.never));
    died.catch(() => undefined);
    const { id } = await begun.call;
    await leaseEnds('dies');

    let told: readonly string[] = [];
    const again = async (_: AbortSignal, { interrupted }: EffectCall): Promise<Effect<string>> => {
      told = interrupted;
      return { value: 'again' };
    };
    const taken = await ledger().once(call('dies', again));

    expect([taken.value, told]).toEqual(['again', [id]]);
    expect(await rowOf('dies')).toMatchObject({ state: 'done', interrupted: 1, interrupted_calls: [id] });
  });

  it('counts a call that is made again for the run that pays for it, not for the one that was interrupted', async () => {
    const [run, task] = [randomUUID(), randomUUID()];
    const begun = new Begun();
    const interrupted = { ...call<number>('moves', begun.never), run: randomUUID(), task: randomUUID() };
    ledger(new ManualClock())
      .once({ ...interrupted, workflow: 'first', payer: 'one' })
      .catch(() => undefined);
    await begun.call;
    await leaseEnds('moves');

    const payer = { run, task, workflow: 'second', payer: 'two' };
    await ledger().once({ ...call('moves', async () => ({ value: 1, usage: paid })), ...payer });

    expect(await rowOf('moves')).toMatchObject({ run, task, workflow: 'second', block: 'two', cost: '0.02' });
  });

  it('leaves it to a person where that is the policy, whether it died or only lost sight of the call', async () => {
    const hold = { ambiguous: 'hold' as const };
    const clock = new ManualClock();
    const begun = new Begun();
    new Ledger(database.current, clock, hold).once(call<number>('asks', begun.never)).catch(() => undefined);
    await begun.call;
    await leaseEnds('asks');
    const careful = new Ledger(database.current, new ManualClock(), hold);
    let calls = 0;
    const effect = async (): Promise<Effect<number>> => ({ value: ++calls });

    const died = await careful.once(call('asks', effect)).catch((error: unknown) => error);
    const again = await careful.once(call('asks', effect)).catch((error: unknown) => error);
    const cut = new BlockFailure('model-away', 'The connection broke', { retryable: true, ambiguous: true });
    const lost = await careful.once(call('lost', () => Promise.reject(cut))).catch((error: unknown) => error);

    for (const failure of [died, again, lost])
      expect(failure).toMatchObject({ code: 'ambiguous-call', hold: { epoch: 1 } });
    expect(calls).toBe(0);
    await database.current.query({ text: `update ledger set state = 'released' where step = 'asks'` });
    expect((await careful.once(call('asks', effect))).value).toBe(1);
  });

  it('lists a call whose end it did not see, and makes it again', async () => {
    const cut = new BlockFailure('model-away', 'The connection broke', { retryable: true, ambiguous: true });
    const refused = new BlockFailure('rate-limited', 'Later', { retryable: true });

    await expect(ledger().once(call('cut', () => Promise.reject(cut)))).rejects.toBe(cut);
    await expect(ledger().once(call('cut', () => Promise.reject(refused)))).rejects.toBe(refused);
    await ledger().once(call('cut', async () => ({ value: 1 })));

    expect(await rowOf('cut')).toMatchObject({ state: 'done', interrupted: 1 });
  });

  it('counts who read an answer instead of paying, and what was paid for twice', async () => {
    const runs = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;
    const clock = new ManualClock();
    const begun = new Begun<number>();
    const frozen = ledger(clock).once({ ...call<number>('twice', begun.effect), run: runs[0] });
    await begun.call;
    await leaseEnds('twice');
    const first = async (): Promise<Effect<number>> => ({ value: 1, usage: paid, requestId: 'req_1' });
    await ledger().once({ ...call('twice', first), run: runs[0] });

    begun.finish({ value: 2, usage: paid });
    const late = await frozen;
    for (const run of [runs[1], runs[1], runs[0]]) await ledger().once({ ...call('twice', first), run });

    // Everyone goes on with the answer that was stored first.
    expect(late).toMatchObject({ value: 1, usage: { saved: false } });
    expect(await rowOf('twice')).toMatchObject({
      ...{
        repaid: 1,
        repaid_cost: '0.02',
        cost: '0.02',
        currency: 'USD',
        provider: 'p',
        request_id: 'req_1',
      },
    });
    const { rows } = await database.current.query({
      text: `select r.run, r.times from ledger_replays r join ledger l on l.id = r.ledger where step = 'twice' order by 1`,
    });
    // What a run paid for itself it does not save.
    expect(rows).toEqual([{ run: runs[1], times: 2 }]);
  });

  it('keeps the claim of a call that is only slow', async () => {
    const clock = new ManualClock();
    const begun = new Begun<string>();
    const slow = ledger(clock).once(call<string>('slow', begun.effect));
    await begun.call;
    const before = (await rowOf('slow'))!['lease_until'] as Date;

    clock.advance(25_000);
    while (((await rowOf('slow'))!['lease_until'] as Date).getTime() === before.getTime())
      await new Promise((resolve) => setImmediate(resolve));
    begun.finish({ value: 'first' });

    expect((await slow).value).toBe('first');
    expect((await ledger(clock).once(call('slow', async () => ({ value: 'second' })))).value).toBe('first');
  });

  it('keeps it from a machine whose clock is ahead as well', async () => {
    const begun = new Begun<string>();
    const slow = ledger().once(call<string>('apart', begun.effect));
    await begun.call;
    const ahead = new ManualClock(new Date(Date.now() + 3600_000));
    let calls = 0;
    const other = ledger(ahead).once(call('apart', async () => ({ value: `second ${(calls += 1)}` })));
    let isOver = false;
    const over = other.finally(() => (isOver = true));

    for (let looks = 0; looks < 20; looks += 1) {
      await rowOf('apart');
      ahead.advance(1000);
    }
    begun.finish({ value: 'first' });
    await slow;
    while (!isOver) {
      ahead.advance(1000);
      await rowOf('apart');
    }

    expect((await over).value).toBe('first');
    expect(calls).toBe(0);
  });

  /** As if whoever holds the claim had been gone for so long: the dead renew nothing. */
  async function leaseEnds(step: string): Promise<void> {
    const text = `update ledger set lease_until = clock_timestamp() - interval '1 second' where step = $1`;
    await database.current.query({ text, values: [step] });
  }

  async function rowOf(step: string): Promise<Record<string, unknown> | undefined> {
    const text = 'select * from ledger where step = $1';
    return (await database.current.query({ text, values: [step] })).rows[0];
  }
});

/** A database that tells how often the ledger has looked into it. */
class Looks {
  readonly database: Database;
  #count = 0;
  #onLook = (): void => undefined;

  constructor(database: Database) {
    this.database = new Proxy(database, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function') return member;
        if (name !== 'query') return member.bind(target) as unknown;
        return async (...query: unknown[]): Promise<unknown> => {
          const answer = (await member.apply(target, query)) as unknown;
          this.#count += 1;
          this.#onLook();
          return answer;
        };
      },
    });
  }

  times(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onLook = () => this.#count >= count && resolve();
      this.#onLook();
    });
  }
}

/** An effect that has begun, and ends when the spec says so. */
class Begun<T = never> {
  finish = (_: Effect<T>): void => undefined;
  #begin = (_: EffectCall): void => undefined;
  readonly call = new Promise<EffectCall>((resolve) => (this.#begin = resolve));
  readonly effect = (_signal: AbortSignal, call: EffectCall): Promise<Effect<T>> => {
    this.#begin(call);
    return new Promise((resolve) => (this.finish = resolve));
  };
  readonly never = (_signal: AbortSignal, call: EffectCall): Promise<never> => {
    this.#begin(call);
    return new Promise(() => undefined);
  };
}
