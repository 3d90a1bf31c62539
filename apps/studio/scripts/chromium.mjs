import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '-qq',
  '-y',
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Acquire::Retries=1',
  '-o',
  'Acquire::http::Timeout=20',
];

/** Where Chromium is: as CHROMIUM_PATH says, or where systems put it. */
export function findChromium() {
  const given = process.env['CHROMIUM_PATH'];
  if (given !== undefined) return existsSync(given) ? given : undefined;
  return PLACES.find((path) => existsSync(path));
}

/** Debian's Chromium, where apt is there and we may use it. */
export function installChromium() {
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (findChromium() !== undefined || process.env['CHROMIUM_PATH'] !== undefined || !mayInstall) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']]) {
    const { status } = spawnSync('apt-get', [...QUIET, ...args], { env, stdio: 'ignore', timeout: 300_000 });
    if (status !== 0) return;
  }
}
