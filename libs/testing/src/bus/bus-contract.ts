import type { MessageParked } from '@duofactory/contracts';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Bus, CloudEvent, Delivery } from '@duofactory/messaging';
import { aMessage, anEvent } from './an-event.js';
import { Gate, Received } from './received.js';

/** Makes a bus that is not started, and retries after a few milliseconds. */
export type NewBus = () => Bus;

class Terminal extends Error {
  readonly terminal = true;
  readonly code = 'no-use';
}

class DatabaseAway extends Error {
  readonly code = 'ECONNREFUSED';
}

/** What every transport promises. Call it in a spec of each. */
export function busContract(transport: string, newBus: NewBus): void {
  describe(`a bus on ${transport}`, () => {
    const buses: Bus[] = [];
    const aBus = (): Bus => {
      const bus = newBus();
      buses.push(bus);
      return bus;
    };
    const aTopic = (): string => `test.${randomUUID()}`;

    afterEach(async () => {
      await Promise.all(buses.splice(0).map((bus) => bus.stop()));
    });

    it('hands every event to every group, as it was published', async () => {
      const topic = aTopic();
      const bus = aBus();
      const left = new Received<CloudEvent>();
      const right = new Received<CloudEvent>();
      await bus.subscribe({ group: `${topic}.l`, topics: [topic], each: async (event) => left.add(event) });
      await bus.subscribe({
        group: `${topic}.r`,
        topics: [topic],
        batch: async (events) => right.add(...events),
      });
      await bus.start();
      const event = anEvent(
        { text: 'Ça va ? 日本' },
        { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      );

      await bus.publish([{ topic, key: 'k', event }]);

      expect(await left.until(1)).toEqual([event]);
      expect(await right.until(1)).toEqual([event]);
    });

    it('shares the events of a topic among the members of a group', async () => {
      const topic = aTopic();
      const bus = aBus();
      const received = new Received<unknown>();
      const each = async (event: CloudEvent): Promise<void> => received.add(event.data);
      await bus.subscribe({ group: topic, topics: [topic], fromBeginning: true, each });
      await bus.subscribe({ group: topic, topics: [topic], fromBeginning: true, each });
      await bus.start();

      await bus.publish(Array.from({ length: 40 }, (_, n) => aMessage(topic, n, `key-${n}`)));
      await received.until(40);

      expect(new Set(received.items).size).toBe(40);
    });

    it('gathers a micro-batch while the handler is busy, up to maxBatch', async () => {
      const topic = aTopic();
      const bus = aBus();
      const sizes = new Received<number>();
      const gate = new Gate();
      await bus.subscribe({
        group: topic,
        topics: [topic],
        maxBatch: 30,
        batch: async (events) => {
          sizes.add(events.length);
          if (sizes.items.length === 1) await gate.opened;
        },
      });
      await bus.start();
      const first = bus.publish([aMessage(topic, 0)]);
      await sizes.until(1);

      const second = bus.publish(Array.from({ length: 50 }, (_, n) => aMessage(topic, n)));
      const marker = new Received<string>();
      await bus.subscribe({
        group: `${topic}.m`,
        topics: [`${topic}.m`],
        each: async () => marker.add('seen'),
      });
      await bus.publish([aMessage(`${topic}.m`, 0)]);
      await marker.until(1);
      gate.open();
      await Promise.all([first, second]);
      while (sizes.items.reduce((a, b) => a + b, 0) < 51) await sizes.until(sizes.items.length + 1);

      expect(sizes.items[0]).toBe(1);
      expect(Math.max(...sizes.items)).toBeLessThanOrEqual(30);
      // The claim: fifty events took a few calls, not fifty.
      expect(sizes.items.length).toBeLessThan(10);
    });

    it('keeps the order of each key in batches, through failures', async () => {
      const topic = aTopic();
      const bus = aBus();
      const received = new Received<{ key: string; n: number }>();
      let failures = 3;
      await bus.subscribe({
        group: topic,
        topics: [topic],
        maxBatch: 7,
        batch: async (events) => {
          if (failures-- > 0) throw new Error('not yet');
          received.add(...events.map(({ data }) => data as { key: string; n: number }));
        },
      });
      await bus.start();

      for (let n = 0; n < 100; n += 20) {
        void bus.publish(
          Array.from({ length: 20 }, (_, i) => aMessage(topic, { key: `k${i % 3}`, n: n + i }, `k${i % 3}`)),
        );
      }
      await received.until(100);

      for (const key of ['k0', 'k1', 'k2']) {
        const order = received.items.filter((item) => item.key === key).map(({ n }) => n);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    });

    it('hands an event over again when the handler throws', async () => {
      const topic = aTopic();
      const bus = aBus();
      const attempts = new Received<number>();
      await bus.subscribe({
        group: topic,
        topics: [topic],
        each: async (_event, { attempt }) => {
          attempts.add(attempt);
          if (attempt < 3) throw new Error('not yet');
        },
      });
      await bus.start();

      await bus.publish([aMessage(topic, 'again')]);

      expect(await attempts.until(3)).toEqual([1, 2, 3]);
    });

    it.each(['each', 'batch'] as const)(
      'parks a poison message with its envelope and goes on (%s)',
      async (mode) => {
        const topic = aTopic();
        const bus = aBus();
        const parked = new Received<CloudEvent>();
        const handled = new Received<unknown>();
        let tries = 0;
        const handle = async (event: CloudEvent): Promise<void> => {
          if (event.data !== 'poison') return;
          tries += 1;
          throw new Error('cannot digest');
        };
        await bus.subscribe({
          group: `${topic}.g`,
          topics: [topic],
          maxAttempts: 3,
          ...(mode === 'each'
            ? {
                each: async (event: CloudEvent) => {
                  await handle(event);
                  handled.add(event.data);
                },
              }
            : {
                batch: async (events: CloudEvent[]) => {
                  for (const event of events) await handle(event);
                  handled.add(...events.map(({ data }) => data));
                },
              }),
        });
        await bus.subscribe({
          group: `${topic}.dl`,
          topics: [`${topic}.dead-letter`],
          fromBeginning: true,
          each: async (event) => parked.add(event),
        });
        await bus.start();
        const poison = aMessage(topic, 'poison', 'a key');

        await bus.publish([
          aMessage(topic, 1),
          aMessage(topic, 2),
          poison,
          aMessage(topic, 3),
          aMessage(topic, 4),
        ]);
        await handled.until(4);
        const [letter] = (await parked.until(1)) as CloudEvent<MessageParked>[];

        expect([...handled.items].sort()).toEqual([1, 2, 3, 4]);
        expect(tries).toBeGreaterThanOrEqual(3);
        expect(letter!.type).toBe('message-parked.v1');
        expect(letter!.data).toMatchObject({
          topic,
          group: `${topic}.g`,
          key: 'a key',
          errorCode: 'Error',
          errorMessage: 'cannot digest',
          attempts: 3,
          headers: { ce_id: poison.event.id, ce_type: 'tested.v1', ce_source: '/duofactory/test' },
        });
        expect(Buffer.from(letter!.data.body, 'base64').toString()).toBe('"poison"');
      },
    );

    it('parks at once what no retry can help', async () => {
      const topic = aTopic();
      const bus = aBus();
      const attempts: number[] = [];
      const parked = new Received<CloudEvent>();
      await bus.subscribe({
        group: topic,
        topics: [topic],
        each: async (_event, { attempt }) => {
          attempts.push(attempt);
          throw new Terminal('never');
        },
      });
      await bus.subscribe({
        group: `${topic}.dl`,
        topics: [`${topic}.dead-letter`],
        fromBeginning: true,
        each: async (event) => parked.add(event),
      });
      await bus.start();

      await bus.publish([aMessage(topic, 'x')]);
      const [letter] = (await parked.until(1)) as CloudEvent<MessageParked>[];

      expect(attempts).toEqual([1]);
      expect(letter!.data.errorCode).toBe('no-use');
    });

    it('blames no message for an outage, however long', async () => {
      const topic = aTopic();
      const bus = aBus();
      const handled = new Received<unknown>();
      let calls = 0;
      await bus.subscribe({
        group: topic,
        topics: [topic],
        maxAttempts: 2,
        batch: async (events) => {
          calls += 1;
          if (calls < 8) throw new DatabaseAway('connect ECONNREFUSED');
          handled.add(...events.map(({ data }) => data));
        },
      });
      await bus.start();

      await bus.publish([aMessage(topic, 'kept')]);

      expect(await handled.until(1)).toEqual(['kept']);
    });

    it('lets no slow handler hold up the others', async () => {
      const topic = aTopic();
      const bus = aBus();
      const gate = new Gate();
      const fast = new Received<unknown>();
      await bus.subscribe({
        group: topic,
        topics: [topic],
        concurrency: 4,
        each: async ({ data }) => {
          if (data === 'slow') await gate.opened;
          else fast.add(data);
        },
      });
      await bus.start();

      // One key, so on Kafka one partition.
      const published = bus.publish([
        aMessage(topic, 'slow'),
        aMessage(topic, 'slow'),
        ...Array.from({ length: 50 }, (_, n) => aMessage(topic, n)),
      ]);
      await fast.until(50);
      gate.open();
      await published;

      expect(fast.items).toHaveLength(50);
    });

    it('waits for the work in hand when it drains, and begins nothing more', async () => {
      const topic = aTopic();
      const bus = aBus();
      const gate = new Gate();
      const begun = new Received<Delivery>();
      const ended: unknown[] = [];
      await bus.subscribe({
        group: topic,
        topics: [topic],
        concurrency: 1,
        each: async ({ data }, delivery) => {
          begun.add(delivery);
          await gate.opened;
          ended.push(data);
        },
      });
      await bus.start();
      const published = bus
        .publish([aMessage(topic, 1), aMessage(topic, 2)])
        .catch((error: unknown) => error);
      await begun.until(1);

      const drained = bus.drain();
      gate.open();
      await drained;

      expect(ended).toEqual([1]);
      expect(begun.items).toHaveLength(1);
      expect(begun.items[0]!.signal.aborted).toBe(false);
      await published;
    });

    it('tells what a group has in hand, has handled, tried again and parked', async () => {
      const topic = aTopic();
      const bus = aBus();
      const gate = new Gate();
      const begun = new Received<unknown>();
      const parked = new Received<CloudEvent>();
      await bus.subscribe({
        group: `${topic}.g`,
        topics: [topic],
        concurrency: 2,
        each: async ({ data }, { attempt }) => {
          if (data === 'again' && attempt === 1) throw new Error('not yet');
          if (data === 'poison') throw new Terminal('never');
          begun.add(data);
          if (data === 'slow') await gate.opened;
        },
      });
      await bus.subscribe({
        group: `${topic}.dl`,
        topics: [`${topic}.dead-letter`],
        fromBeginning: true,
        each: async (event) => parked.add(event),
      });
      await bus.start();
      const ofGroup = async (): Promise<object> =>
        (await bus.figures()).find(({ group }) => group === `${topic}.g`)!;
      const published = bus.publish(['again', 'poison', 'slow'].map((data) => aMessage(topic, data)));
      await begun.until(2);
      await parked.until(1);

      const during = await ofGroup();
      gate.open();
      await published;
      let after = await ofGroup();
      while ((after as { handled: number }).handled < 3) after = await ofGroup();

      expect(during).toMatchObject({
        retried: 1,
        parked: 1,
        oldestAtMs: Date.parse('2026-01-01T00:00:00.000Z'),
      });
      expect((during as { lag: number }).lag).toBeGreaterThanOrEqual(1);
      expect(after).toEqual({ group: `${topic}.g`, topic, lag: 0, handled: 3, retried: 1, parked: 1 });
    });

    it('hands the last event of each key of a compacted topic to those who come later', async () => {
      const topic = aTopic();
      const bus = aBus();
      await bus.ensureTopics([{ name: topic, compacted: true, partitions: 1 }]);
      await bus.start();
      await bus.publish([
        aMessage(topic, 'old', 'a'),
        aMessage(topic, 'only', 'b'),
        aMessage(topic, 'new', 'a'),
      ]);
      const known = new Map<string, unknown>();
      const complete = new Gate();

      await bus.subscribe({
        group: topic,
        topics: [topic],
        fromBeginning: true,
        batch: async (events) => {
          // Kafka compacts in the background, so that the old one may come before.
          for (const { data } of events) known.set(data === 'only' ? 'b' : 'a', data);
          if (known.get('a') === 'new' && known.has('b')) complete.open();
        },
      });
      await complete.opened;

      expect([...known]).toEqual(
        expect.arrayContaining([
          ['a', 'new'],
          ['b', 'only'],
        ]),
      );
    });
  });
}
