import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { usageOfTree } from './process-tree.js';

/**
 * A rehearsal at full size: so many courses of so many units, run as one batch by the embedded host with the offline
 * model, as its users would: host and commands are processes, what is read comes over REST. The courses are made from
 * the shipped ones. `--without-speech` leaves out voices and what needs them: they are nearly all of an episode's time.
 */
const { values: asked } = parseArgs({
  options: {
    courses: { type: 'string', default: '243' },
    units: { type: 'string', default: '3' },
    concurrency: { type: 'string', default: '20' },
    'without-speech': { type: 'boolean', default: false },
  },
});
const [courses, units] = [Number(asked.courses), Number(asked.units)];
const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = `${root}apps/duofactory/dist/main.js`;

const folder = await mkdtemp(join(tmpdir(), 'duofactory-rehearsal-'));
const host = spawn(process.execPath, [cli, 'up'], {
  env: {
    ...process.env,
    DUOFACTORY_HTTP_PORT: '0',
    DUOFACTORY_DATA_DIR: folder,
    DUOFACTORY_LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await addressIn(host.stdout);
  await command('apply', `${root}workflows`);
  const workflow = asked['without-speech'] ? await withoutSpeech(url) : 'duoradio';
  const prepared = performance.now();
  await publishCourses(url);
  console.log(`${courses} courses of ${units} units, ${seconds(prepared)} s to publish`);

  const began = performance.now();
  const before = usageOfTree(host.pid!);
  let most = { ...before };
  let done = false;
  const ending = command('batch', 'start', workflow, '--list', 'tables/rehearsal/rows', '--json', '--wait', [
    '--concurrency',
    asked.concurrency,
  ]).finally(() => (done = true));
  while (!done) {
    const now = usageOfTree(host.pid!);
    most = {
      ...now,
      hostBytes: Math.max(most.hostBytes, now.hostBytes),
      allBytes: Math.max(most.allBytes, now.allBytes),
    };
    await Promise.race([pause(1000), ending.catch(() => undefined)]);
  }
  const batch = JSON.parse(await ending) as { status: string; cost: number; items: Record<string, number> };
  const took = (performance.now() - began) / 1000;
  const after = usageOfTree(host.pid!);
  const again = performance.now();
  const second = JSON.parse(
    await command('batch', 'start', workflow, '--list', 'tables/rehearsal/rows', '--json', '--wait', [
      '--existing',
      'skip',
    ]),
  ) as typeof batch;
  const { episodes } = await counted(url);
  const figures = {
    workflow,
    status: batch.status,
    items: batch.items,
    cost: batch.cost,
    seconds: Math.round(took),
    secondsOfCpu: {
      host: Math.round((after.hostCpuMs - before.hostCpuMs) / 1000),
      all: Math.round((after.allCpuMs - before.allCpuMs) / 1000),
    },
    mostMegabytes: { host: Math.round(most.hostBytes / 1e6), all: Math.round(most.allBytes / 1e6) },
    episodes,
    secondTime: { skipped: second.items['skipped'], seconds: Number(seconds(again)) },
  };
  console.log(JSON.stringify(figures, null, 2));
  await mkdir(`${root}bench/out`, { recursive: true });
  await writeFile(`${root}bench/out/rehearsal.json`, `${JSON.stringify(figures, null, 2)}\n`);

  /** A command of the product, against the host; what it says. */
  async function command(...args: (string | string[])[]): Promise<string> {
    const child = spawn(process.execPath, [cli, ...args.flat(), '--url', url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = (await once(child, 'close')) as [number];
    // 5: partial. The figures show it.
    if (code !== 0 && code !== 5) throw new Error(`${args.flat().join(' ')} ended with ${code}`);
    return Buffer.concat(said).toString();
  }
} finally {
  host.kill('SIGTERM');
  if (host.exitCode === null) await once(host, 'exit');
  await rm(folder, { recursive: true, force: true });
}

/** Courses made from the shipped ones, and a table of their units. */
async function publishCourses(url: string): Promise<void> {
  const shipped = await Promise.all(
    ['en-es', 'fr-en'].map((id) =>
      call<{ head: object; units: Record<string, unknown>[] }>(url, 'GET', `course-data/${id}`),
    ),
  );
  const rows: object[] = [];
  for (let i = 0; i < courses; i += 1) {
    const { head, units: given } = shipped[i % shipped.length]!;
    // What a course says of all its units is shown with each of them.
    const id = `rehearsal-${String(i + 1).padStart(3, '0')}`;
    const made = Array.from({ length: units }, (_, n) => {
      const { course: _course, language: _language, from: _from, ...unit } = given[n % given.length]!;
      return { ...unit, id: `${id}-unit-${n + 1}` };
    });
    await call(url, 'PUT', `course-data/${id}`, { kind: 'course', id, ...head, units: made });
    for (const unit of made) rows.push({ course: id, node: unit.id });
  }
  await call(url, 'PUT', 'tables/rehearsal', rows);
}

async function withoutSpeech(url: string): Promise<string> {
  const { definition } = await call<{ definition: { blocks: { id: string }[] } }>(
    url,
    'GET',
    'workflows/duoradio',
  );
  const id = 'duoradio-without-speech';
  const blocks = definition.blocks.filter((block) => block.id !== 'audio' && block.id !== 'episode');
  await call(url, 'POST', `workflows/${id}/versions`, { definition: { ...definition, id, blocks } });
  return id;
}

/** Published episodes in the catalog. */
async function counted(url: string): Promise<{ episodes: number }> {
  const { courses: found } = await call<{ courses: { episodes: number }[] }>(url, 'GET', 'courses');
  return { episodes: found.reduce((sum, { episodes }) => sum + Number(episodes), 0) };
}

async function call<T>(url: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${url}/api/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const match = /answers at (http:\S+)\/api/.exec(line);
    if (match) return match[1]!;
  }
  throw new Error('The host did not start');
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(1);
}
