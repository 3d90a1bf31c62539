// Built-in modules only: it runs on whatever Node is there (20 or later) and brings the pinned one.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const node = `${root}node_modules/.bin/node`;
const say = (text) => process.stderr.write(`${text}\n`);

/** Installs the dependencies, once a lock file. Ends the process where that fails. */
export function install() {
  const stamp = `${root}node_modules/.installed`;
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  const isDone = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
  if (!isDone()) oneAtATime(isDone, () => runInstall(stamp, lock));
}

function runInstall(stamp, lock) {
  const began = Date.now();
  say('Installing dependencies …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
  say(`Installed in ${seconds(began)}`);
}

/** Builds what changed since the last time. Ends the process where that fails. */
export function build() {
  const stamp = `${root}.nx/built`;
  const newest = newestSource();
  const isDone = () => existsSync(stamp) && Number(readFileSync(stamp, 'utf8')) === newest;
  if (!isDone()) oneAtATime(isDone, () => runBuild(stamp, newest));
}

function runBuild(stamp, newest) {
  const began = Date.now();
  const nx = ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'build', '--output-style=static'];
  const { status, stdout, stderr } = spawnSync(node, nx, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false' },
  });
  if (status !== 0) {
    say(`${stdout}${stderr}`);
    process.exit(status ?? 1);
  }
  // What editors check the content files by.
  spawnSync(node, [`${root}apps/duofactory/dist/main.js`, 'documents', `${root}workflows/schemas`], {
    stdio: 'inherit',
  });
  writeFileSync(stamp, String(newest));
  say(`Built in ${seconds(began)}`);
}

/** Two commands at one time must not install or build into the same folders: the second waits for the first. */
function oneAtATime(isDone, work) {
  const lock = `${root}.nx/setup.lock`;
  mkdirSync(`${root}.nx`, { recursive: true });
  for (let told = false; !tryLock(lock); told = true) {
    if (!told) say('Another command is setting things up: waiting for it …');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once('exit', unlock);
  if (!isDone()) work();
  process.off('exit', unlock);
  unlock();
}

/** A lock whose owner has died is taken over. */
function tryLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true });
  }
  return false;
}

/** Hands over to the command line; ends as it ends. */
export function runCommand(args) {
  install();
  build();
  const child = spawn(node, [`${root}apps/duofactory/dist/main.js`, ...args], {
    stdio: 'inherit',
    // A group of its own: Ctrl-C reaches it once, through us, and not its children before it has drained.
    detached: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}

export function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

/** When a source file was last changed. */
function newestSource() {
  let newest = 0;
  for (const group of ['libs', 'services', 'apps', '.']) {
    for (const project of readdirSync(join(root, group))) {
      const folder = join(root, group, project, 'src');
      if (!existsSync(folder)) continue;
      for (const entry of readdirSync(folder, { recursive: true })) {
        newest = Math.max(newest, statSync(join(folder, entry)).mtimeMs);
      }
    }
  }
  return newest;
}
