import { startEmbeddedPostgres } from '@duofactory/platform';
import { startKafka } from '@duofactory/testing/kafka';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WAYS } from './cluster.js';
import { soak } from './soak.js';

const { values } = parseArgs({
  options: {
    faults: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [faults, seed] = [Number(values.faults), Number(values.seed)];
if (!Number.isInteger(faults) || !Number.isInteger(seed) || faults < 1)
  throw new RangeError('Give whole numbers: --faults 1000 --seed 7');

const folder = await mkdtemp(join(tmpdir(), 'duofactory-soak-'));
console.log(`${faults} faults with seed ${seed}; logs: ${folder}`);
const postgres = await startEmbeddedPostgres({ dataDir: folder });
const broker = await startKafka({ proxies: WAYS });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    // What was started in this process ends with it; the database runs by itself.
    try {
      process.kill(postgres.pid, 'SIGQUIT');
    } catch {
      // It has stopped already.
    }
    process.exit(1);
  });
const began = Date.now();
const say = (line: string): void =>
  console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`);
try {
  const report = await soak({ faults, seed, databaseUrl: postgres.url, broker, folder, say });
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.violations.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await broker.stop();
  await postgres.stop();
}
if (process.exitCode === 0) {
  await rm(folder, { recursive: true, force: true });
  await rm(postgres.folder, { recursive: true, force: true });
} else console.log(`It can be had again with --seed ${seed}; logs: ${folder}`);
// A client that still waits for a broker that is gone has nothing left to do.
process.exit();
