// After the tests: stops the embedded PostgreSQL that they shared.
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function stopPostgres() {
  const note = join(tmpdir(), 'duofactory-test', 'pid');
  const pid = Number(await readFile(note, 'utf8').catch(() => ''));
  if (!pid) return;
  await rm(note, { force: true });
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It had stopped before.
  }
}
