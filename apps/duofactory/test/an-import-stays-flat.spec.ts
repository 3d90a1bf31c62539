import { FsObjectStore } from '@duofactory/objects';
import type { Ref } from '@duofactory/contracts';
import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

const ROWS = 100_000;
const PROGRAM = join(import.meta.dirname, 'import-many.mjs');
/** The answer alone is 34 MB of text; as objects it would be twice that. */
const MOST_HEAP_MB = 64;
/** V8 takes it three times, and more or less of it by the load of the machine. */
const MOST_YOUNG_MB = 8;
const MOST_MEMORY_BYTES = 200 * 1024 * 1024;

describe('an import stays flat', () => {
  const database = useEmptyDatabase();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-import-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('from a file through the block, though its rows would not fit into memory', async () => {
    const file = join(folder, 'words.csv');
    const lines = function* () {
      yield 'id,text\n';
      for (let i = 0; i < ROWS; i += 1) yield `w${i},${`palabra ${i} `.repeat(20)}\n`;
    };
    await writeFile(file, Readable.from(lines()));

    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[`--max-old-space-size=${MOST_HEAP_MB}`, `--max-semi-space-size=${MOST_YOUNG_MB}`],
      ...[PROGRAM, database.url, folder, file],
    ]);

    const made = JSON.parse(stdout) as { answer: Ref; peakBytes: number };
    expect(made.peakBytes).toBeLessThan(MOST_MEMORY_BYTES);
    const answer = await new FsObjectStore(folder).get(made.answer);
    const { outputs } = JSON.parse(Buffer.from(answer).toString()) as { outputs: { id: string }[] };
    expect([outputs.length, outputs[0]?.id, outputs.at(-1)?.id]).toEqual([ROWS, 'w0', `w${ROWS - 1}`]);
  });
});
