import {
  blockTypeRegisteredV1,
  messageParkedV1,
  type CloudEvent,
  type MessageParked,
} from '@duofactory/contracts';
import { LocalBus, writeHeaders } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { orchestratorService } from '../src/orchestrator.module.js';

describe('dead letters', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };
  const arrived: CloudEvent[] = [];
  let more = (): void => undefined;

  const call = async <T>(method: string, path: string): Promise<T> =>
    (await (await fetch(`${orchestrator.url}/api/${path}`, { method })).json()) as T;
  const parkedOnes = async (): Promise<string[]> =>
    (await call<{ deadLetters: { id: string }[] }>('GET', 'dead-letters')).deadLetters.map(({ id }) => id);

  const manifest = {
    type: 'late',
    version: 1,
    title: 'Late',
    description: 'Late',
    input: 'each',
    output: 'one',
  };
  const event: CloudEvent = {
    id: 'e1',
    source: '/test/service',
    type: blockTypeRegisteredV1.type,
    time: '2031-01-01T00:00:00.000Z',
    data: { service: 'test', manifest: { ...manifest, with: { type: 'object' } } },
  };
  const letter = (of: Partial<MessageParked> = {}): MessageParked => ({
    id: randomUUID(),
    topic: blockTypeRegisteredV1.topic,
    group: 'orchestrator',
    key: 'late',
    headers: writeHeaders(event),
    body: Buffer.from(JSON.stringify(event.data)).toString('base64'),
    errorCode: 'boom',
    errorMessage: 'It was not to be',
    attempts: 5,
    parkedAt: '2031-01-01T00:00:01.000Z',
    ...of,
  });
  const announce = (data: MessageParked) =>
    bus.publish([
      {
        topic: messageParkedV1.topic,
        key: data.id,
        event: { id: data.id, source: '/x', type: messageParkedV1.type, time: data.parkedAt, data },
      },
    ]);

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.subscribe({
      group: 'watch',
      topics: [blockTypeRegisteredV1.topic],
      each: async (one) => {
        arrived.push(one);
        more();
      },
    });
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('that a service announces are listed, shown as they came, and sent again once', async () => {
    const parked = letter();
    const again = new Promise<void>((resolve) => (more = resolve));

    await announce(parked);
    const listed = await parkedOnes();
    const shown = await call<object>('GET', `dead-letters/${parked.id}`);
    await call('POST', `dead-letters/${parked.id}/redrive`);
    await call('POST', `dead-letters/${parked.id}/redrive`);
    await again;

    expect(listed).toEqual([parked.id]);
    expect(shown).toMatchObject({
      ...{ errorCode: 'boom', errorMessage: 'It was not to be', key: 'late', encoding: 'utf-8' },
      body: JSON.stringify(event.data),
    });
    expect(arrived).toMatchObject([{ id: 'e1', source: '/test/service', data: event.data }]);
    expect(await parkedOnes()).toEqual([]);
  });

  it('that were sent again do not come back with a second announcement, but with a second parking', async () => {
    const parked = letter();
    await announce(parked);
    await call('POST', `dead-letters/${parked.id}/redrive`);

    await announce(parked);
    const afterSame = await parkedOnes();
    await announce({ ...parked, parkedAt: '2031-01-02T00:00:00.000Z' });

    expect(afterSame).toEqual([]);
    expect(await parkedOnes()).toEqual([parked.id]);
    await call('POST', `dead-letters/${parked.id}/redrive`);
  });

  it('whose bytes never were an event are shown, and stay', async () => {
    const parked = letter({ headers: {}, body: Buffer.from([0xff, 0xfe]).toString('base64') });
    await announce(parked);

    expect(await call('GET', `dead-letters/${parked.id}`)).toMatchObject({
      encoding: 'base64',
      body: '//4=',
    });
    expect(await call('POST', `dead-letters/${parked.id}/redrive`)).toMatchObject({
      status: 409,
      code: 'not-an-event',
    });
    expect(await parkedOnes()).toEqual([parked.id]);
    expect(await call('GET', `dead-letters/${randomUUID()}`)).toMatchObject({ code: 'unknown-dead-letter' });
  });

  it('are listed newest first, and sent again many at once, in the order of their names, but for those refused', async () => {
    const [older, newer] = [
      letter({ parkedAt: '2031-01-03T00:00:00.000Z' }),
      letter({ parkedAt: '2031-01-04T00:00:00.000Z' }),
    ];
    const broken = letter({ headers: {}, parkedAt: '2031-01-05T00:00:00.000Z' });
    for (const one of [newer, broken, older]) await announce(one);
    const ids = [older.id, broken.id, randomUUID(), newer.id];
    const redrive = async (body: object): Promise<Response> =>
      fetch(`${orchestrator.url}/api/dead-letters/redrives`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify(body),
      });

    const listed = await parkedOnes();
    const said = await redrive({ ids });

    expect(listed.slice(0, 3)).toEqual([broken.id, newer.id, older.id]);
    expect(await said.json()).toEqual({
      redriven: [older.id, newer.id],
      refused: [
        { id: broken.id, code: 'not-an-event', message: expect.any(String) },
        { id: ids[2], code: 'unknown-dead-letter', message: expect.any(String) },
      ],
    });
    expect(await parkedOnes()).toEqual([broken.id, ...listed.slice(3)]);
    expect((await redrive({ ids: [] })).status).toBe(400);
  });
});
