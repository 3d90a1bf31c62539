import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchHost, stop, type Spawned } from './host-process.js';

const run = promisify(execFile);
const VERSION = '4.32.5';
const CACHE = process.env['DUOFACTORY_CACHE_DIR'] ?? join(homedir(), '.cache', 'duofactory');

/** Schemathesis in an environment of its own, by pip, once a machine. Undefined where Python cannot get it. */
async function schemathesis(): Promise<string | undefined> {
  const folder = join(CACHE, `schemathesis-${VERSION}`);
  const program = join(folder, 'bin', 'schemathesis');
  const done = join(folder, 'installed');
  if (existsSync(done)) return program;
  try {
    await mkdir(CACHE, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', folder]);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`], {
      maxBuffer: 2 ** 24,
    });
    await mkdir(done);
    return program;
  } catch (error) {
    const { message } = error as Error;
    process.stderr.write(
      `The API is not fuzzed: Python cannot get schemathesis (${message.split('\n')[0]}).\n`,
    );
    return undefined;
  }
}

const program = await schemathesis();

(program ? describe : describe.skip)('the API holds its word, whatever it is sent', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Spawned & { url: string };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-fuzz-'));
    host = await launchHost({ DUOFACTORY_DATABASE_URL: database.url, DUOFACTORY_DATA_DIR: folder });
  });

  afterAll(async () => {
    await stop(host);
    await rm(folder, { recursive: true, force: true });
  });

  it('never errs, and answers nothing that its document does not say', async () => {
    const checks = [
      'not_a_server_error',
      'status_code_conformance',
      'content_type_conformance',
      'response_schema_conformance',
    ];
    const { stdout } = await run(
      program!,
      [
        ...['run', `${host.url}/api/openapi.json`, '--url', host.url, '--seed', '1', '-n', '15'],
        ...['--phases', 'examples,coverage,fuzzing', '--checks', checks.join(','), '--continue-on-failure'],
      ],
      { cwd: folder, maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: '1' } },
    ).catch((error: { stdout: string }) => error);

    expect(stdout.slice(-4000)).toMatch(/ (\d+) generated, \1 passed/);
  }, 240_000);
});
