import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The folder of programs of an environment of its own with these packages of PyPI, made once a machine. Undefined, with
 * a line that says why, where Python or pip cannot get them.
 */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
): Promise<string | undefined> {
  const cache = process.env['DUOFACTORY_CACHE_DIR'] ?? join(homedir(), '.cache', 'duofactory');
  const folder = join(cache, name);
  const bin = join(folder, 'bin');
  const done = join(folder, 'installed');
  if (existsSync(done)) return bin;
  try {
    await mkdir(cache, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', folder]);
    await run(join(bin, 'pip'), ['install', '--quiet', ...packages], { maxBuffer: 2 ** 24 });
    await mkdir(done);
    return bin;
  } catch (error) {
    const [why] = (error as Error).message.split('\n');
    process.stderr.write(`Tests in Python are skipped: it cannot get ${packages.join(', ')} (${why}).\n`);
    return undefined;
  }
}
