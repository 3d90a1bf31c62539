// `npm run bench`: measures this machine's PostgreSQL and the product beside it, in one run.
import { spawnSync } from 'node:child_process';
import { build, install, node, root } from './toolchain.mjs';

install();
build();
const { status } = spawnSync(node, [`${root}bench/dist/main.js`, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
