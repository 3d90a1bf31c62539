import type { MessageParked } from '@duofactory/contracts';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { KafkaBus, type CloudEvent, type KafkaBusOptions } from '@duofactory/messaging';
import { aMessage, Gate, kafkaIfAvailable, quietLog, Received } from '../../src/index.js';

const kafka = await kafkaIfAvailable({ proxies: 1 });

(kafka ? describe : describe.skip)('a bus on kafka, when things go wrong', () => {
  const buses: KafkaBus[] = [];

  afterEach(async () => {
    await Promise.all(buses.splice(0).map((bus) => bus.stop()));
  });
  afterAll(() => kafka?.stop());

  function aBus(over: Partial<KafkaBusOptions> = {}): KafkaBus {
    const bus = new KafkaBus({
      brokers: kafka!.brokers,
      clientId: 'faults',
      partitions: 3,
      backOff: () => 5,
      maxWaitMs: 100,
      commitEveryMs: 10,
      log: quietLog,
      ...over,
    });
    buses.push(bus);
    return bus;
  }
  const aTopic = (): string => `test.${randomUUID()}`;

  it('parks bytes that are no event, as they came, and goes on', async () => {
    const topic = aTopic();
    const bus = aBus({ partitions: 1 });
    const handled = new Received<unknown>();
    const parked = new Received<CloudEvent>();
    await bus.subscribe({ group: topic, topics: [topic], each: async ({ data }) => handled.add(data) });
    await bus.subscribe({
      group: `${topic}.dl`,
      topics: [`${topic}.dead-letter`],
      fromBeginning: true,
      each: async (event) => parked.add(event),
    });
    await bus.start();
    const nothing = aMessage(topic, undefined);

    // An event without a type is none; its bytes reach the topic all the same.
    await bus.publish([{ ...nothing, event: { ...nothing.event, type: '' } }, aMessage(topic, 'fine')]);
    const [letter] = (await parked.until(1)) as CloudEvent<MessageParked>[];

    expect(await handled.until(1)).toEqual(['fine']);
    expect(letter!.data).toMatchObject({ errorCode: 'malformed-message', topic, attempts: 0 });
    expect(Buffer.from(letter!.data.body, 'base64').toString()).toBe('null');
  });

  it('hands over again what was not settled when the member left, and nothing that was', async () => {
    const topic = aTopic();
    const first = aBus({ partitions: 1 });
    const gate = new Gate();
    const begun = new Received<unknown>();
    await first.subscribe({
      group: topic,
      topics: [topic],
      fromBeginning: true,
      concurrency: 2,
      each: async ({ data }) => {
        begun.add(data);
        if (data === 2) await gate.opened;
      },
    });
    await first.start();
    await first.publish([0, 1, 2].map((n) => aMessage(topic, n)));
    await begun.until(3);
    const drained = first.drain();
    await first.publish([aMessage(topic, 3)]);
    gate.open();
    await drained;

    const second = aBus();
    const received = new Received<unknown>();
    await second.subscribe({
      group: topic,
      topics: [topic],
      fromBeginning: true,
      each: async ({ data }) => received.add(data),
    });
    await second.start();

    expect(await received.until(1)).toEqual([3]);
  });

  it('commits nothing above a message in hand', async () => {
    const topic = aTopic();
    const first = aBus({ partitions: 1 });
    const begun = new Received<unknown>();
    await first.subscribe({
      group: topic,
      topics: [topic],
      fromBeginning: true,
      concurrency: 4,
      each: async ({ data }) => {
        begun.add(data);
        // Fails as long as this member lives: never settled.
        if (data === 1) throw Object.assign(new Error('away'), { outage: true });
      },
    });
    await first.start();
    await first.publish([0, 1, 2, 3].map((n) => aMessage(topic, n)));
    await begun.until(6);
    await first.stop();

    const second = aBus();
    const received = new Received<unknown>();
    await second.subscribe({
      group: topic,
      topics: [topic],
      fromBeginning: true,
      each: async ({ data }) => received.add(data),
    });
    await second.start();

    expect([...(await received.until(3))].sort()).toEqual([1, 2, 3]);
  });

  it('loses nothing when members come and go while it works', async () => {
    const topic = aTopic();
    const total = 600;
    const received = new Received<unknown>();
    const settled = new Set<unknown>();
    const all = new Gate();
    const member = async (): Promise<KafkaBus> => {
      const bus = aBus({ partitions: 6 });
      await bus.subscribe({
        group: topic,
        topics: [topic],
        fromBeginning: true,
        concurrency: 8,
        each: async ({ data }) => {
          await new Promise((resolve) => setImmediate(resolve));
          received.add(data);
          settled.add(data);
          if (settled.size === total) all.open();
        },
      });
      await bus.start();
      return bus;
    };
    const first = await member();
    const publisher = aBus();
    await publisher.start();
    const publish = (from: number): Promise<void> =>
      publisher.publish(Array.from({ length: 200 }, (_, n) => aMessage(topic, from + n, `key-${n}`)));

    await publish(0);
    await member();
    await publish(200);
    await first.drain();
    await publish(400);
    await all.opened;

    expect(settled.size).toBe(total);
    // Retained partitions go on where they were: hardly anything comes twice.
    expect(received.items.length).toBeLessThan(total * 1.5);
  });

  it('pauses a partition at its cap and resumes it', async () => {
    const topic = aTopic();
    const bus = aBus({ partitions: 1, inHandPerPartition: 20 });
    const gate = new Gate();
    const received = new Received<unknown>();
    await bus.subscribe({
      group: topic,
      topics: [topic],
      concurrency: 5,
      each: async ({ data }) => {
        await gate.opened;
        received.add(data);
      },
    });
    await bus.start();
    for (let n = 0; n < 10; n += 1)
      await bus.publish(Array.from({ length: 30 }, (_, i) => aMessage(topic, n * 30 + i)));

    gate.open();

    expect(new Set(await received.until(300)).size).toBe(300);
  });

  it('tells all who wait for a broker that is away, and not one after the other', async () => {
    const topic = aTopic();
    const proxy = kafka!.proxies[0]!;
    const bus = aBus({ brokers: [`127.0.0.1:${proxy.port}`] });
    await bus.start();
    await bus.publish([aMessage(topic, 'before')]);

    proxy.cut();
    const publishing = Array.from({ length: 20 }, (_, n) => bus.publish([aMessage(topic, n)]));
    await expect(
      Promise.any(publishing.map((one) => one.catch((error: unknown) => error))),
    ).resolves.toBeInstanceOf(Error);
    proxy.mend();

    const ends = await Promise.allSettled(publishing);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(20);
    await expect(bus.publish([aMessage(topic, 'after')])).resolves.toBeUndefined();
  });

  it('goes on after the broker was restarted', async () => {
    const topic = aTopic();
    const bus = aBus();
    const received = new Received<unknown>();
    await bus.subscribe({
      group: topic,
      topics: [topic],
      fromBeginning: true,
      each: async ({ data }) => received.add(data),
    });
    await bus.start();
    await bus.publish([aMessage(topic, 'before')]);
    await received.until(1);

    await kafka!.restart();
    for (let sent = false; !sent;) {
      sent = await bus.publish([aMessage(topic, 'after')]).then(
        () => true,
        () => false,
      );
    }
    while (!received.items.includes('after')) await received.until(received.items.length + 1);

    expect(received.items).toContain('after');
    await expect(bus.ready()).resolves.toBeUndefined();
  }, 600_000);
});
