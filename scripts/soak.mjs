// `npm run soak -- --faults 1000 --seed 7`: breaks two orchestrators and two workers in every way, and checks what came of it.
import { spawn } from 'node:child_process';
import { build, install, node, root } from './toolchain.mjs';

install();
build();
const child = spawn(node, [`${root}soak/dist/main.js`, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
