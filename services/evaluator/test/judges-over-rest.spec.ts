import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { evaluatorService } from '../src/evaluator.module.js';

const rule = { type: 'rule', with: { rules: [{ use: 'length', text: '{{text}}', max: 80 }] } };
const composite = (...evaluators: string[]) => ({
  type: 'composite',
  with: { evaluators: evaluators.map((evaluator) => ({ evaluator })), combine: 'min' },
});

describe('who judges', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let evaluator: ServiceUnderTest;

  const send = (path: string, body: object): Promise<Response> =>
    fetch(`${evaluator.url}/api/evaluators/${path}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    });
  const publish = async (id: string, more: object): Promise<void> => {
    const response = await send(`${id}/versions`, { definition: { kind: 'evaluator', id, ...more } });
    expect([id, response.status]).toEqual([id, 201]);
  };

  beforeAll(async () => {
    evaluator = await startForTest(evaluatorService, { bus, databaseUrl: database.url });
    await bus.start();
    await publish('short', rule);
    await publish('plain', rule);
    await publish('strict', composite('short', 'plain'));
    await publish('stricter', composite('strict', 'short'));
  });
  afterAll(async () => {
    await evaluator.stop();
    await bus.stop();
  });

  it('is told of rules, of what holds them, and of what is not there', async () => {
    const response = await send('judges', { evaluators: ['short', 'stricter@1', 'nobody', 'No id\0'] });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      evaluators: [
        { evaluator: 'short', asksModel: false },
        { evaluator: 'stricter@1', asksModel: false },
        { evaluator: 'nobody', asksModel: null },
        { evaluator: 'No id\0', asksModel: null },
      ],
    });
  });

  it('is refused where none is named, or what is no name', async () => {
    for (const evaluators of [[], [7], 'short', undefined])
      expect((await send('judges', { evaluators })).status).toBe(400);
  });
});
