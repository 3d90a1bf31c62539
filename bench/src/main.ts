import { startEmbeddedPostgres } from '@duofactory/platform';
// Not the whole library: it loads jest, which exists only in tests.
import { startKafka } from '@duofactory/testing/kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { measureCeiling } from './ceiling.js';
import { noteFigures, readFigures } from './figures.js';
import { drawPlots } from './plots.js';
import { embeddedSystem, kafkaSystem, type System } from './system.js';
import { fanOut, idle, loneChain, throughput } from './workloads.js';

const quick = process.argv.includes('--quick');
const chains = { blocks: 40, runs: quick ? 5 : 30 };
const crowd = { runs: quick ? 200 : 1000, blocks: 5 };
const figures: Record<string, unknown> = {
  machine: {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
  },
};
const note = (name: string, value: unknown): void => {
  figures[name] = value;
  console.log(name.padEnd(36), JSON.stringify(value));
};
const rounded = (value: number): number => Math.round(value * 100) / 100;

const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
try {
  const transitions = quick ? 20_000 : 100_000;
  const one = await measureCeiling(postgres.url, { connections: 1, transitions });
  const two = await measureCeiling(postgres.url, { connections: 2, transitions });
  note('ceiling, 1 connection (/s)', Math.round(one));
  note('ceiling, 2 connections (/s)', Math.round(two));

  const embedded = await embeddedSystem(await emptyDatabase('embedded'), folder);
  const chain = await loneChain(embedded, chains);
  note('embedded, lone step p50 (ms)', rounded(chain.p50Ms));
  note('embedded, lone step p99 (ms)', rounded(chain.p99Ms));
  const rate = await throughput(embedded, crowd);
  note('embedded, transitions (/s)', Math.round(rate));
  note('embedded, share of ceiling', rounded(rate / two));
  await fans('embedded', embedded);
  await embedded.stop();

  await onKafka(two);
  await noteFigures(figures);
  await drawPlots(await readFigures());
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function onKafka(ceiling: number): Promise<void> {
  const kafka = await startKafka().catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'KafkaUnavailable')) throw error;
    console.log(`Kafka skipped: ${error.message}`);
  });
  if (!kafka) return;
  try {
    const system = await kafkaSystem(await emptyDatabase('kafka'), kafka.brokers, folder);
    const chain = await loneChain(system, chains);
    note('Kafka, lone step p50 (ms)', rounded(chain.p50Ms));
    note('Kafka, lone step p99 (ms)', rounded(chain.p99Ms));
    const rate = await throughput(system, crowd);
    note('Kafka, transitions (/s)', Math.round(rate));
    note('Kafka, share of ceiling', rounded(rate / ceiling));
    await fans('Kafka', system);
    for (const { name, coreShare, megabytes } of await idle(system, quick ? 3000 : 20_000))
      note(`idle ${name}`, { corePercent: rounded(coreShare * 100), megabytes: Math.round(megabytes) });
    await system.stop();
  } finally {
    await kafka.stop();
  }
}

async function fans(name: string, system: System): Promise<void> {
  for (const count of quick ? [1000, 10_000] : [1000, 10_000, 100_000]) {
    const { seconds, megabytes } = await fanOut(system, count);
    note(`${name}, ${count} tasks of one run (s)`, { seconds: rounded(seconds), megabytes });
  }
}

async function emptyDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE bench_${name}`);
  await client.end();
  return Object.assign(new URL(postgres.url), { pathname: `/bench_${name}` }).href;
}
