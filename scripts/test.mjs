// `npm test`: every check and every test, and a last line that counts them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium, installChromium } from '../apps/studio/scripts/chromium.mjs';
import { install, node, root, seconds } from './toolchain.mjs';

install();

const checks = [
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']],
  // The boundary rules read Nx's graph of projects, and pass silently where there is none: it is made first.
  ['project graph', ['node_modules/nx/dist/bin/nx.js', 'show', 'projects']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '.']],
  // Tests that kill processes start them from the build, as users do: by commands that would build, were it not done.
  ['build', ['scripts/build.mjs']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']],
  ['types of the studio', ['node_modules/typescript/bin/tsc', '-p', 'apps/studio']],
  ['types of its specs', ['node_modules/typescript/bin/tsc', '-p', 'apps/studio/test']],
];
const count = { passed: 0, failed: 0, skipped: 0 };
for (const [name, args] of checks) {
  const began = Date.now();
  const env = { ...process.env, NX_DAEMON: 'false' };
  const passed = spawnSync(node, args, { cwd: root, env, stdio: 'inherit' }).status === 0;
  count[passed ? 'passed' : 'failed'] += 1;
  console.log(`${passed ? 'ok' : 'FAILED'} ${name} (${seconds(began)})`);
}

installChromium();
if (findChromium() === undefined)
  console.log(
    'The studio is not tested in a browser: there is no Chromium (apt install chromium, or set CHROMIUM_PATH)',
  );

const folder = mkdtempSync(join(tmpdir(), 'duofactory-jest-'));
const summary = join(folder, 'summary.json');
const jest = [
  '--experimental-vm-modules',
  'node_modules/jest/bin/jest.js',
  '--json',
  `--outputFile=${summary}`,
];
const { status } = spawnSync(node, [...jest, ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(summary, 'utf8'),
  );
  count.passed += numPassedTests;
  count.failed += numFailedTests + numRuntimeErrorTestSuites;
  count.skipped += numPendingTests;
} catch {
  count.failed += 1;
}
rmSync(folder, { recursive: true, force: true });
if (status !== 0 && count.failed === 0) count.failed += 1;
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed === 0 ? 0 : 1;
