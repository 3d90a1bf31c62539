// `npm run studio:client`: asks a host of its own what the API is, and writes the studio's types of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { clientTypes } from '../apps/studio/scripts/client-types.mjs';
import { build, install, node, root } from './toolchain.mjs';

install();
build();
const folder = mkdtempSync(join(tmpdir(), 'duofactory-client-'));
const host = spawn(node, [`${root}apps/duofactory/dist/main.js`, 'up'], {
  env: {
    ...process.env,
    DUOFACTORY_HTTP_PORT: '0',
    DUOFACTORY_DATA_DIR: folder,
    DUOFACTORY_LOG_LEVEL: 'error',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(host, 'exit');
try {
  for await (const line of createInterface({ input: host.stdout })) {
    const url = /answers at (http:\S+)\/api/.exec(line)?.[1];
    if (url === undefined) continue;
    const description = await (await fetch(`${url}/api/openapi.json`)).json();
    writeFileSync(`${root}apps/studio/src/api/schema.ts`, await clientTypes(description));
    process.stdout.write('Written: apps/studio/src/api/schema.ts\n');
    break;
  }
} finally {
  host.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
