import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
}

const BUILT = resolve(import.meta.dirname, '../dist');
const MOST_BYTES = 200_000;

describe('the first load', () => {
  it('is less than 200 KB of JavaScript, zipped', async () => {
    const manifest = JSON.parse(await readFile(resolve(BUILT, '.vite/manifest.json'), 'utf8')) as Record<
      string,
      Chunk
    >;
    const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!;
    const needed = new Set<string>();
    const need = (name: string): void => {
      if (needed.has(name)) return;
      needed.add(name);
      for (const imported of manifest[name]!.imports ?? []) need(imported);
    };
    need(entry);

    const sizes = await Promise.all(
      [...needed].map(
        async (name) => gzipSync(await readFile(resolve(BUILT, manifest[name]!.file))).byteLength,
      ),
    );

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});
