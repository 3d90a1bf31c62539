// `npm run bench`: measures this machine's PostgreSQL and the product beside it, in one run.
// `npm run rehearse`: a batch of hundreds of courses on the embedded host.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { build, install, node, root } from './toolchain.mjs';

const [named, ...rest] = process.argv.slice(2);
const program = `${root}bench/dist/${named}.js`;
install();
build();
const args =
  named && existsSync(program) ? [program, ...rest] : [`${root}bench/dist/main.js`, ...process.argv.slice(2)];
const { status } = spawnSync(node, args, { stdio: 'inherit' });
process.exitCode = status ?? 1;
