import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import {
  Bus,
  DeadLetterTable,
  LocalBus,
  Outbox,
  MESSAGING_MIGRATIONS,
  OutboxRelay,
  redriven,
  type CloudEvent,
  type Message,
  type OutboxRow,
} from '@duofactory/messaging';
import type { Database } from '@duofactory/platform';
import { aMessage, Gate, quietLog, Received, useDatabase } from '../../src/index.js';

describe('the outbox', () => {
  const postgres = useDatabase('outbox', MESSAGING_MIGRATIONS);
  let database: Database;
  let now: Date;
  const parts: { stop(): Promise<void> }[] = [];

  beforeEach(() => {
    database = postgres.current;
    now = new Date('2026-01-01T12:00:00Z');
  });

  afterEach(async () => {
    for (const part of parts.splice(0).reverse()) await part.stop();
    await database.query({ text: 'delete from outbox' });
  });

  /** One process's publisher. */
  function aPublisher(bus: Bus): { outbox: Outbox; relay: OutboxRelay; add: typeof add } {
    const outbox = new Outbox({ now: () => now });
    const relay = new OutboxRelay({
      bus,
      outbox,
      sql: database,
      now: () => now,
      log: quietLog,
      sweepEveryMs: 10,
    });
    parts.push(relay);
    const add = (messages: Message[]): Promise<OutboxRow[]> =>
      database.transaction((tx) => Promise.resolve(outbox.add(tx, messages)));
    return { outbox, relay, add };
  }

  async function aBus(topic: string, each: (event: CloudEvent) => Promise<void>): Promise<LocalBus> {
    const bus = new LocalBus({ backOff: () => 5, log: quietLog, deadLetters: new DeadLetterTable(database) });
    parts.push(bus);
    await bus.subscribe({ group: topic, topics: [topic], each });
    await bus.start();
    return bus;
  }

  const rowsLeft = async (): Promise<number> =>
    Number((await database.query<{ n: string }>({ text: 'select count(*) as n from outbox' })).rows[0]!.n);

  it('packs the messages of a micro-batch into one row a topic', async () => {
    const { add } = aPublisher(new LocalBus());

    const rows = await add([aMessage('a', 1), aMessage('b', 2), aMessage('a', 3)]);

    expect(rows.map(({ topic, messages }) => [topic, messages.map(({ event }) => event.data)])).toEqual([
      ['a', [1, 3]],
      ['b', [2]],
    ]);
    expect(await rowsLeft()).toBe(2);
  });

  it('publishes nothing of a transaction that rolled back', async () => {
    const { outbox } = aPublisher(new LocalBus());

    await expect(
      database.transaction(async (tx) => {
        outbox.add(tx, [aMessage('a', 1)]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');

    expect(await rowsLeft()).toBe(0);
  });

  it('takes any text, NUL characters too', async () => {
    const received = new Received<unknown>();
    const bus = await aBus('nul', async ({ data }) => received.add(data));
    const { relay, add } = aPublisher(bus);
    await add([aMessage('nul', { text: 'a\u0000b\ud83d' })]);

    await relay.start();

    expect(await received.until(1)).toEqual([{ text: 'a\u0000b\ud83d' }]);
  });

  it('publishes right after the commit, and deletes what is published with the next transaction', async () => {
    const received = new Received<unknown>();
    const bus = await aBus('direct', async ({ data }) => received.add(data));
    const outbox = new Outbox({ now: () => now });
    const relay = new OutboxRelay({ bus, outbox, sql: database, log: quietLog, idleDeleteMs: 60_000 });
    const add = (messages: Message[]) =>
      database.transaction((tx) => Promise.resolve(outbox.add(tx, messages)));

    relay.published(await add([aMessage('direct', 1)]));
    await received.until(1);
    const second = await add([aMessage('direct', 2)]);
    const left = await rowsLeft();
    relay.published(second);
    await received.until(2);
    await relay.stop();

    // The first row went with the insert of the second.
    expect(left).toBe(1);
    expect(await rowsLeft()).toBe(0);
  });

  it('deletes what is published also when the transaction that was to take it along rolls back', async () => {
    const received = new Received<unknown>();
    const bus = await aBus('undeleted', async ({ data }) => received.add(data));
    const outbox = new Outbox({ now: () => now });
    const relay = new OutboxRelay({ bus, outbox, sql: database, log: quietLog, idleDeleteMs: 60_000 });
    parts.push(relay);
    relay.published(
      await database.transaction((tx) => Promise.resolve(outbox.add(tx, [aMessage('undeleted', 1)]))),
    );
    await received.until(1);

    await database
      .transaction(async (tx) => {
        outbox.add(tx, [aMessage('undeleted', 2)]);
        throw new Error('no');
      })
      .catch(() => undefined);
    await relay.drain();

    expect(await rowsLeft()).toBe(0);
    expect(received.items).toEqual([1]);
  });

  it('keeps a record until every group has acknowledged it', async () => {
    const gate = new Gate();
    const begun = new Received<unknown>();
    const bus = await aBus('slow', async ({ data }) => {
      begun.add(data);
      await gate.opened;
    });
    const { relay, add } = aPublisher(bus);
    relay.published(await add([aMessage('slow', 1)]));
    await begun.until(1);

    now = new Date(now.getTime() + 60_000);
    await relay.sweep();
    const held = await rowsLeft();
    gate.open();
    await relay.drain();

    expect(held).toBe(1);
    expect(await rowsLeft()).toBe(0);
    // Due for the sweep, but in flight in this process: handed over once.
    expect(begun.items).toEqual([1]);
  });

  it('loses nothing when the process ends between commit and publish', async () => {
    const crashed = aPublisher(new LocalBus());
    await crashed.add(Array.from({ length: 300 }, (_, n) => aMessage('left', n)));
    await crashed.add([aMessage('left', 300)]);

    const received = new Received<unknown>();
    const bus = await aBus('left', async ({ data }) => received.add(data));
    const { relay } = aPublisher(bus);
    await relay.start();
    await received.until(301);
    await relay.drain();

    expect(new Set(received.items).size).toBe(301);
    expect(await rowsLeft()).toBe(0);
  });

  it('leaves young rows of other processes alone, and takes them when they are due', async () => {
    const received = new Received<unknown>();
    const bus = new (class extends LocalBus {
      override readonly inProcess = false as never;
    })({ log: quietLog });
    parts.push(bus);
    await bus.subscribe({ group: 'g', topics: ['due'], each: async ({ data }) => received.add(data) });
    await bus.start();
    await aPublisher(new LocalBus()).add([aMessage('due', 1)]);
    const { relay } = aPublisher(bus);

    await relay.sweep();
    const early = received.items.length;
    now = new Date(now.getTime() + 5_001);
    await relay.sweep();

    expect(early).toBe(0);
    expect(await received.until(1)).toEqual([1]);
  });

  it('publishes once when two processes sweep together', async () => {
    const received = new Received<unknown>();
    const bus = await aBus('shared', async ({ data }) => received.add(data));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => aPublisher(new LocalBus()).add([aMessage('shared', n)])),
    );
    now = new Date(now.getTime() + 6000);
    const [left, right] = [aPublisher(bus), aPublisher(bus)];

    await Promise.all([left.relay.sweep(), right.relay.sweep()]);
    await Promise.all([left.relay.drain(), right.relay.drain()]);

    expect([...received.items].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('hands over once what is in flight, whoever finds it, and again at the next sweep when that failed', async () => {
    const handed = new Received<PromiseWithResolvers<void>>();
    const bus = new LocalBus({ log: quietLog });
    bus.publish = () => {
      const publication = Promise.withResolvers<void>();
      handed.add(publication);
      return publication.promise;
    };
    const { relay, add } = aPublisher(bus);
    const rows = await add([aMessage('flight', 1)]);

    // The sweep comes between the commit and who is to publish after it, and again while that is in flight.
    for (const before of [() => undefined, () => relay.published(rows)]) {
      before();
      now = new Date(now.getTime() + 6000);
      await relay.sweep();
    }
    const once = handed.items.length;
    handed.items[0]!.reject(new Error('broker away'));
    await setImmediate();
    await relay.sweep();
    const twice = handed.items.length;
    handed.items.at(-1)!.resolve();
    await relay.drain();

    expect([once, twice]).toEqual([1, 2]);
    expect(await rowsLeft()).toBe(0);
  });

  it('sweeps nothing that is published already, though it could not be deleted', async () => {
    const received = new Received<unknown>();
    const bus = await aBus('undeletable', async ({ data }) => received.add(data));
    let refused = 0;
    const outbox = new Outbox({ now: () => now });
    const sql: Pick<Database, 'query'> = {
      query: (statement) => {
        if (typeof statement === 'string' || statement.name !== 'outbox-delete')
          return database.query(statement);
        refused += 1;
        return Promise.reject(new Error('disk full'));
      },
    };
    const relay = new OutboxRelay({ bus, outbox, sql, now: () => now, log: quietLog });
    relay.published(
      await database.transaction((tx) => Promise.resolve(outbox.add(tx, [aMessage('undeletable', 1)]))),
    );
    await relay.drain();

    now = new Date(now.getTime() + 6000);
    await relay.sweep();
    const left = await rowsLeft();
    await relay.stop();

    expect(refused).toBeGreaterThan(1);
    expect(left).toBe(1);
    expect(received.items).toEqual([1]);
  });

  it('tries again when the bus refuses', async () => {
    const received = new Received<unknown>();
    const tried = new Received<number>();
    const bus = await aBus('refused', async ({ data }) => received.add(data));
    const publish = bus.publish.bind(bus);
    bus.publish = (messages) => {
      tried.add(tried.items.length);
      return tried.items.length < 3 ? Promise.reject(new Error('broker away')) : publish(messages);
    };
    const { relay, add } = aPublisher(bus);

    relay.published(await add([aMessage('refused', 1)]));
    await tried.until(1);
    now = new Date(now.getTime() + 6000);
    await relay.sweep();
    await tried.until(2);
    now = new Date(now.getTime() + 6000);
    await relay.sweep();

    expect(await received.until(1)).toEqual([1]);
  });

  it('keeps dead letters where they can be listed, and redrives each once', async () => {
    const received = new Received<unknown>();
    let healed = false;
    const bus = await aBus('sick', async ({ data }) => {
      if (!healed) throw Object.assign(new Error('no use'), { terminal: true, code: 'no-use' });
      received.add(data);
    });
    const { relay, outbox, add } = aPublisher(bus);
    const table = new DeadLetterTable(database);
    relay.published(await add([aMessage('sick', 'a\u0000'), aMessage('sick', 'b')]));
    await relay.drain();

    const letters = await table.list({ limit: 10 });
    healed = true;
    const redrive = (id: string): Promise<OutboxRow[]> =>
      database.transaction(async (tx) => {
        const letter = (await table.find(id))!;
        return (await table.markRedriven(tx, id, now)) ? outbox.add(tx, [redriven(letter)]) : [];
      });
    for (const { id } of [...letters, ...letters]) relay.published(await redrive(id));

    expect(letters.map(({ errorCode, topic, attempts }) => [errorCode, topic, attempts])).toEqual([
      ['no-use', 'sick', 1],
      ['no-use', 'sick', 1],
    ]);
    expect([...(await received.until(2))].sort()).toEqual(['a\u0000', 'b']);
    expect(await table.list({ limit: 10 })).toEqual([]);
  });
});
