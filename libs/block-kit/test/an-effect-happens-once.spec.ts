import { Database, ManualClock, SystemClock, type Clock } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { BLOCK_MIGRATIONS, Ledger, type Effect, type OnceOptions } from '../src/index.js';

describe('an effect happens once', () => {
  const database = useDatabase('ledger_of_service', BLOCK_MIGRATIONS);
  const never = new AbortController().signal;
  const ledger = (clock: Clock = new SystemClock()): Ledger => new Ledger(database.current, clock);
  const call = <T>(step: string, effect: () => Promise<Effect<T>>): OnceOptions<T> => ({
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
  const paid = { ...usage, cost: { amount: 0.02, currency: 'USD' } };

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

  it('takes over from a process that died in the call, and counts that as interrupted', async () => {
    const clock = new ManualClock();
    const died = ledger(clock).once(call<number>('dies', () => new Promise(() => undefined)));
    died.catch(() => undefined);
    await untilRow('dies');
    // A clock of another process: the dead one renews nothing.
    const later = new ManualClock(new Date(clock.now().getTime() + 31_000));

    const taken = await ledger(later).once(call('dies', async () => ({ value: 'again' })));

    expect(taken.value).toBe('again');
    const { rows } = await database.current.query<{ interrupted: number }>({
      text: `select interrupted from ledger where step = 'dies'`,
    });
    expect(rows).toEqual([{ interrupted: 1 }]);
  });

  it('keeps the claim of a call that is only slow', async () => {
    const clock = new ManualClock();
    let finish = (_: Effect<string>): void => undefined;
    const slow = ledger(clock).once(call<string>('slow', () => new Promise((resolve) => (finish = resolve))));
    await untilRow('slow');
    const before = await leaseOf('slow');

    clock.advance(25_000);
    await untilChanged('slow', before);
    finish({ value: 'first' });

    expect((await slow).value).toBe('first');
    expect((await ledger(clock).once(call('slow', async () => ({ value: 'second' })))).value).toBe('first');
  });

  async function leaseOf(step: string): Promise<number | undefined> {
    const { rows } = await database.current.query<{ lease_until: Date }>({
      text: 'select lease_until from ledger where step = $1',
      values: [step],
    });
    return rows[0]?.lease_until.getTime();
  }

  async function untilRow(step: string): Promise<void> {
    while ((await leaseOf(step)) === undefined) await new Promise((resolve) => setImmediate(resolve));
  }

  async function untilChanged(step: string, before: number | undefined): Promise<void> {
    while ((await leaseOf(step)) === before) await new Promise((resolve) => setImmediate(resolve));
  }
});
