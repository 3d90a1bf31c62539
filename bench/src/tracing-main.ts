import { TracingConfig, openTracing, startEmbeddedPostgres } from '@duofactory/platform';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { embeddedSystem } from './system.js';
import { throughput } from './workloads.js';

/**
 * What traces cost: the throughput of the host that is one process without and with them, one after the other, several
 * times in one run, so that whatever else the machine does falls on both. Each time the services and the database are
 * new. One process makes all spans of a run here: on Kafka its services share them.
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const crowd = { runs: 600, blocks: 5 };

const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const collector = spawn(process.execPath, [fileURLToPath(new URL('discard-main.js', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [port] = (await once(createInterface({ input: collector.stdout }), 'line')) as [string];
  // The exporter reads it.
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${port}`;
  const config = Object.assign(new TracingConfig(), { exporter: 'otlp' });
  const rates = { off: [] as number[], on: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    // Who goes first changes: the second one finds warmer caches.
    const order = round % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const);
    for (const traces of order) {
      const tracing = traces === 'on' ? await openTracing('bench', config) : undefined;
      const system = await embeddedSystem(await database(`traces_${traces}_${round}`), folder, tracing);
      const rate = await throughput(system, crowd);
      await system.stop();
      await tracing?.close();
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
