import { startEmbeddedPostgres } from '@duofactory/platform';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { runScenarios, type ScenarioReport } from './run-scenarios.js';

const USAGE = `npm run scenarios -- <folder or file…> [--seeds 20] [--seed N] [--json]

Plays workflow semantics from files through the orchestrator's own code. Each file is played once a seed;
--seed plays one seed only. Ends with 1 if any failed or was not understood.`;

const LANES = 3;

const { values, positionals } = readArguments();
const paths = positionals.map((path) => resolve(process.env['INIT_CWD'] ?? '.', path));
for (const path of paths) if (!existsSync(path)) refuse(`There is no file or folder ${path}`);

if (values.help || positionals.length === 0) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else {
  const seeds =
    values.seed !== undefined
      ? [wholeNumber('seed', values.seed)]
      : Array.from({ length: wholeNumber('seeds', values.seeds) }, (_, n) => n + 1);
  const reports = await onOwnServer((url, folder) =>
    runScenarios({
      paths,
      seeds,
      url,
      folder,
      lanes: LANES,
      report: values.json ? () => undefined : (report) => console.log(line(report)),
    }),
  );
  const failed = reports.filter(({ passed }) => !passed).length;
  const totals = { passed: reports.length - failed, failed, skipped: 0 };
  if (values.json) console.log(JSON.stringify({ ...totals, scenarios: reports }, undefined, 2));
  else console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  process.exitCode = failed === 0 && reports.length > 0 ? 0 : 1;
}

function line({ name, passed, seed, differences = [] }: ScenarioReport): string {
  if (passed) return `ok ${name}`;
  const at = seed === undefined ? '' : ` seed=${seed}`;
  const what = differences.map(
    ({ what: of, expected, got }) => `${of}: expected ${text(expected)}, got ${text(got)}`,
  );
  return `FAILED ${name}${at}: ${what.join('; ')}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

function wholeNumber(name: string, written: string): number {
  const number = Number(written);
  if (Number.isInteger(number) && number > 0) return number;
  refuse(`--${name} is "${written}": give a whole number from 1`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seeds: { type: 'string', default: '20' },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return refuse(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Rejects when the process is asked to end, so that what was started is stopped. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`Ended by ${signal}`)));
  });
}

/** A PostgreSQL that is thrown away afterwards, so it need not wait for the disk. */
async function onOwnServer<T>(work: (url: string, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'duofactory-scenarios-'));
  const server = await startEmbeddedPostgres({ dataDir: folder });
  try {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
      await client.query(`ALTER SYSTEM SET ${setting} = off`);
    await client.query('SELECT pg_reload_conf()');
    await client.end();
    return await Promise.race([work(server.url, join(folder, 'objects')), interrupted()]);
  } finally {
    await server.stop();
    await rm(server.folder, { recursive: true, force: true, maxRetries: 20 });
    await rm(folder, { recursive: true, force: true });
  }
}
