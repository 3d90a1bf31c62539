// Built-in modules only: it runs on whatever Node is there (20 or later) and brings the pinned one.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const node = `${root}node_modules/.bin/node`;

/** Installs the dependencies, once a lock file. Ends the process where that fails. */
export function install() {
  const stamp = `${root}node_modules/.installed`;
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  const began = Date.now();
  console.log('Installing dependencies …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
  console.log(`Installed in ${seconds(began)}`);
}

export function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}
