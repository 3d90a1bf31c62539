import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

describe('where a workflow is used', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: ServiceUnderTest;

  const request = async <T>(method: string, path: string, body?: object, headers = {}): Promise<T> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  /** It waits for a person, and does not end. */
  const waiting = (id: string) => ({ kind: 'workflow', id, blocks: [{ id: 'look', type: 'review' }] });
  const running = (id: string, workflow: string) => ({
    ...{ kind: 'workflow', id },
    blocks: [{ id: 'inner', type: 'workflow', input: 'each', with: { workflow } }],
  });
  const publish = (definition: { id: string }): Promise<unknown> =>
    request('POST', `workflows/${definition.id}/versions`, { definition });

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('is told by workflow, draft, schedule, trigger, open batch and open run', async () => {
    for (const id of ['show', 'show-more']) await publish(waiting(id));
    await publish(running('season', 'show@1'));
    await publish(running('other', 'show-more'));
    const draft = { ...running('season', 'show'), blocks: [null, ...running('season', 'show').blocks] };
    const isNew = { 'if-none-match': '*' };
    await request('PUT', 'workflows/season/draft', { definition: draft }, isNew);
    const nightly = { workflow: 'show@1', inputs: {}, cron: '0 3 * * *', timeZone: 'UTC', missed: 'skip' };
    await request('PUT', 'schedules/nightly', { ...nightly, paused: true });
    await request('PUT', 'schedules/other', { ...nightly, workflow: 'show-more' });
    const changed = { topic: 'duofactory.content', type: 'content-published.v1', inputs: {} };
    await request('PUT', 'triggers/changed', { ...changed, workflow: 'show' });
    const { id: batch } = await request<{ id: string }>(
      ...(['POST', 'batches', { workflow: 'show', name: 'All', items: [{}] }] as const),
      { 'idempotency-key': 'all' },
    );
    await request('POST', 'runs', { workflow: 'show' }, { 'idempotency-key': 'one' });

    const used = await request<{ runs: { runs: number }[] }>('GET', 'workflows/show/uses');
    const unused = await request('GET', 'workflows/season/uses');

    expect(used).toEqual({
      workflows: [
        { workflow: 'season', version: null, blocks: [{ block: 'inner', reference: 'show' }] },
        { workflow: 'season', version: 1, blocks: [{ block: 'inner', reference: 'show@1' }] },
      ],
      schedules: [
        { schedule: 'nightly', reference: 'show@1', paused: true, nextAt: expect.stringMatching(/T03:00/) },
      ],
      triggers: [{ trigger: 'changed', reference: 'show', paused: false, type: changed.type }],
      batches: [{ batch, name: 'All', version: 1, status: 'running' }],
      runs: [{ version: 1, runs: expect.any(Number) }],
    });
    // The batch's own run begins when its turn comes.
    expect(used.runs[0]!.runs).toBeGreaterThanOrEqual(1);
    expect(unused).toEqual({ workflows: [], schedules: [], triggers: [], batches: [], runs: [] });
  });
});
