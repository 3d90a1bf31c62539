import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { noteFigures } from './figures.js';
import { usageOfTree } from './process-tree.js';

/**
 * What the studio's large screens cost, in a headless Chromium on the embedded host: the longest frame while 10,000
 * rows scroll, frames a second while 300 nodes are moved and zoomed, a result of 20 MB, and what the server pays for
 * the live view of a run of 10,000 tasks.
 */
const ROWS = 10_000;
const NODES = 300;
const LONG = 500_000;
/** Steps of a wheel, one a frame or so. */
const WHEELS = 120;

const cli = fileURLToPath(new URL('../../apps/duofactory/dist/main.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-studio-'));
const host = spawn(process.execPath, [cli, 'up'], {
  env: {
    ...process.env,
    ...{ DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0', DUOFACTORY_LOG_LEVEL: 'error' },
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(host, 'close');
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});
try {
  const url = await addressIn(host.stdout);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(300_000);
  const page = await context.newPage();
  await tables(url);
  const words = await publish(url, 'words', [
    { id: 'word', type: 'import', with: { from: 'table', table: 'words' } },
    { id: 'upper', type: 'transform', with: { expression: '{ "text": $uppercase(word.text) }' } },
  ]);

  // The first one compiles the code and plans the statements.
  await costOfRun(url, words, undefined);
  const unseen = await costOfRun(url, words, undefined);
  const seen = await costOfRun(url, words, page);
  await note('studio, live view of 10,000 tasks', {
    hostCpuSeconds: { unseen: rounded(unseen.cpuSeconds), seen: rounded(seen.cpuSeconds) },
    percentOfACore: rounded((100 * (seen.cpuSeconds - unseen.cpuSeconds)) / seen.seconds),
  });

  await page.goto(`${url}/runs/${seen.run}?block=upper`);
  const rows = page.getByRole('complementary', { name: 'Block upper' });
  await rows.getByRole('link', { name: 'word 1', exact: true }).waitFor();
  await rows.hover();
  const scroll = await framesWhile(page, () => turnWheel(page, 400));
  await note('studio, scrolling 10,000 rows', scroll);

  await publish(url, 'many', nodes());
  await page.goto(`${url}/workflows/many?view=canvas`);
  await page.locator('.react-flow__node').first().waitFor();
  await page.locator('.react-flow__pane').hover();
  await note('studio, 300 nodes: zoom', await framesWhile(page, () => turnWheel(page, 120)));
  await note('studio, 300 nodes: pan', await framesWhile(page, () => drag(page)));

  const shelf = await publish(url, 'shelf', [
    { id: 'book', type: 'import', with: { from: 'table', table: 'book' } },
    {
      id: 'shelf',
      type: 'transform',
      with: { expression: `{ "text": ${Array(40).fill('book.text').join(' & ')} }` },
    },
  ]);
  const { run } = await costOfRun(url, shelf, undefined);
  await page.goto(`${url}/runs/${run}?view=results&block=shelf`);
  const began = performance.now();
  const opened = await framesWhile(page, async () => {
    await page.getByRole('button', { name: /^Load 20/ }).click();
    await page.getByRole('button', { name: /^Load all/ }).waitFor();
  });
  await note('studio, a result of 20 MB', {
    seconds: rounded((performance.now() - began) / 1000),
    ...opened,
  });
} finally {
  await browser.close();
  host.kill();
  await ended;
  await rm(folder, { recursive: true, force: true });
}

async function note(name: string, value: unknown): Promise<void> {
  console.log(name.padEnd(36), JSON.stringify(value));
  await noteFigures({ [name]: value });
}

async function tables(url: string): Promise<void> {
  const words = Array.from({ length: ROWS }, (_, n) => ({ text: `word ${n + 1}` }));
  await call(url, 'PUT', '/api/tables/words', words);
  await call(url, 'PUT', '/api/tables/book', [{ text: 'a page '.repeat(LONG / 7).padEnd(LONG, '.') }]);
}

/** A chain that branches and joins, as wide as a canvas can take. */
function nodes(): object[] {
  return Array.from({ length: NODES }, (_, n) => ({
    ...{ id: `n${n}`, type: 'transform', with: { expression: '{}' } },
    needs: n < 10 ? [] : [`n${n - 10}`],
  }));
}

/** What the host's processor spent on a run, with a page that looks at it or without. */
async function costOfRun(
  url: string,
  workflow: string,
  page: Page | undefined,
): Promise<{ run: string; seconds: number; cpuSeconds: number }> {
  if (page) await page.goto(`${url}/runs`);
  const [cpuBefore, began] = [usageOfTree(host.pid!).hostCpuMs, performance.now()];
  const { id } = await call<{ id: string }>(url, 'POST', '/api/runs', { workflow, inputs: {} });
  if (page) await page.goto(`${url}/runs/${id}`);
  // Its stream ends with it; one that looks is asked for in both cases.
  await (await fetch(`${url}/api/runs/${id}/events`)).text();
  const seconds = (performance.now() - began) / 1000;
  return { run: id, seconds, cpuSeconds: (usageOfTree(host.pid!).hostCpuMs - cpuBefore) / 1000 };
}

interface Frames {
  readonly framesASecond: number;
  readonly longestMs: number;
}

/** Times between frames while something is done. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<Frames> {
  // As text: what runs in the page has other globals than this program.
  await page.evaluate(`{
    const tick = (at) => { globalThis.seenFrames.push(at); requestAnimationFrame(tick); };
    if (!globalThis.seenFrames) requestAnimationFrame(tick);
    globalThis.seenFrames = [];
  }`);
  await act();
  const frames = await page.evaluate<number[]>('globalThis.seenFrames.slice()');
  const gaps = frames.slice(1).map((at, i) => at - frames[i]!);
  return {
    framesASecond: rounded((1000 * gaps.length) / (frames.at(-1)! - frames[0]!)),
    longestMs: rounded(Math.max(...gaps)),
  };
}

async function turnWheel(page: Page, px: number): Promise<void> {
  for (let turned = 0; turned < WHEELS; turned += 1)
    await page.mouse.wheel(0, turned < WHEELS / 2 ? px : -px);
}

async function drag(page: Page): Promise<void> {
  await page.mouse.move(700, 500);
  await page.mouse.down();
  for (let step = 0; step < WHEELS; step += 1)
    await page.mouse.move(700 + 3 * (step % 60), 500 - (step % 40));
  await page.mouse.up();
}

/** What it refers to reaches the orchestrator a moment later. */
async function publish(url: string, id: string, blocks: object[]): Promise<string> {
  const definition = { kind: 'workflow', id, blocks };
  for (;;) {
    try {
      await call(url, 'POST', `/api/workflows/${id}/versions`, { definition });
      return id;
    } catch (error) {
      if (!String(error).includes('unknown-reference')) throw error;
    }
  }
}

async function call<T>(url: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as T;
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const found = /answers at (http:\S+)\/api/.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('The host ended before it answered');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
