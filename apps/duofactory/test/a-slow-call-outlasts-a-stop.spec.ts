import { FakeOpenAi, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { publishOnceKnown } from './publish-once-known.js';

/** Longer than work under way has by default. */
const SLOW_MS = 4_500;

describe('a slow call outlasts a stop', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let fake: FakeOpenAi;

  const hostNow = (): Promise<Host> =>
    startHost({
      ...{ DUOFACTORY_DATABASE_URL: database.url, DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0' },
      ...{ DUOFACTORY_LOG_LEVEL: 'silent', DUOFACTORY_DRAIN_GRACE_MS: '60000' },
      ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: 'gpt-5-mini' },
      ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-slow-'));
    fake = await FakeOpenAi.start();
    fake.delayMs = SLOW_MS;
  });
  afterAll(async () => {
    await fake.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('where the grace is as long as models take: the run goes on elsewhere, and nothing is paid twice', async () => {
    const first = await hostNow();
    const api = new Api(first.url);
    const prompt = {
      ...{ kind: 'prompt', id: 'slow', model: { name: 'default' }, output: 'text' },
      steps: [{ type: 'user', text: 'Think.' }],
    };
    await api.post('/api/prompts/slow/versions', { definition: prompt });
    const workflow = {
      kind: 'workflow',
      id: 'slow',
      blocks: [{ id: 'a', type: 'prompt', with: { prompt: 'slow' } }],
    };
    await publishOnceKnown(first.url, workflow);
    const run = await startRun(api, { workflow: 'slow', inputs: {}, key: 'slow' });
    while (fake.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));

    await first.stop();
    const second = await hostNow();
    const ended = await waitForRun(new Api(second.url), run);

    const listed = await new Api(second.url).get('/api/ledger/calls?state=interrupted');
    await second.stop();
    expect([ended.status, ended.reason]).toEqual(['completed', null]);
    expect([fake.paid, fake.calls.length]).toEqual([1, 1]);
    expect(listed).toMatchObject({ calls: [] });
  });
});
