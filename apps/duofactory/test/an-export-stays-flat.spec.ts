import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROWS = 200_000;
const PROGRAM = join(import.meta.dirname, 'export-many.mjs');
/** Of which the program itself has 40; the rows would be 80. */
const MOST_HEAP_MB = 64;
const MOST_MEMORY_BYTES = 300 * 1024 * 1024;

describe('an export stays flat', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-export-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['csv', 'jsonl', 'xlsx'])('as %s, though its rows would not fit into memory', async (to) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[`--max-old-space-size=${MOST_HEAP_MB}`, PROGRAM, folder, to, String(ROWS)],
    ]);

    const made = JSON.parse(stdout) as { rows: number; peakBytes: number; ref: { sizeBytes: number } };
    expect(made.rows).toBe(ROWS);
    expect(made.ref.sizeBytes).toBeGreaterThan(to === 'xlsx' ? 1_000_000 : ROWS * 250);
    expect(made.peakBytes).toBeLessThan(MOST_MEMORY_BYTES);
  });
});
