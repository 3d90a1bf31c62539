import {
  blockCompletedV1,
  blockRequestedTopic,
  blockTypeRegisteredV1,
  type BlockRequested,
} from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { orchestratorService } from '@duofactory/orchestrator';
import {
  anEvent,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { reviews } from '../src/commands/reviews.js';
import { runs } from '../src/commands/runs.js';
import { written } from './command-line.js';

interface Listed {
  readonly task: string;
  readonly run: string;
}

describe('reviews by command', () => {
  const database = useEmptyDatabase();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let api: Api;
  let folder: string;

  const command = (...args: string[]) => written(reviews, [...args, '--url', service.url]);
  const listed = async (run: string): Promise<Listed | undefined> =>
    (JSON.parse(await command('list', '--json')) as Listed[]).find((one) => one.run === run);
  const ended = async (run: string): Promise<Record<string, unknown> | undefined> => {
    const untilEnded = async (): Promise<boolean> =>
      (await api.get<{ status: string }>(`/api/runs/${run}`)).status === 'completed';
    await until(untilEnded);
    const { payloads } = await api.get<{ payloads: { blockResults: Record<string, unknown> }[] }>(
      `/api/runs/${run}/results`,
    );
    return payloads[0]?.blockResults;
  };
  const aReview = async (): Promise<Listed> => {
    const { id } = await api.post<{ id: string }>('/api/runs', { workflow: 'reviewed' });
    await until(async () => (await listed(id)) !== undefined);
    return (await listed(id))!;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-reviews-'));
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    api = new Api(service.url);
    await bus.subscribe({
      group: 'test.write',
      topics: [blockRequestedTopic('write')],
      each: async ({ data }) => {
        const { run, task, attempt } = data as BlockRequested;
        const outputs = [{ result: { text: 'A draft\u001b[31m' } }];
        const event = anEvent({ run, task, attempt, outputs }, { type: blockCompletedV1.type, subject: run });
        void bus.publish([{ topic: blockCompletedV1.topic, key: run, event }]);
      },
    });
    await bus.start();
    const manifest = {
      ...{ type: 'write', version: 1, title: 'Write', description: 'Writes', input: 'each', output: 'one' },
      with: { type: 'object' },
    };
    const event = anEvent({ service: 'test', manifest }, { type: blockTypeRegisteredV1.type });
    await bus.publish([{ topic: blockTypeRegisteredV1.topic, key: 'write', event }]);
    const definition = {
      ...{ kind: 'workflow', id: 'reviewed' },
      blocks: [
        { id: 'text', type: 'write', needs: [] },
        { id: 'gate', type: 'review', with: { title: 'Is it good?', assignees: ['editor'], edits: 'text' } },
      ],
    };
    await api.post('/api/workflows/reviewed/versions', { definition });
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are listed and shown, with nothing in them that a terminal obeys', async () => {
    const { task, run } = await aReview();

    const list = await command('list', '--assignee', 'editor');
    const others = await command('list', '--assignee', 'nobody');
    const shown = await command('show', task);
    await command('reject', task, '--user', 'editor');

    expect(list).toContain(run);
    expect(others).not.toContain(run);
    expect(shown).toMatch(/^Is it good\?\nopen: block "gate" of run .*\n"text" may be edited\n\ntext:\n/);
    expect(shown).not.toContain('\u001b');
  });

  it('are told of in the list of runs, which has those alone that wait for them', async () => {
    const { task, run } = await aReview();
    const listRuns = (...args: string[]) => written(runs, [...args, '--url', service.url]);
    const waits = async (): Promise<boolean> => (await listRuns('--status', 'in-review')).includes(run);
    await until(waits);

    expect(await listRuns()).toMatch(new RegExp(`^${run} .* in-review `, 'm'));
    expect(JSON.parse(await listRuns('--status', 'in-review', '--json'))).toContainEqual(
      expect.objectContaining({ id: run, status: 'running', awaitsReview: true }),
    );
    await command('reject', task, '--user', 'editor');
    await until(async () => !(await waits()));
  });

  it('are accepted, rejected and edited, once, by whom they are given to', async () => {
    const [accepted, rejected, edited] = [await aReview(), await aReview(), await aReview()];
    const file = join(folder, 'better.yaml');
    await writeFile(file, 'text: A better one\n');

    await expect(command('accept', accepted.task, '--user', 'writer')).rejects.toMatchObject({
      code: 'not-assigned',
    });
    const said = [
      await command('accept', accepted.task, '--user', 'editor', '--comment', 'Fine'),
      await command('reject', rejected.task, '--user', 'editor'),
      await command('edit', edited.task, file, '--user', 'editor'),
    ];

    expect(said).toEqual([
      `${accepted.task} approved\n`,
      `${rejected.task} rejected\n`,
      `${edited.task} approved\n`,
    ]);
    expect(await ended(accepted.run)).toMatchObject({
      gate: { decision: 'approved', by: 'editor', comment: 'Fine' },
    });
    expect(await ended(rejected.run)).toBeUndefined();
    expect(await ended(edited.run)).toMatchObject({ gate: { edits: { text: 'A better one' } } });
  });

  it('take no file that holds no result', async () => {
    const { task } = await aReview();
    const file = join(folder, 'list.yaml');
    await writeFile(file, '- one\n');

    await expect(command('edit', task, file, '--user', 'editor')).rejects.toThrow('give an object');
    await expect(command('edit', task, join(folder, 'none'), '--user', 'editor')).rejects.toThrow('none');
  });
});
