import { blockTypeRegisteredV1, type BlockRequested } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

describe('a block is tested by itself', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  const asked: BlockRequested[] = [];
  let orchestrator: ServiceUnderTest;

  const request = async <T>(path: string, body?: object, headers = {}): Promise<T> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const definition = {
    ...{ kind: 'workflow', id: 'show', variables: { tone: 'warm' } },
    blocks: [
      { id: 'units', type: 'nobody-has-it' },
      { id: 'title', type: 'ask', per: 'units', with: { text: '{{units.name}}, {{level}}, {{tone}}' } },
      null,
    ],
  };
  const given = { units: { name: 'Café' }, level: 'A1', nothing: null };
  const test = (of: object, headers = {}): Promise<{ id: string; workflow: string }> =>
    request('workflows/show/block-tests', { definition, block: 'title', given, ...of }, headers);

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.ensureTopics([{ name: 'duofactory.block-requested.ask' }]);
    await bus.subscribe({
      group: 'ask',
      topics: ['duofactory.block-requested.ask'],
      each: ({ data }) => {
        asked.push(data as BlockRequested);
        return Promise.resolve();
      },
    });
    await bus.start();
    const manifest = {
      ...{ type: 'ask', version: 1, title: 'Ask', description: 'Asks', input: 'each', output: 'one' },
      with: { type: 'object', properties: { text: { type: 'string' } } },
    };
    const data = { service: 'test', manifest };
    const { topic, type } = blockTypeRegisteredV1;
    const event = { id: 'ask', source: '/test', type, time: '2030-01-01T00:00:00Z', data };
    await bus.publish([{ topic, key: 'ask', event }]);
    await until(async () => {
      const { blockTypes } = await request<{ blockTypes: { manifest: { type: string } }[] }>('block-types');
      return blockTypes.some(({ manifest: known }) => known.type === 'ask');
    });
  });
  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('on what is given for the blocks above, whatever is wrong with them, and counts for no run of the workflow', async () => {
    const { id, workflow } = await test({}, { 'idempotency-key': 'once' });
    const again = await test({}, { 'idempotency-key': 'once' });

    await until(() => Promise.resolve(asked.length > 0));
    expect(again.id).toBe(id);
    expect(workflow).toBe('show--test');
    expect(asked).toMatchObject([{ run: id, block: 'title', with: { text: 'Café, A1, warm' } }]);
    expect(await request('runs?workflow=show')).toEqual({ runs: [] });
    expect(await request('workflows')).toEqual({ workflows: [] });
  });

  it('is refused by name: of a block that is not there, and of what is wrong with it', async () => {
    await expect(test({ block: 'nobody' })).rejects.toThrow(/422: .*unknown-block/);
    await expect(test({ block: 'units' })).rejects.toThrow('blocks.units');
    await expect(test({ given: { level: 'A1' } })).rejects.toThrow('blocks.title.with.text');
    await expect(test({ given: { 'no name': 1 } })).rejects.toThrow('no name');
    await expect(test({ given: [] })).rejects.toThrow('given must be an object');
  });
});
