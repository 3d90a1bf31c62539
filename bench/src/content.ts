import { uuidFrom, type SpeechResult } from '@duofactory/contracts';
import { LocalBus, MESSAGING_MIGRATIONS, Outbox, OutboxRelay } from '@duofactory/messaging';
import { S3ObjectStore, type ObjectStore } from '@duofactory/objects';
import { Database, SystemClock, Transactions, startEmbeddedPostgres } from '@duofactory/platform';
import { catalogCases, publisherService } from '@duofactory/publisher';
// Not the whole library: it loads jest, which exists only in tests.
import { s3IfAvailable } from '@duofactory/testing/s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { usageOfTree } from './process-tree.js';
import { usageOf } from './system.js';

const mainOf = (service: string): string =>
  fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));
const quick = process.argv.includes('--quick');
const ROWS = 100_000;
const COURSES = quick ? 12 : 243;
const EPISODES = 20;
const AT_ONCE = 16;
const SPOKEN_EPISODES = quick ? 4 : 20;
/** What the host of a shipped show says around every episode. */
const FRAME = {
  intro: [
    '¡Hola! Esto es «Dos tazas de té» y yo soy Nora.',
    'El té está caliente y tenemos tiempo.',
    'Hoy dos personas se sientan a hablar.',
  ],
  outro: ['Mi taza está vacía. ¡Hasta la próxima!'],
};
const NAMES = ['café', 'té', 'pan', 'queso', 'agua', 'mesa', 'libro', 'perro', 'coche', 'tren'];
const PLACES = ['la plaza', 'el mercado', 'la estación', 'mi casa', 'la escuela', 'el parque', 'la playa'];

const folder = await mkdtemp(join(tmpdir(), 'duofactory-content-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const note = (name: string, value: unknown): void => console.log(name.padEnd(44), JSON.stringify(value));
try {
  note(`import of ${ROWS} rows of CSV`, await importRows());
  note(`speech of ${SPOKEN_EPISODES} episodes of a show`, await speakEpisodes());
  note(`publish of ${COURSES} courses x ${EPISODES} to S3`, await publishAll());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** A file that is sent to sheets-sync, a process of its own; its time of the processor and its largest memory. */
async function importRows(): Promise<object> {
  const { child, url } = await launch('sheets-sync');
  const before = usageOf(child.pid!).cpuMs;
  const began = Date.now();
  const response = await fetch(`${url}/api/tables/large`, {
    method: 'PUT',
    headers: { 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(csv())) as ReadableStream,
    duplex: 'half',
  });
  const answer = (await response.json()) as { rows: number };
  const seconds = (Date.now() - began) / 1000;
  const { cpuMs } = usageOf(child.pid!);
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid!}/status`, 'utf8'));
  await end(child);
  return {
    rows: answer.rows,
    seconds,
    cpuSeconds: (cpuMs - before) / 1000,
    peakMegabytes: Math.round(Number(peak?.[1] ?? 0) / 1024),
  };
}

/**
 * Episodes whose frame is that of one show and whose scripts differ, by espeak in a media process of its own: how much
 * speech a second of one core makes, and what part of the second episode had not been spoken before.
 */
async function speakEpisodes(): Promise<object> {
  const { child, url } = await launch('media');
  const spoken: SpeechResult[] = [];
  const speak = async (episode: number): Promise<void> => {
    const response = await fetch(`${url}/api/speech`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ language: 'es', lines: linesOf(episode) }),
    });
    if (!response.ok) throw new Error(await response.text());
    spoken.push((await response.json()) as SpeechResult);
  };
  const linesOf = (episode: number) => [
    ...FRAME.intro.map((text) => ({ speaker: 'Nora', text })),
    ...Array.from({ length: 12 }, (_, i) => ({
      speaker: i % 2 ? 'Ana' : 'Leo',
      text: `Quiero ${(episode + 2) * (i + 3)} cosas: ${NAMES[(episode + i) % NAMES.length]} y ${NAMES[(i * 3) % NAMES.length]}, cerca de ${PLACES[i % PLACES.length]}.`,
    })),
    ...FRAME.outro.map((text) => ({ speaker: 'Nora', text })),
  ];
  // The engine and its voices are loaded by the first line.
  await speak(-1);
  spoken.length = 0;
  const before = usageOfTree(child.pid!);
  const began = Date.now();
  for (let episode = 0; episode < SPOKEN_EPISODES; episode += 1) await speak(episode);
  const seconds = (Date.now() - began) / 1000;
  const after = usageOfTree(child.pid!);
  await end(child);
  const cpuSeconds = (after.allCpuMs - before.allCpuMs) / 1000;
  // The engine is a process of its own below; one that made way for another counts as the host's.
  const engineSeconds = cpuSeconds - (after.hostCpuMs - before.hostCpuMs) / 1000;
  const audioSeconds = spoken.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const { lines } = spoken[1]!;
  const lastedMs = (ofThem: typeof lines): number =>
    ofThem.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const known = new Set(spoken[0]!.lines.map(({ text }) => text));
  const newMs = lastedMs(lines.filter(({ text }) => !known.has(text)));
  const ever = new Map(spoken.flatMap((one) => one.lines).map((line) => [line.text, line]));
  return {
    ...{ audioSeconds: Math.round(audioSeconds), cpuSeconds, seconds },
    // What was not spoken before, by the engine alone.
    engineTimesRealTime: Math.round(lastedMs([...ever.values()]) / 1000 / engineSeconds),
    // Files that are ready: levelled, assembled, encoded, checked and kept.
    episodesTimesRealTime: Math.round(audioSeconds / cpuSeconds),
    newSpeechInTheSecondEpisode: Math.round((newMs / lastedMs(lines)) * 100) / 100,
  };
}

async function launch(service: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--max-semi-space-size=16', mainOf(service)], {
    env: {
      ...process.env,
      ...{ DUOFACTORY_DATABASE_URL: postgres.url, DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /"url":"(http:[^"]+)"/.exec(line);
      if (match) found(match[1]!);
    });
    child.once('exit', (code) => failed(new Error(`${service} ended with ${code}`)));
  });
  return { child, url };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function* csv(): Iterable<Buffer> {
  yield Buffer.from('id,word,translation,level,example\n');
  for (let i = 0; i < ROWS; i += 1000) {
    const lines = Array.from(
      { length: 1000 },
      (_, j) => `w${i + j},palabra ${i + j},word ${i + j},A${(j % 2) + 1},"Una frase, número ${i + j}."\n`,
    );
    yield Buffer.from(lines.join(''));
  }
}

/** Episodes whose audio is a stub, to a real S3 server, while a reader follows manifests to their episodes. */
async function publishAll(): Promise<object | string> {
  const server = await s3IfAvailable();
  if (!server) return 'skipped';
  const { endpoint, credentials } = server;
  const open = (): ObjectStore =>
    new S3ObjectStore({ bucket: 'bench', endpoint, pathStyle: true, credentials });
  const database = await Database.open({
    ...{ url: postgres.url, schema: 'publisher' },
    migrations: [...MESSAGING_MIGRATIONS, ...publisherService.migrations],
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const bus = new LocalBus({ log: silent });
  await bus.start();
  const outbox = new Outbox();
  const relay = new OutboxRelay({ bus, outbox, sql: database, log: silent });
  const clock = new SystemClock();
  const transactions = new Transactions('publisher', database, outbox, relay, clock);
  const objects = open();
  const { publish } = catalogCases({ database, transactions, objects, clock });
  const audio = await objects.put(Buffer.alloc(100_000, 'stub '), 'audio/ogg');
  let done = false;
  const reader = read(open(), () => done);
  const began = Date.now();
  const cpuBefore = process.cpuUsage();
  const todo = Array.from({ length: COURSES * EPISODES }, (_, i) => i).entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [i] of todo) {
        const parts = episode(`course-${i % COURSES}`, Math.floor(i / COURSES), audio);
        await publish.execute(parts, { task: uuidFrom('bench', i), run: uuidFrom('bench') });
      }
    }),
  );
  const seconds = (Date.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  done = true;
  const seen = await reader;
  await database.close();
  await bus.stop();
  await server.stop();
  const episodes = COURSES * EPISODES;
  return {
    ...{ episodes, seconds, episodesASecond: Math.round(episodes / seconds) },
    // An episode and a manifest each.
    ...{ objectsASecond: Math.round((episodes * 2) / seconds), cpuSeconds: (user + system) / 1e6, ...seen },
  };
}

async function read(objects: ObjectStore, isDone: () => boolean): Promise<object> {
  let [manifests, episodes, torn] = [0, 0, 0];
  for (let i = 0; !isDone(); i += 1) {
    const found = await objects.getNamed(`courses/dev/course-${i % COURSES}/manifest.json`);
    if (!found) continue;
    manifests += 1;
    try {
      const manifest = JSON.parse(Buffer.from(found.bytes).toString()) as {
        episodes: { id: string; version: number; object: string }[];
      };
      const entry = manifest.episodes.at(-1)!;
      const object = await objects.getNamed(entry.object);
      const read = JSON.parse(Buffer.from(object!.bytes).toString()) as { id: string; version: number };
      episodes += 1;
      if (read.id !== entry.id || read.version !== entry.version) torn += 1;
    } catch {
      torn += 1;
    }
  }
  return { manifestsRead: manifests, episodesRead: episodes, torn };
}

function episode(
  course: string,
  slot: number,
  audio: Awaited<ReturnType<ObjectStore['put']>>,
): Parameters<ReturnType<typeof catalogCases>['publish']['execute']>[0] {
  const lines = Array.from({ length: 20 }, (_, i) => ({
    ...{ speaker: i % 2 ? 'Ana' : 'Leo', text: `Una frase de la radio, número ${i}.` },
    ...{ startMs: i * 1000, endMs: i * 1000 + 900, words: [], visemes: [] },
  }));
  return {
    environment: 'dev',
    course: { id: course, from: 'en', to: 'es' },
    node: { id: 'cafe', name: 'En el café', level: 'A1' },
    ...{ slot, wrapper: 'Slow News', title: `Episodio ${slot}`, viability: 0.9 },
    script: { lines: lines.map(({ speaker, text }) => ({ speaker, text })) },
    exercises: [],
    audio: { audio, durationMs: 20_000, peaks: audio, lines },
    provenance: {
      ...{ run: 'bench', prompts: [], evaluators: [], scores: {}, models: [], offline: true, rows: [] },
    },
  };
}
