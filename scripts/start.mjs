// `npm start`: installs once, builds what changed, and hands over to the pinned Node.
import { spawn, spawnSync } from 'node:child_process';
import { install, node, root, seconds } from './toolchain.mjs';

install();

const began = Date.now();
const build = spawnSync(
  node,
  [
    'node_modules/nx/dist/bin/nx.js',
    'run-many',
    '-t',
    'build',
    '-p',
    '@duofactory/orchestrator',
    '--output-style=static',
  ],
  { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
);
if (build.status !== 0) {
  console.error(build.stdout, build.stderr);
  process.exit(build.status ?? 1);
}
console.log(`Built in ${seconds(began)}`);

const service = spawn(node, ['services/orchestrator/dist/main.js', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  detached: true,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => service.kill(signal));
service.on('exit', (code) => process.exit(code ?? 1));
