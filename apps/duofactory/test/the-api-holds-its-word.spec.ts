import { pythonEnvironment, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { launchHost, stop, type Spawned } from './host-process.js';

const run = promisify(execFile);
const VERSION = '4.32.5';

const bin = await pythonEnvironment(`schemathesis-${VERSION}`, [`schemathesis==${VERSION}`]);
const program = bin && join(bin, 'schemathesis');

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

    // What failed stands between its heading and the lists of warnings.
    const told = stdout
      .slice(Math.max(0, stdout.indexOf(' FAILURES ')), -1)
      .replace(/ WARNINGS [^]*(?= SUMMARY )/, '');
    expect(told.slice(-12_000)).toMatch(/ (\d+) generated, \1 passed/);
    // Ends a run that hangs; a busy machine may take its time.
  }, 900_000);
});
