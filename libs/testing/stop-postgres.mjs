// After the tests: stops the embedded PostgreSQL that they shared, and removes its files.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export default async function stopPostgres() {
  const cluster = process.env.DUOFACTORY_TEST_CLUSTER;
  const note = await readFile(join(cluster, 'server.json'), 'utf8').catch(() => undefined);
  if (note !== undefined) {
    const { pid, folder } = JSON.parse(note);
    try {
      // SIGQUIT: at once. Nobody needs these data any more.
      process.kill(pid, 'SIGQUIT');
    } catch {
      // It had stopped before.
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
  await rm(cluster, { recursive: true, force: true });
}
