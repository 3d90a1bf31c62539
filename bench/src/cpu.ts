import { startEmbeddedPostgres } from '@duofactory/platform';
import { startKafka } from '@duofactory/testing/kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { usageOfTree } from './process-tree.js';
import { embeddedSystem, kafkaSystem, publishChain, usageOf, type System } from './system.js';
import { once } from './workloads.js';

/**
 * Processor time of a transition, by process: what it costs is the same on a machine that others keep busy, where a
 * rate says nothing. `embedded` or `kafka`, then how many runs of five blocks.
 */
const [bus = 'embedded', runs = '1000'] = process.argv.slice(2);
const BLOCKS = 5;
const ROUNDS = 3;

const folder = await mkdtemp(join(tmpdir(), 'duofactory-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const kafka = bus === 'kafka' ? await startKafka() : undefined;
try {
  const system = kafka
    ? await kafkaSystem(postgres.url, kafka.brokers, folder)
    : await embeddedSystem(postgres.url, folder);
  const workflow = await publishChain(system, BLOCKS);
  // Compiles the code and plans the statements.
  await once(system, workflow, Number(runs));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const [cpuBefore, workBefore] = [cpuOf(system), await workOf(postgres.url)];
    await once(system, workflow, Number(runs));
    const [cpuAfter, workAfter] = [cpuOf(system), await workOf(postgres.url)];
    const transitions = Number(runs) * BLOCKS;
    const microseconds = Object.entries(cpuAfter).map(
      ([name, ms]) => `${name} ${(((ms - cpuBefore[name]!) * 1000) / transitions).toFixed(0)}`,
    );
    const [transactions, logBytes] = workAfter.map((value, i) => value - workBefore[i]!);
    console.log(
      `${bus}: us a transition: ${microseconds.join(', ')};`,
      `${(transitions / transactions!).toFixed(0)} transitions a commit, ${(logBytes! / transitions).toFixed(0)} bytes of log each`,
    );
  }
  await system.stop();
} finally {
  await kafka?.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function cpuOf(system: System): Record<string, number> {
  const database = usageOfTree(postgres.pid).allCpuMs;
  const cpu: Record<string, number> = { PostgreSQL: database };
  const others: Record<string, number> = {};
  for (const { name, pid } of system.processes) {
    const { cpuMs } = usageOf(pid);
    if (['host', 'orchestrator', 'worker'].includes(name)) cpu[name] = cpuMs;
    else others['others'] = (others['others'] ?? 0) + cpuMs;
  }
  Object.assign(cpu, others);
  if (!kafka) return cpu;
  const { allCpuMs, hostCpuMs } = usageOfTree(process.pid);
  const known = Object.values(cpu).reduce((sum, ms) => sum + ms, 0);
  return { ...cpu, broker: allCpuMs - hostCpuMs - known, client: hostCpuMs };
}

/** Transactions of the database so far, and bytes of its log. */
async function workOf(url: string): Promise<[number, number]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Sessions tell what they did once a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { rows } = await client.query<{ commits: string; bytes: string }>(
      `SELECT (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()) AS commits,
         pg_current_wal_lsn() - '0/0' AS bytes`,
    );
    return [Number(rows[0]!.commits), Number(rows[0]!.bytes)];
  } finally {
    await client.end();
  }
}
