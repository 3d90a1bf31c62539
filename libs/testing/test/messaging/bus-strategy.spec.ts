import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { eventContract, type MessageParked } from '@duofactory/contracts';
import {
  BusStrategy,
  Consumes,
  ConsumesBatch,
  LocalBus,
  type CloudEvent,
  type Delivery,
} from '@duofactory/messaging';
import { Type } from 'typebox';
import { anEvent, quietLog, Received } from '../../src/index.js';

const orderedV1 = eventContract({
  type: 'ordered.v1',
  topic: 'test.orders',
  description: 'A test orders something',
  schema: Type.Object({ id: Type.String({ format: 'uuid' }), count: Type.Integer() }),
});
const paidV1 = eventContract({ ...orderedV1, type: 'paid.v1' });
const shippedV1 = eventContract({ ...orderedV1, type: 'shipped.v1', topic: 'test.shipments' });

const id = '3d8c5a0e-0c70-4d3f-9c61-4d8a5d6cf0a1';

@Controller()
class Handlers {
  static readonly seen = new Received<unknown>();
  static failures = 0;

  @Consumes(orderedV1, { maxAttempts: 2 })
  async ordered(event: CloudEvent<{ id: string; count: number }>, delivery: Delivery): Promise<void> {
    if (Handlers.failures-- > 0) throw Object.assign(new Error('sold out'), { code: 'sold-out' });
    Handlers.seen.add([event.type, event.data.count, delivery.attempt, delivery.signal.aborted]);
  }

  @ConsumesBatch(shippedV1)
  async shipped(events: CloudEvent<{ count: number }>[]): Promise<void> {
    Handlers.seen.add(...events.map((event) => [event.type, event.data.count]));
  }
}

@Module({ controllers: [Handlers] })
class TestModule {}

@Controller()
class Doubled {
  @Consumes(orderedV1)
  async first(): Promise<void> {}
  @Consumes([orderedV1, paidV1])
  async second(): Promise<void> {}
}

@Module({ controllers: [Doubled] })
class DoubledModule {}

describe('event handlers of a Nest application', () => {
  let closing: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  async function listening(
    module: new () => object,
  ): Promise<{ bus: LocalBus; parked: Received<CloudEvent> }> {
    const bus = new LocalBus({ backOff: () => 2, log: quietLog });
    const parked = new Received<CloudEvent>();
    for (const topic of ['test.orders', 'test.shipments']) {
      await bus.subscribe({
        group: `${topic}.parked`,
        topics: [`${topic}.dead-letter`],
        each: async (event) => parked.add(event),
      });
    }
    const strategy = new BusStrategy({ bus, group: 'shop', contracts: [orderedV1, paidV1, shippedV1] });
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    closing.push(() => (app as INestApplicationContext).close());
    await app.listen();
    closing.push(() => bus.stop());
    await bus.start();
    Handlers.failures = 0;
    Handlers.seen.items.length = 0;
    return { bus, parked };
  }

  const publish = (bus: LocalBus, topic: string, type: string, data: unknown): Promise<void> =>
    bus.publish([{ topic, key: 'k', event: anEvent(data, { type }) }]);

  it('get the event and its delivery, unknown fields included', async () => {
    const { bus } = await listening(TestModule);

    await publish(bus, 'test.orders', 'ordered.v1', { id, count: 3, addedLater: true });
    await publish(bus, 'test.shipments', 'shipped.v1', { id, count: 4 });

    expect(Handlers.seen.items).toEqual([
      ['ordered.v1', 3, 1, false],
      ['shipped.v1', 4],
    ]);
  });

  it('are called again when they throw, and their own error is what is parked', async () => {
    const { bus, parked } = await listening(TestModule);

    Handlers.failures = 1;
    await publish(bus, 'test.orders', 'ordered.v1', { id, count: 1 });
    Handlers.failures = 2;
    await publish(bus, 'test.orders', 'ordered.v1', { id, count: 2 });
    const [letter] = (await parked.until(1)) as CloudEvent<MessageParked>[];

    expect(Handlers.seen.items).toEqual([['ordered.v1', 1, 2, false]]);
    expect(letter!.data).toMatchObject({ errorCode: 'sold-out', errorMessage: 'sold out', attempts: 2 });
  });

  it.each([
    ['test.orders', 'ordered.v1'],
    ['test.shipments', 'shipped.v1'],
  ])('never see data that does not fit the contract (%s)', async (topic, type) => {
    const { bus, parked } = await listening(TestModule);

    await publish(bus, topic, type, { id: 'not a uuid', count: 1 });
    await publish(bus, topic, type, { id, count: 'many' });
    await publish(bus, topic, type, { id, count: 7 });
    const letters = (await parked.until(2)) as CloudEvent<MessageParked>[];

    expect(letters.map(({ data }) => [data.errorCode, data.attempts])).toEqual([
      ['invalid-event', 1],
      ['invalid-event', 1],
    ]);
    expect(Handlers.seen.items).toHaveLength(1);
  });

  it("pass over somebody else's events, and park those that nobody knows", async () => {
    const { bus, parked } = await listening(TestModule);

    await publish(bus, 'test.orders', 'paid.v1', { id, count: 1 });
    await publish(bus, 'test.orders', 'unheard-of.v1', {});
    const letters = (await parked.until(1)) as CloudEvent<MessageParked>[];

    expect(letters.map(({ data }) => data.errorCode)).toEqual(['unknown-event-type']);
    expect(Handlers.seen.items).toEqual([]);
  });

  it('must not be two for one event', async () => {
    await expect(listening(DoubledModule)).rejects.toThrow('Two handlers for ordered.v1 on test.orders');
  });
});
