import { startEmbeddedPostgres } from '@duofactory/platform';
import { startKafka } from '@duofactory/testing/kafka';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { kafkaSystem } from './system.js';
import { throughput } from './workloads.js';

/**
 * What traces cost: the throughput over Kafka without and with them, one after the other, several times in one run, so
 * that whatever else the machine does falls on both. Each time the processes and the database are new.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const crowd = { runs: 600, blocks: 5 };

const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const kafka = await startKafka();
const collector = spawn(process.execPath, [fileURLToPath(new URL('discard-main.js', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [port] = (await once(createInterface({ input: collector.stdout }), 'line')) as [string];
  const settings = {
    off: {},
    on: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  };
  const rates = { off: [] as number[], on: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // Who goes first changes: the second one finds warmer caches.
    const order = round % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const);
    for (const traces of order) {
      Object.assign(process.env, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, settings[traces]);
      const name = `traces_${traces}_${round}`;
      const system = await kafkaSystem(await database(name), kafka.brokers, folder);
      const rate = await throughput(system, crowd);
      await system.stop();
      rates[traces].push(rate);
      console.log(`traces ${traces}`.padEnd(12), `${Math.round(rate)} transitions/s`);
    }
  }
  const ratio = median(rates.on) / median(rates.off);
  console.log(
    `medians: off ${Math.round(median(rates.off))}, on ${Math.round(median(rates.on))}; ratio ${ratio.toFixed(3)}`,
  );
} finally {
  collector.kill('SIGTERM');
  await kafka.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function database(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  return Object.assign(new URL(postgres.url), { pathname: `/${name}` }).href;
}
