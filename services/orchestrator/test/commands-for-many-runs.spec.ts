import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { orchestratorService } from '../src/orchestrator.module.js';

interface Matching {
  readonly runs: readonly { readonly id: string; readonly status: string }[];
  readonly more: boolean;
}

describe('a command for many runs', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: ServiceUnderTest;

  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${orchestrator.url}/api/${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const matching = async (query: string): Promise<Matching> =>
    (await send('GET', `runs/matching?${query}`)).json() as Promise<Matching>;
  const idsOf = async (query: string): Promise<string[]> => (await matching(query)).runs.map(({ id }) => id);
  /** One that waits for a person. */
  const aRun = async (workflow: string): Promise<string> =>
    ((await (await send('POST', 'runs', { workflow })).json()) as { id: string }).id;

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
    for (const id of ['asks', 'others']) {
      const definition = { kind: 'workflow', id, blocks: [{ id: 'ok', type: 'review', needs: [] }] };
      await send('POST', `workflows/${id}/versions`, { definition });
    }
  });
  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  it('goes to all that the filters of the list find, and says which were refused', async () => {
    const [first, second] = [await aRun('asks'), await aRun('asks')];
    await aRun('others');
    const unknown = randomUUID();

    expect(await matching('workflow=asks&status=active')).toEqual({
      runs: [second, first].map((id) => ({ id, status: 'running' })),
      more: false,
    });
    const answer = await send('POST', 'runs/commands', { command: 'cancel', runs: [first, unknown, second] });

    expect(await answer.json()).toEqual({
      at: expect.any(String),
      done: [first, second],
      refused: [{ run: unknown, code: 'unknown-run', message: expect.stringContaining(unknown) }],
    });
    await until(async () => (await idsOf('workflow=asks&status=cancelled')).length === 2, { everyMs: 50 });
    expect(await idsOf('status=active')).toHaveLength(1);
  });

  it('finds its runs in whatever letters their ids are written, as one for a single run does', async () => {
    const [one, other] = [await aRun('asks'), await aRun('asks')];

    const single = await send('POST', `runs/${one.toUpperCase()}/pause`);
    const many = await send('POST', 'runs/commands', { command: 'pause', runs: [other.toUpperCase()] });

    expect(single.status).toBe(202);
    expect(await many.json()).toMatchObject({ done: [other], refused: [] });
    expect(await idsOf('status=paused')).toEqual([other, one]);
    await send('POST', 'runs/commands', { command: 'cancel', runs: [one, other] });
  });

  it('is refused whole where it names none, or what is no command', async () => {
    const refused = [
      { command: 'cancel', runs: [] },
      { command: 'delete', runs: [randomUUID()] },
      { command: 'retry', runs: ['x'] },
    ];

    for (const body of refused) expect((await send('POST', 'runs/commands', body)).status).toBe(400);
  });
});
