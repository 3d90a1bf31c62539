import { hashJson } from '@duofactory/contracts';
import { Database } from '@duofactory/platform';
import { FakeOpenAi, useEmptyDatabase, type OpenAiCall, type OpenAiFault } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readFile } from 'node:fs/promises';
import { Api } from '../src/client/api.js';
import type { Run } from '../src/client/runs.js';
import { allResults } from '../src/commands/results.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { applyShipped, SHIPPED } from './episodes.js';

const INPUTS = { course: 'en-es', node: 'es-a1-familia' };
interface Block extends Record<string, unknown> {
  readonly id: string;
  readonly type: string;
}

interface Ledger {
  readonly total: { readonly calls: number; readonly cost: number; readonly saved: number };
}

/** DuoRadio with one sample of each prompt, so that an answer is known by its question. */
async function publishOnce(api: Api): Promise<void> {
  await applyShipped(api);
  const shipped = parse(await readFile(join(SHIPPED, 'duoradio/workflow.yaml'), 'utf8')) as {
    blocks: Block[];
  };
  const blocks = shipped.blocks.map((block) => ({
    ...block,
    ...('times' in block ? { times: 1 } : {}),
    ...(block.type === 'prompt' || block.type === 'evaluate'
      ? { retry: { attempts: 6, base: '10ms', cap: '100ms' } }
      : {}),
  }));
  await api.post('/api/workflows/once/versions', {
    definition: { ...shipped, id: 'once', variables: { viable: 0 }, blocks },
  });
}

describe('DuoRadio by a vendor', () => {
  const offline = useEmptyDatabase();
  const online = useEmptyDatabase();
  const folders: string[] = [];
  let fake: FakeOpenAi;
  let host: Host;
  let api: Api;
  const answers = new Map<string, string>();

  const hostOn = async (databaseUrl: string, env: NodeJS.ProcessEnv): Promise<Host> => {
    const folder = await mkdtemp(join(tmpdir(), 'duofactory-openai-'));
    folders.push(folder);
    return startHost({
      ...{ DUOFACTORY_DATABASE_URL: databaseUrl, DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0' },
      ...{ DUOFACTORY_LOG_LEVEL: 'silent', ...env },
    });
  };
  const make = async (key: string): Promise<Run> => waitForRun(api, await begin(key));
  const begin = (key: string): Promise<Run> => startRun(api, { workflow: 'once', inputs: INPUTS, key });
  const madeBy = async ({ id }: Run): Promise<object[]> =>
    (await allResults(api, id, 'episode')).payloads.map(({ key, blockResults }) => ({
      ...{ key, script: blockResults['script'], exercises: blockResults['exercises'] },
      ...{ title: blockResults['title'], viability: blockResults['viability'] },
      // Of equal lines and voices the same sound.
      audio: blockResults['audio'],
    }));
  const publishedBy = async ({ id }: Run): Promise<{ version: number; unchanged: boolean }[]> =>
    (await allResults(api, id, 'episode')).payloads.map(
      ({ blockResults }) => blockResults['episode'] as { version: number; unchanged: boolean },
    );
  const paidBy = ({ id }: Run): Promise<Ledger> => api.get(`/api/ledger?run=${id}`);

  beforeAll(async () => {
    // The vendor says what the offline model says to the same question.
    const teacher = await hostOn(offline.url, {});
    api = new Api(teacher.url);
    await publishOnce(api);
    const taught = await make('taught');
    expect([taught.status, taught.reason]).toEqual(['completed', null]);
    const read = await Database.open({ url: offline.url, schema: 'llm_runner', migrations: [] });
    const { rows } = await read.query<{ request_hash: string; value: { text: string } }>({
      text: 'select request_hash, value from ledger',
    });
    for (const { request_hash, value } of rows) answers.set(request_hash, value.text);
    await read.close();
    await teacher.stop();

    fake = await FakeOpenAi.start();
    fake.answer = (call) => answers.get(questionOf(call)) ?? 'What?';
    host = await hostOn(online.url, {
      ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: 'gpt-5-mini' },
      ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
      DUOFACTORY_MODEL_PRICES: JSON.stringify({ 'gpt-5-mini': { input: 1, output: 10 } }),
    });
    api = new Api(host.url);
    await publishOnce(api);
  });
  afterAll(async () => {
    await host?.stop();
    await fake?.stop();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  it('that fails ends as by one that never does, at the same number of paid calls', async () => {
    const calm = await make('calm');
    const paidInCalm = fake.paid;
    expect([calm.status, calm.reason]).toEqual(['completed', null]);
    fake.paid = 0;
    const faults: (OpenAiFault | undefined)[] = [
      'rate-limit-short',
      'server-error',
      'cut',
      'wrong-json',
      undefined,
    ];
    const tried = new Set<string>();
    let mended = 0;
    // Each question meets its own fault, once: which one is the same on every run of the spec.
    fake.faultOf = (call) => {
      const question = questionOf(call);
      if (tried.has(question)) return undefined;
      tried.add(question);
      const fault = faults[parseInt(question.slice(0, 6), 16) % faults.length];
      if (fault === 'wrong-json') mended += 1;
      return fault;
    };

    const stormy = await make('stormy');
    fake.faultOf = () => undefined;

    expect([stormy.status, stormy.reason]).toEqual(['completed', null]);
    expect(await madeBy(stormy)).toEqual(await madeBy(calm));
    // To the last byte: its episodes are those that the calm run published, and so no new versions.
    const published = await publishedBy(stormy);
    expect(published.length).toBe((await publishedBy(calm)).length);
    expect(new Set(published.map(({ version, unchanged }) => `${version} ${unchanged}`))).toEqual(
      new Set(['1 true']),
    );
    // An answer that is no JSON was paid for, and the one that mends it as well: nothing else is paid more often.
    expect(fake.paid - mended).toBe(paidInCalm);
    const [calmly, stormily] = [await paidBy(calm), await paidBy(stormy)];
    expect(calmly.total.calls).toBe(paidInCalm);
    expect(stormily.total.calls).toBe(fake.paid);
    expect(calmly.total.cost).toBeGreaterThan(0);
  });

  it('pauses at its budget with the reason, and goes on by itself when it is raised', async () => {
    const { total } = await paidBy(await make('calm'));
    const budget = (amount: number): Promise<unknown> =>
      api.put('/api/budgets/spec', JSON.stringify({ per: 'run', amount }), 'application/json');
    await budget(total.cost / 2);
    const run = await begin('budgeted');
    let paused: Run;
    do paused = await api.get<Run>(`/api/runs/${run.id}`);
    while (paused.status === 'running');

    await budget(total.cost * 10);
    const ended = await waitForRun(api, run);

    expect(paused.status).toBe('paused');
    expect(paused.reason).toContain('Budget "spec"');
    expect([ended.status, ended.reason]).toEqual(['completed', null]);
    const paid = await paidBy(ended);
    expect(paid.total.calls).toBe(total.calls);
  });
});

/** The hash of a question as the offline model was asked it. */
function questionOf({ body }: OpenAiCall): string {
  const said = body['input'] as { role: string; content: string }[];
  const mending = said.at(-1)!.content.startsWith('Your answer does not fit');
  const messages = (mending ? said.slice(0, -2) : said).map(({ role, content }) => ({ role, text: content }));
  const { format } = (body['text'] ?? {}) as { format?: { schema: object } };
  return hashJson({
    ...{ provider: 'offline', messages },
    model: {
      ...{ name: 'offline-extractive-1', temperature: body['temperature'] },
      maxOutputTokens: body['max_output_tokens'],
    },
    ...(format ? { schema: format.schema } : {}),
  });
}
