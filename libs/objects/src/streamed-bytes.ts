import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { ObjectCorrupt } from './object-store.js';

/** Writes an empty file as bytes come, until they are on the disk, and says what they are. Its opener closes it. */
export async function writeHashed(
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<{ hash: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of source) {
    signal?.throwIfAborted();
    hash.update(bytes);
    sizeBytes += bytes.byteLength;
    await file.writeFile(bytes);
  }
  signal?.throwIfAborted();
  await file.datasync();
  return { hash: hash.digest('hex'), sizeBytes };
}

/** Passes bytes on. The last ones stay behind until all are known to be those of the name: nobody has a false object whole. */
export async function* checkedBytes(
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = createHash('sha256');
  let waiting: Uint8Array | undefined;
  for await (const bytes of source) {
    hash.update(bytes);
    if (waiting) yield waiting;
    waiting = bytes;
  }
  if (!name.endsWith(`/${hash.digest('hex')}`)) throw new ObjectCorrupt(name);
  if (waiting) yield waiting;
}

/** Passes bytes on, and waits no longer than `patienceMs` for more of them. However long their reader takes over them. */
export async function* steadyBytes(
  source: Readable,
  patienceMs: number,
): AsyncGenerator<Uint8Array, void, void> {
  const parts = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const silent = (): void => void source.destroy(new Error(`No more bytes within ${patienceMs} ms`));
  try {
    for (;;) {
      const timer = setTimeout(silent, patienceMs);
      const next = await parts.next().finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    source.destroy();
  }
}
