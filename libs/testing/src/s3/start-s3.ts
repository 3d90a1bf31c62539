import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface S3Server {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  stop(): Promise<void>;
}

const VERSION = '1.8.0';
const CREDENTIALS = { accessKeyId: 'duofactory', secretAccessKey: 'duofactory-secret' };
const START_WITHIN_MS = 20_000;

/**
 * A real S3 server (Versity's gateway over a folder), built by Go once a machine. Where Go cannot, prints one line that
 * says why and gives undefined.
 */
export async function s3IfAvailable(): Promise<S3Server | undefined> {
  const program = await gateway().catch((error: Error) => {
    const reason = error.message.split('\n')[0]!;
    process.stderr.write(`Tests on S3 are skipped: Go cannot build its server (${reason}).\n`);
  });
  if (!program) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'duofactory-s3-'));
  const port = await freePort();
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const server = spawn(
    program,
    ['--access', accessKeyId, '--secret', secretAccessKey, '--port', `127.0.0.1:${port}`, 'posix', folder],
    { stdio: 'ignore' },
  );
  const killAtExit = (): void => void server.kill('SIGKILL');
  process.once('exit', killAtExit);
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await accepts(port))) {
    if (server.exitCode !== null || Date.now() > deadline)
      throw new Error(`The S3 server did not start within ${START_WITHIN_MS} ms`);
    await pause(20);
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    stop: async () => {
      process.removeListener('exit', killAtExit);
      server.kill('SIGKILL');
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function gateway(): Promise<string> {
  const cache = process.env['DUOFACTORY_CACHE_DIR'] ?? join(homedir(), '.cache', 'duofactory');
  const folder = join(cache, `versitygw-${VERSION}`);
  const program = join(folder, 'versitygw');
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await promisify(execFile)('go', ['install', `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`], {
    // Modules that may be deleted again, like any other cache.
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-modcacherw' },
    maxBuffer: 2 ** 24,
  });
  return program;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
