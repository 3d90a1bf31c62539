import {
  Reference,
  blockTypeRegisteredV1,
  referencePublishedV1,
  type EventContract,
  type ReferencePublished,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orchestratorService } from '../src/orchestrator.module.js';

describe('where a versioned thing is used', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: ServiceUnderTest;

  const announce = ({ topic, type }: EventContract, key: string, data: unknown) =>
    bus.publish([
      { topic, key, event: { id: key, source: '/test/service', type, time: '2030-01-01T00:00:00Z', data } },
    ]);
  const version = (of: Partial<ReferencePublished> & { id: string; version: number }) =>
    announce(referencePublishedV1, `${of.kind ?? 'prompt'}/${of.id}/${of.version}`, {
      ...{ kind: 'prompt', labels: [], hash: 'x', reads: [] },
      ...of,
    });
  const request = async (method: string, path: string, body?: object, headers = {}): Promise<unknown> => {
    const response = await fetch(`${orchestrator.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const asking = (id: string, prompt: string) => ({
    kind: 'workflow',
    id,
    blocks: [{ id: 'say', type: 'ask', with: { prompt } }],
  });

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.ensureTopics([{ name: 'duofactory.block-requested.ask' }]);
    await bus.start();
    const fields = { type: 'object', properties: { prompt: Reference('prompt') } };
    const manifest = {
      type: 'ask',
      version: 1,
      title: 'Ask',
      description: 'Asks',
      input: 'each',
      output: 'one',
      with: fields,
    };
    await announce(blockTypeRegisteredV1, 'ask', { service: 'test', manifest });
    await version({ id: 'greet', version: 1, labels: ['production'] });
    await version({ id: 'greet', version: 2 });
    await version({ id: 'greet-more', version: 1 });
    const uses = (reference: string) => [{ kind: 'prompt', reference, field: 'with.prompt' }];
    await version({ kind: 'evaluator', id: 'old-judge', version: 1, uses: uses('greet') });
    await version({ kind: 'evaluator', id: 'old-judge', version: 2, uses: uses('greet-more') });
    await version({ kind: 'evaluator', id: 'judge', version: 3, uses: uses('greet@1') });
    const known = {
      ...asking('known', 'greet@2'),
      blocks: ['greet@2', 'greet@production', 'greet-more'].map((prompt, i) => ({
        ...{ id: `b${i}`, type: 'ask', with: { prompt } },
      })),
    };
    await until(async () => {
      const { errors } = (await request('POST', 'workflows/validate', { definition: known })) as {
        errors: unknown[];
      };
      const { references } = (await request('GET', 'references/prompt/greet/uses')) as {
        references: { id: string }[];
      };
      return errors.length === 0 && references.length === 1 && references[0]!.id === 'judge';
    });
  });

  afterAll(async () => {
    await bus.drain();
    await orchestrator.stop();
    await bus.stop();
  });

  it('is told by workflow, draft and other thing, and by run that stays with its version', async () => {
    await request('POST', 'workflows/latest/versions', { definition: asking('latest', 'greet') });
    await request('POST', 'workflows/labelled/versions', {
      definition: asking('labelled', 'greet@production'),
    });
    await request('POST', 'workflows/other/versions', { definition: asking('other', 'greet-more') });
    await request(
      'PUT',
      'workflows/latest/draft',
      {
        definition: {
          ...asking('latest', 'greet@1'),
          blocks: ['no block', ...asking('latest', 'greet@1').blocks],
        },
      },
      { 'if-none-match': '*' },
    );
    for (const workflow of ['latest', 'latest', 'labelled']) await request('POST', 'runs', { workflow });

    const used = await request('GET', 'references/prompt/greet/uses');
    const unused = await request('GET', 'references/evaluator/greet/uses');

    const block = (reference: string) => [{ block: 'say', reference }];
    expect(used).toEqual({
      workflows: [
        { workflow: 'labelled', version: 1, blocks: block('greet@production') },
        { workflow: 'latest', version: null, blocks: block('greet@1') },
        { workflow: 'latest', version: 1, blocks: block('greet') },
      ],
      references: [
        { kind: 'evaluator', id: 'judge', version: 3, reference: 'greet@1', field: 'with.prompt' },
      ],
      runs: [
        { reference: 'greet@1', workflow: 'labelled', runs: 1 },
        { reference: 'greet@2', workflow: 'latest', runs: 2 },
      ],
    });
    expect(unused).toEqual({ workflows: [], references: [], runs: [] });
  });

  it('is told before a start: by version, by the latest one, and by draft, as a run would be bound to it', async () => {
    await request('POST', 'workflows/bound/versions', { definition: asking('bound', 'greet') });
    await request('POST', 'workflows/bound/versions', { definition: asking('bound', 'greet@production') });
    const draft = { definition: asking('bound', 'nobody') };
    await request('PUT', 'workflows/bound/draft', draft, { 'if-none-match': '*' });

    const bound = async (workflow: string): Promise<unknown> => {
      const answer = await request('POST', 'batches/rehearsal', { workflow, items: [{}] });
      return (answer as { blocks: { references: unknown }[] }).blocks[0]!.references;
    };

    expect(await bound('bound@1')).toEqual([{ kind: 'prompt', reference: 'greet@2' }]);
    expect(await bound('bound')).toEqual([{ kind: 'prompt', reference: 'greet@1' }]);
    expect(await bound('bound@draft')).toEqual([{ kind: 'prompt', reference: 'nobody' }]);
  });
});
