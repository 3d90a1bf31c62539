// `npm run studio:screenshots`: every screen in both themes, wide and narrow, into apps/studio/screenshots.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findChromium } from '../apps/studio/scripts/chromium.mjs';
import { build, install, node, root } from './toolchain.mjs';

const WIDTHS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const SHOTS = `${root}apps/studio/screenshots/`;
/** What README shows. */
const OF_README = 'run-block-light-wide.png';

/** Names of screens, or how they begin; none: every screen. */
const WANTED = process.argv.slice(2);
/** An episode that waits to be heard, and titles of which one is chosen. */
const HEARD = [
  {
    ...{ id: 'script', type: 'transform', needs: [] },
    with: {
      expression: `{ 'lines': [{ 'speaker': 'Host', 'text': 'Hola, buenos días. ¿Qué te pongo?' },
        { 'speaker': 'Guest', 'text': 'Un café con leche, por favor.' }, { 'speaker': 'Host', 'text': 'Ahora mismo.' }] }`,
    },
  },
  { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
  { id: 'check', type: 'review', with: { title: 'Hear the episode', edits: 'audio' } },
];
const LINES = [{ speaker: 'Host', text: 'Hola' }];
const TITLES = [
  {
    ...{ id: 'title', type: 'prompt', needs: [], times: 2 },
    with: {
      prompt: 'duoradio-title',
      inputs: {
        unit: { language: 'es', level: 'A1', name: 'Café', objective: 'Order' },
        script: { lines: LINES },
      },
    },
  },
  { id: 'choose', type: 'review', with: { title: 'Choose a title', edits: 'title' } },
];

const executablePath = findChromium();
if (executablePath === undefined) {
  console.error('There is no Chromium: apt install chromium, or set CHROMIUM_PATH');
  process.exit(1);
}
install();
build();
const { chromium } = await import('playwright-core');
const folder = mkdtempSync(join(tmpdir(), 'duofactory-screens-'));
const empty = mkdtempSync(join(tmpdir(), 'duofactory-screens-'));
mkdirSync(SHOTS, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await withHost(empty, (url) => shoot({ welcome: `${url}/` }));
  await withHost(folder, async (url) => {
    const { workflow, inputs } = await post(`${url}/api/samples/duoradio`);
    const run = await post(`${url}/api/runs`, { workflow, inputs });
    const failing = await post(`${url}/api/runs`, { workflow, inputs: { course: 'en-es', node: 'nowhere' } });
    await ended(url, [run.id, failing.id]);
    const lost = await notSelected(url, run.id);
    const test = await tested(url, { goldenSet: 'duoradio', evaluators: ['level'] });
    await draftOf(url, 'duoradio-script', (text) => `${text}\nUse short sentences.`);
    const [heard] = await toReview(url, 'heard', HEARD, 1);
    const titles = await toReview(url, 'titles', TITLES, 2);
    await shoot({
      home: `${url}/`,
      runs: `${url}/runs`,
      run: `${url}/runs/${run.id}`,
      'run-block': `${url}/runs/${run.id}?block=script`,
      'run-failed': `${url}/runs/${failing.id}?block=unit`,
      'run-task': `${url}/runs/${failing.id}?block=unit&task=${await firstTask(url, failing.id)}`,
      'run-rerun': async (page) => {
        await page.goto(`${url}/runs/${run.id}`);
        await page.getByRole('button', { name: 'Rerun from…' }).click();
        await page.getByRole('dialog').locator('table').waitFor();
      },
      'runs-filtered': `${url}/runs?status=in-review`,
      'runs-grid': `${url}/workflows/duoradio?view=runs`,
      lineage: `${url}/runs/${run.id}?view=lineage&block=viability&key=${encodeURIComponent(lost)}`,
      review: `${url}/review?item=${heard}`,
      'review-titles': `${url}/review?item=${titles[0]}`,
      'review-beside': `${url}/review?item=${titles[0]}&beside=${titles[1]}`,
      timeline: `${url}/runs/${run.id}?view=timeline`,
      'start-list': `${url}/workflows/duoradio/start?rows=list`,
      operations: `${url}/operations`,
      catalog: `${url}/catalog/dev/en-es`,
      'catalog-filters': `${url}/catalog/dev/en-es?status=published`,
      'catalog-episode': `${url}/catalog/dev/en-es?episode=${await firstEpisode(url)}`,
      sources: `${url}/sources?table=wrappers`,
      'sources-course': `${url}/sources?course=en-es`,
      'sources-file': `${url}/sources?add=file`,
      'sources-sheet': `${url}/sources?add=sheet`,
      results: `${url}/runs/${run.id}?view=results&block=viability`,
      compare: `${url}/runs/${run.id}?view=compare&with=${failing.id}&block=script`,
      start: `${url}/workflows/duoradio/start`,
      builder: `${url}/workflows/duoradio?block=viability`,
      'builder-test': async (page) => {
        await page.goto(`${url}/workflows/duoradio?block=script`);
        await page.locator('summary', { hasText: 'Test block' }).click();
        await page.getByLabel('What it sees').waitFor();
        await page.getByRole('button', { name: 'Test block' }).scrollIntoViewIfNeeded();
      },
      canvas: `${url}/workflows/duoradio?view=canvas`,
      yaml: `${url}/workflows/duoradio?view=yaml`,
      prompts: `${url}/prompts`,
      prompt: `${url}/prompts/duoradio-title`,
      'prompt-inputs': `${url}/prompts/duoradio-title?panel=inputs`,
      'prompt-uses': `${url}/prompts/duoradio-title?panel=uses`,
      'prompt-publish': `${url}/prompts/duoradio-script?panel=publish`,
      evaluators: `${url}/evaluators`,
      evaluator: `${url}/evaluators/level`,
      agreement: `${url}/evaluators/level?view=agreement&test=${test.id}&passAt=0.6`,
      'golden-set': `${url}/golden-sets/duoradio`,
    });
  });
  if (WANTED.length === 0) copyFileSync(`${SHOTS}${OF_README}`, `${root}docs/studio.png`);
  console.log(`Written: ${SHOTS}`);
} finally {
  await browser.close();
  for (const one of [folder, empty]) rmSync(one, { recursive: true, force: true });
}

async function firstTask(url, run) {
  const answer = await fetch(`${url}/api/runs/${run}/tasks?limit=1`);
  return (await answer.json()).tasks[0].id;
}

/** Of each screen its address, or the way to what it opens. */
async function shoot(screens) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(WIDTHS)) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      for (const [name, way] of Object.entries(screens)) {
        if (WANTED.length > 0 && !WANTED.some((wanted) => name.startsWith(wanted))) continue;
        if (typeof way === 'string') await page.goto(way);
        else await way(page);
        await page.locator('h1').first().waitFor();
        await page.waitForFunction(() => document.querySelector('.skeleton') === null);
        await page.waitForLoadState('load');
        await page.screenshot({ path: `${SHOTS}${name}-${colorScheme}-${size}.png` });
      }
      await context.close();
    }
  }
}

async function withHost(dataDir, use) {
  const host = spawn(node, [`${root}apps/duofactory/dist/main.js`, 'up'], {
    env: {
      ...process.env,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_DATA_DIR: dataDir,
      DUOFACTORY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = once(host, 'exit');
  try {
    for await (const line of createInterface({ input: host.stdout })) {
      const url = /answers at (http:\S+)\/api/.exec(line)?.[1];
      if (url === undefined) continue;
      await use(url);
      break;
    }
  } finally {
    host.kill();
    await end;
  }
}

async function post(address, body) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${address}: ${await response.text()}`);
  return response.json();
}

async function firstEpisode(url) {
  const { episodes } = await (await fetch(`${url}/api/episodes?course=en-es&order=place`)).json();
  return episodes[0].id;
}

/** The key of a script that was good and not the best. */
async function notSelected(url, run) {
  const keysOf = async (block) => {
    const { payloads } = await (await fetch(`${url}/api/runs/${run}/results?block=${block}`)).json();
    return payloads.map(({ key }) => key);
  };
  const best = await keysOf('best');
  return (await keysOf('viability')).find((key) => !best.includes(key));
}

/** The tasks of as many reviews of a run of it, once they wait. */
async function toReview(url, id, blocks, count) {
  await post(`${url}/api/workflows/${id}/versions`, { definition: { kind: 'workflow', id, blocks } });
  const run = await post(`${url}/api/runs`, { workflow: id, inputs: {} });
  for (;;) {
    const { reviews } = await (await fetch(`${url}/api/reviews`)).json();
    const own = reviews.filter((one) => one.run === run.id);
    if (own.length === count) return own.map(({ task }) => task);
    const { status, reason } = await (await fetch(`${url}/api/runs/${run.id}`)).json();
    if (status === 'failed') throw new Error(`${id}: ${reason}`);
  }
}

/** Their streams end with them. */
async function ended(url, runs) {
  for (const run of runs) await (await fetch(`${url}/api/runs/${run}/events`)).text();
}

/** A test of evaluators, once it is done. */
async function tested(url, body) {
  const { id } = await post(`${url}/api/evaluator-tests`, body);
  for (;;) {
    const test = await (await fetch(`${url}/api/evaluator-tests/${id}`)).json();
    if (test.status !== 'running') return test;
  }
}

/** A draft of a prompt whose last step says something else. */
async function draftOf(url, id, change) {
  const { definition } = await (await fetch(`${url}/api/prompts/${id}`)).json();
  const steps = definition.steps.with(-1, {
    ...definition.steps.at(-1),
    text: change(definition.steps.at(-1).text),
  });
  const response = await fetch(`${url}/api/prompts/${id}/draft`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-none-match': '*' },
    body: JSON.stringify({ definition: { ...definition, steps } }),
  });
  if (!response.ok) throw new Error(`The draft of ${id}: ${await response.text()}`);
}
