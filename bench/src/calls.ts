import { BLOCK_MIGRATIONS, Ledger } from '@duofactory/block-kit';
import type { Usage } from '@duofactory/contracts';
import { Database, SystemClock, startEmbeddedPostgres } from '@duofactory/platform';
// Not the whole library: it loads jest, which exists only in tests.
import { FakeOpenAi } from '@duofactory/testing/openai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { usageOf } from './system.js';

const LLM_RUNNER = fileURLToPath(new URL('../../services/llm-runner/dist/main.js', import.meta.url));
const SETTLED = 20_000;
const WORKERS = 64;
const SLOW_CALLS = 500;
const SLOW_MS = 20_000;
const PROMPTS = 500;
const DEATHS = 100;
const SEED = 7;
const MODEL = 'gpt-5-mini';

interface Runner {
  readonly url: string;
  readonly child: ChildProcess;
}

const folder = await mkdtemp(join(tmpdir(), 'duofactory-calls-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const note = (name: string, value: unknown): void => console.log(name.padEnd(44), JSON.stringify(value));
try {
  note('ledger, settled calls (/s)', Math.round(await ledgerRate()));
  note(`${SLOW_CALLS} calls of ${SLOW_MS / 1000} s at once, llm-runner (MB)`, await slowCalls());
  note(`${DEATHS} kill -9 in ${PROMPTS} prompts`, await deaths());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** Calls that take no time: what is measured is their claim and their answer in the database. */
async function ledgerRate(): Promise<number> {
  const database = await Database.open({
    url: postgres.url,
    schema: 'bench_ledger',
    migrations: BLOCK_MIGRATIONS,
  });
  const ledger = new Ledger(database, new SystemClock());
  const { signal } = new AbortController();
  const usage: Usage = {
    ...{ kind: 'model', provider: 'none', model: 'none', saved: false },
    ...{ units: { inputTokens: 900, outputTokens: 300 }, cost: { amount: 0.01, currency: 'USD' } },
  };
  const settle = (key: string): Promise<unknown> =>
    ledger.once({
      ...{ lineage: 'bench', block: 'script', key, sample: 1, step: 'answer', signal },
      request: { messages: [{ role: 'user', text: `question ${key}` }] },
      effect: async () => ({ value: { text: 'An answer of some length. '.repeat(20) }, usage }),
    });
  let next = 0;
  const work = async (until: number): Promise<void> => {
    while (next < until) await settle(String(next++));
  };
  await Promise.all(Array.from({ length: WORKERS }, () => work(SETTLED / 10)));
  const began = performance.now();
  const before = next;
  await Promise.all(Array.from({ length: WORKERS }, () => work(before + SETTLED)));
  const seconds = (performance.now() - began) / 1000;
  await database.close();
  return (next - before) / seconds;
}

async function slowCalls(): Promise<number> {
  const fake = await FakeOpenAi.start();
  fake.delayMs = SLOW_MS;
  const runner = await launch(fake, await emptyDatabase('slow'));
  await publish(runner);
  const answers = Array.from({ length: SLOW_CALLS }, (_, i) => ask(runner, i));
  let megabytes = 0;
  const watched = Promise.all(answers).then(() => false);
  while (await Promise.race([watched, pause(500, true)]))
    megabytes = Math.max(megabytes, usageOf(runner.child.pid!).pssBytes / 1e6);
  await end(runner, 'SIGTERM');
  await fake.stop();
  return Math.round(megabytes);
}

/**
 * A run of prompts whose llm-runner is killed again and again, at moments that a seed chooses. It holds ambiguous calls;
 * each is decided by the vendor's log, as a person would: what was answered there is taken, all else made again.
 */
async function deaths(): Promise<object> {
  const fake = await FakeOpenAi.start();
  fake.delayMs = 20;
  const databaseUrl = await emptyDatabase('deaths');
  const settings = { DUOFACTORY_AMBIGUOUS_CALLS: 'hold', DUOFACTORY_LEDGER_LEASE_MS: '1000' };
  const random = seeded(SEED);
  let runner = await launch(fake, databaseUrl, settings);
  await publish(runner);
  let killed = 0;
  let done = false;
  const killing = (async () => {
    while (killed < DEATHS && !done) {
      const moment = fake.calls.length + 1 + Math.floor(random() * 6);
      while (fake.calls.length < moment && !done) await pause(1);
      await pause(Math.floor(random() * 20));
      await end(runner, 'SIGKILL');
      killed += 1;
      runner = await launch(fake, databaseUrl, settings);
    }
  })();
  const decided = { answer: 0, retry: 0 };
  let deciding: Promise<void> | undefined;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < PROMPTS; i = next++) {
      for (;;) {
        const status = await ask(runner, i).catch(() => 0);
        if (status === 200) break;
        if (status === 409)
          await (deciding ??= decide(runner, fake, decided).finally(() => (deciding = undefined)));
        else await pause(50);
      }
    }
  };
  // Few at a time, so that the deaths spread over the whole run.
  await Promise.all(Array.from({ length: 4 }, worker));
  done = true;
  await killing;
  const paid = Map.groupBy(
    fake.calls.filter(({ clientRequestId = '' }) => fake.answered.has(clientRequestId)),
    ({ text }) => text,
  );
  const interrupted = await countInterrupted(runner);
  await end(runner, 'SIGTERM');
  await fake.stop();
  const paidTwice = [...paid.values()].filter(({ length }) => length > 1).length;
  return { deaths: killed, prompts: paid.size, paidTwice, ambiguousListed: interrupted, decided };
}

async function decide(
  runner: Runner,
  fake: FakeOpenAi,
  decided: { answer: number; retry: number },
): Promise<void> {
  try {
    const { calls } = await get<{ calls: { id: string; interruptedCalls: string[] }[] }>(
      `${runner.url}/api/ledger/calls?state=ambiguous&limit=200`,
    );
    for (const { id, interruptedCalls } of calls) {
      const asked = fake.calls.find(
        ({ clientRequestId = '' }) =>
          interruptedCalls.includes(clientRequestId) && fake.answered.has(clientRequestId),
      );
      const body = asked ? { decision: 'answer', text: fake.answer(asked) } : { decision: 'retry' };
      const response = await post(`${runner.url}/api/ledger/calls/${id}/resolution`, body);
      if (response.ok) decided[asked ? 'answer' : 'retry'] += 1;
    }
  } catch {
    // It was killed meanwhile: whoever comes to such a call next decides.
  }
}

async function countInterrupted({ url }: Runner): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ state: 'interrupted', limit: '200', ...(cursor ? { cursor } : {}) });
    const page = await get<{ calls: unknown[]; next?: string }>(
      `${url}/api/ledger/calls?${query.toString()}`,
    );
    count += page.calls.length;
    cursor = page.next;
  } while (cursor);
  return count;
}

async function launch(
  fake: FakeOpenAi,
  databaseUrl: string,
  settings: NodeJS.ProcessEnv = {},
): Promise<Runner> {
  const child = spawn(process.execPath, ['--max-semi-space-size=16', LLM_RUNNER], {
    env: {
      ...process.env,
      ...{ DUOFACTORY_DATABASE_URL: databaseUrl, DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0' },
      ...{ DUOFACTORY_MODEL: 'openai', DUOFACTORY_MODEL_NAME: MODEL, DUOFACTORY_LOG_LEVEL: 'info' },
      ...{ OPENAI_API_KEY: fake.apiKey, OPENAI_BASE_URL: fake.baseUrl },
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /"url":"(http:[^"]+)"/.exec(line);
      if (match) found(match[1]!);
    });
    child.once('exit', (code) => failed(new Error(`llm-runner ended with ${code}`)));
  });
  return { url, child };
}

async function end({ child }: Runner, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

async function publish({ url }: Runner): Promise<void> {
  const definition = {
    ...{ kind: 'prompt', id: 'question', model: { name: 'default' }, output: 'text' },
    steps: [{ type: 'user', text: 'Question {{n}}' }],
  };
  const response = await post(`${url}/api/prompts/question/versions`, { definition });
  if (!response.ok) throw new Error(await response.text());
}

async function ask({ url }: Runner, n: number): Promise<number> {
  const headers = { 'idempotency-key': `question-${n}` };
  const response = await post(`${url}/api/prompt-runs`, { prompt: 'question', variables: { n } }, headers);
  await response.text();
  return response.status;
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function get<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

async function emptyDatabase(name: string): Promise<string> {
  const database = await Database.open({ url: postgres.url, schema: 'bench_admin', migrations: [] });
  await database.query({ text: `CREATE DATABASE calls_${name}` });
  await database.close();
  return Object.assign(new URL(postgres.url), { pathname: `/calls_${name}` }).href;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
