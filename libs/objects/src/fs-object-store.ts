import type { Ref } from '@duofactory/contracts';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  ConditionFailed,
  ObjectCorrupt,
  ObjectMissing,
  ObjectStore,
  checkName,
  nameOf,
  objectOfHash,
  type NamedObject,
  type PutCondition,
} from './object-store.js';
import { checkedBytes, writeHashed } from './streamed-bytes.js';

/** A replacement takes milliseconds: a lock older than this belongs to a process that died. */
const STALE_LOCK_MS = 10_000;

const PARTIAL = '.partial';
/** Nobody writes to one file this long without a pause. */
const LEFT_OVER_MS = 24 * 60 * 60_000;

/**
 * Objects as files under one folder. A file appears by a rename or a hard link, so it is whole or absent, for every
 * process of the machine. The media type of a named object lies beside it, in a hidden file.
 */
export class FsObjectStore extends ObjectStore {
  readonly #root: string;
  #tidy: Promise<void> | undefined;

  constructor(folder: string) {
    super();
    this.#root = resolve(folder);
  }

  async put(bytes: Uint8Array, mediaType: string): Promise<Ref> {
    const hash = sha256(bytes);
    const object = objectOfHash(hash);
    const path = this.#pathOf(object);
    // A file of that name may hold something else since: who puts it anew, as whoever paid for it again, mends it.
    if ((await this.#etagOf(path)) !== hash) await this.#appear(path, bytes, rename);
    return { object, mediaType, sizeBytes: bytes.byteLength };
  }

  async putStream(source: AsyncIterable<Uint8Array>, mediaType: string, signal?: AbortSignal): Promise<Ref> {
    return this.#written(
      (file) => writeHashed(file, source, signal),
      async (partial, { hash, sizeBytes }) => {
        const object = objectOfHash(hash);
        const path = this.#pathOf(object);
        await mkdir(dirname(path), { recursive: true });
        await rename(partial, path);
        return { object, mediaType, sizeBytes };
      },
    );
  }

  async getStream({ object }: Ref, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    checkName(object);
    const file = createReadStream(this.#pathOf(object), signal ? { signal } : {});
    await once(file, 'open').catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? new ObjectMissing(object) : error;
    });
    return checkedBytes(object, file as AsyncIterable<Buffer>);
  }

  async get({ object }: Ref): Promise<Uint8Array> {
    checkName(object);
    const bytes = await readIfThere(this.#pathOf(object));
    if (!bytes) throw new ObjectMissing(object);
    if (!object.endsWith(`/${sha256(bytes)}`)) throw new ObjectCorrupt(object);
    return bytes;
  }

  async putNamed(
    name: string,
    bytes: Uint8Array,
    mediaType: string,
    { ifNoneMatch, ifMatch }: PutCondition = {},
  ): Promise<{ etag: string }> {
    checkName(name);
    const path = this.#pathOf(name);
    // Readers look at the type only where they found the bytes, so it is there first.
    await this.#appear(typePath(path), Buffer.from(mediaType), rename);
    if (ifNoneMatch !== undefined) {
      await this.#appear(path, bytes, link).catch((error: unknown) => {
        throw codeOf(error) === 'EEXIST' ? new ConditionFailed(name) : error;
      });
    } else {
      const unlock = await lock(path);
      try {
        if (ifMatch !== undefined && (await this.#etagOf(path)) !== ifMatch) throw new ConditionFailed(name);
        await this.#appear(path, bytes, rename);
      } finally {
        await unlock();
      }
    }
    return { etag: sha256(bytes) };
  }

  async getNamed(name: string): Promise<NamedObject | undefined> {
    checkName(name);
    const path = this.#pathOf(name);
    const bytes = await readIfThere(path);
    if (!bytes) return undefined;
    const mediaType = (await readIfThere(typePath(path)))?.toString() ?? 'application/octet-stream';
    return { bytes, mediaType, etag: sha256(bytes) };
  }

  async has(object: Ref | string): Promise<boolean> {
    return stat(this.#pathOf(nameOf(object))).then(
      (found) => found.isFile(),
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return false;
        throw error;
      },
    );
  }

  async delete(object: Ref | string): Promise<void> {
    const path = this.#pathOf(nameOf(object));
    await rm(path, { force: true });
    await rm(typePath(path), { force: true });
  }

  async *list(prefix: string): AsyncIterable<string> {
    const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '';
    if (folder !== '') checkName(folder);
    const entries = await readdir(join(this.#root, folder), { recursive: true, withFileTypes: true }).catch(
      (error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      },
    );
    const names = entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(this.#root.length + 1)
          .replaceAll('\\', '/'),
      );
    for (const name of names.sort()) if (name.startsWith(prefix)) yield name;
  }

  locate(object: Ref | string): string {
    return pathToFileURL(this.#pathOf(typeof object === 'string' ? object : object.object)).href;
  }

  async ready(): Promise<void> {
    await mkdir(this.#root, { recursive: true });
    this.#tidy ??= this.#removeLeftovers();
    await this.#tidy;
    const probe = join(this.#root, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await rm(probe, { force: true });
  }

  #pathOf(name: string): string {
    return join(this.#root, ...name.split('/'));
  }

  async #etagOf(path: string): Promise<string | undefined> {
    const bytes = await readIfThere(path);
    return bytes && sha256(bytes);
  }

  /** Writes beside the place and moves it there, after the bytes have reached the disk. */
  async #appear(
    path: string,
    bytes: Uint8Array,
    move: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    await this.#written(
      async (file) => {
        await file.writeFile(bytes);
        await file.datasync();
      },
      async (partial) => {
        await mkdir(dirname(path), { recursive: true });
        await move(partial, path);
      },
    );
  }

  /** What is being written lies in a folder of its own: what a process left there that died is known by its age. */
  async #written<W, T>(
    write: (file: FileHandle) => Promise<W>,
    place: (partial: string, written: W) => Promise<T>,
  ): Promise<T> {
    const folder = join(this.#root, PARTIAL);
    await mkdir(folder, { recursive: true });
    const partial = join(folder, `.${randomUUID()}`);
    try {
      const file = await open(partial, 'wx');
      const written = await write(file).finally(() => file.close());
      return await place(partial, written);
    } finally {
      await rm(partial, { force: true });
    }
  }

  async #removeLeftovers(): Promise<void> {
    const folder = join(this.#root, PARTIAL);
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const written = await stat(path).catch(() => undefined);
      if (written && Date.now() - written.mtimeMs > LEFT_OVER_MS) await rm(path, { force: true });
    }
  }
}

/** One writer of a name at a time, among all processes of the machine. */
async function lock(path: string): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  const file = join(dirname(path), `.${path.slice(dirname(path).length + 1)}.lock`);
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_LOCK_MS) await rm(file, { force: true });
    else await pause(5);
  }
}

function typePath(path: string): string {
  return join(dirname(path), `.${path.slice(dirname(path).length + 1)}.type`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
