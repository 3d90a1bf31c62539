// `npm run scenarios`: plays workflow semantics from files through the orchestrator's own code.
import { spawnSync } from 'node:child_process';
import { build, install, node, root } from './toolchain.mjs';

install();
build();
const main = `${root}services/orchestrator/dist/scenarios/main.js`;
const { status } = spawnSync(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
