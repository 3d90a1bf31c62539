import { startEmbeddedPostgres } from '@duofactory/platform';
import { startKafka } from '@duofactory/testing/kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Cluster } from './cluster.js';
import { noteFigures, readFigures } from './figures.js';
import { drawPlots } from './plots.js';
import {
  besideWaitingRuns,
  hangingType,
  lookAtDatabase,
  openLoad,
  restart,
  secondOrchestrator,
  secondWorker,
} from './scale-workloads.js';
import { embeddedSystem } from './system.js';
import { fanOut, throughput } from './workloads.js';

/**
 * What stays the same when there is more of everything: runs that wait, open tasks, processes, types that hang. Each
 * figure is a ratio inside this run, or a time against its goal. `npm run bench scale -- [names…] [--quick]`.
 */
const quick = process.argv.includes('--quick');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });

/** A workload, its goal, and what it came to. */
const WORKLOADS: Record<string, () => Promise<unknown>> = {
  waiting: async () => {
    const full = await embeddedSystem(await emptyDatabase('full'), folder);
    const empty = await embeddedSystem(await emptyDatabase('empty'), folder);
    const waiting = quick ? 1000 : 10_000;
    const { ratio, emptyMs, fullMs } = await besideWaitingRuns(full, empty, {
      waiting,
      samples: quick ? 50 : 300,
    });
    await Promise.all([full.stop(), empty.stop()]);
    return {
      goal: 'ratio <= 1.2',
      waiting,
      ratio: rounded(ratio),
      emptyMs: rounded(emptyMs),
      fullMs: rounded(fullMs),
    };
  },
  'second worker': () =>
    onKafka('workers', ['orchestrator', 'noop', 'slow'], async (cluster) => {
      const { ratio } = await secondWorker(cluster, quick ? 200 : 800);
      return { goal: 'ratio >= 1.8', ratio: rounded(ratio) };
    }),
  'second orchestrator': () =>
    onKafka('orchestrators', ['orchestrator', 'noop'], async (cluster) => {
      const { share } = await secondOrchestrator(cluster, { runs: quick ? 200 : 1000, blocks: 5 });
      return { goal: 'about half', share: rounded(share) };
    }),
  'hanging type': () =>
    onKafka('hanging', ['orchestrator', 'noop', 'slow'], async (cluster) => {
      const { ratio, quiet, hanging } = await hangingType(cluster, {
        runsPerSecond: 20,
        seconds: quick ? 5 : 20,
        turns: quick ? 1 : 3,
        hangs: 500,
      });
      return { goal: 'p99 ratio <= 1.1', ratio: rounded(ratio), quiet, hanging };
    }),
  'open load': () =>
    onKafka('load', ['orchestrator', 'noop'], async (cluster) => {
      const full = await throughput(cluster, { runs: quick ? 200 : 1000, blocks: 5 });
      const runsPerSecond = (full * 0.7) / 5;
      const {
        latency,
        percentiles,
        steps,
        runsPerSecond: reached,
      } = await openLoad(cluster, {
        runsPerSecond,
        seconds: quick ? 5 : 20,
        blocks: 5,
      });
      return {
        goal: 'p50 <= 20 ms, p99 <= 60 ms',
        transitionsPerSecond: Math.round(runsPerSecond * 5),
        shareOfThroughput: rounded((0.7 * reached) / runsPerSecond),
        p50Ms: rounded(latency.p50Ms),
        p99Ms: rounded(latency.p99Ms),
        steps,
        percentiles,
      };
    }),
  restart: () =>
    onKafka('restart', ['orchestrator', 'noop', 'slow'], async (cluster) => {
      const tasks = quick ? 10_000 : 100_000;
      const { bootSeconds, firstTransitionSeconds } = await restart(cluster, tasks);
      return {
        goal: 'first transition <= 3 s after boot',
        openTasks: tasks,
        bootSeconds: rounded(bootSeconds),
        firstTransitionSeconds: rounded(firstTransitionSeconds),
      };
    }),
  'database after a large run': () =>
    onKafka('looked_at', ['orchestrator', 'noop'], async (cluster) => {
      const items = quick ? 10_000 : 100_000;
      await fanOut(cluster, items);
      return { items, tables: await lookAtDatabase(cluster) };
    }),
};

try {
  for (const [name, measure] of Object.entries(WORKLOADS)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const figure = await measure();
    console.log(name.padEnd(28), JSON.stringify(figure));
    await noteFigures({ [name]: figure });
  }
  await drawPlots(await readFigures());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** A broker, a database and processes for one workload: it finds nothing of the one before. */
async function onKafka<T>(
  database: string,
  members: Parameters<typeof Cluster.open>[0]['members'],
  measure: (cluster: Cluster) => Promise<T>,
): Promise<T | { skipped: string }> {
  const kafka = await startKafka().catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'KafkaUnavailable')) throw error;
    return error;
  });
  if (kafka instanceof Error) return { skipped: kafka.message };
  try {
    const { brokers } = kafka;
    const cluster = await Cluster.open({
      databaseUrl: await emptyDatabase(database),
      brokers,
      folder,
      members,
    });
    try {
      return await measure(cluster);
    } finally {
      await cluster.stop();
    }
  } finally {
    await kafka.stop();
  }
}

async function emptyDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE scale_${name}`);
  await client.end();
  return Object.assign(new URL(postgres.url), { pathname: `/scale_${name}` }).href;
}
