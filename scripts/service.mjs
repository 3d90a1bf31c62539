// `npm run start:<service>`: one service as a process of its own, on the parts that the environment names.
import { spawn } from 'node:child_process';
import { build, install, node, root } from './toolchain.mjs';

install();
build();
const [service] = process.argv.slice(2);
const child = spawn(node, [`${root}services/${service}/dist/main.js`], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
