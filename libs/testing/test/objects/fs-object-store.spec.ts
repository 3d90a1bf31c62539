import { FsObjectStore, ObjectCorrupt } from '@duofactory/objects';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objectStoreContract } from '../../src/objects/object-store-contract.js';

describe('objects as files', () => {
  let folder: string;
  let stores = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-objects-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const open = async (): Promise<[FsObjectStore, FsObjectStore]> => {
    const root = join(folder, String(stores++));
    return [new FsObjectStore(root), new FsObjectStore(root)];
  };

  objectStoreContract(open);

  it('notices bytes that were changed on the disk', async () => {
    const [store] = await open();
    const ref = await store.put(Buffer.from('right'), 'text/plain');
    await writeFile(fileURLToPath(store.locate(ref)), 'wrong');

    await expect(store.get(ref)).rejects.toThrow(ObjectCorrupt);
    const got: Uint8Array[] = [];
    const reading = async (): Promise<void> => {
      for await (const bytes of await store.getStream(ref)) got.push(bytes);
    };
    await expect(reading()).rejects.toThrow(ObjectCorrupt);
    expect(got).toEqual([]);
  });

  it('mends bytes that were changed on the disk when they are put again', async () => {
    const [store] = await open();
    const ref = await store.put(Buffer.from('right'), 'text/plain');
    await writeFile(fileURLToPath(store.locate(ref)), 'wrong');

    await store.put(Buffer.from('right'), 'text/plain');

    expect(Buffer.from(await store.get(ref)).toString()).toBe('right');
  });

  it('leaves no half file where a source fails', async () => {
    const root = join(folder, 'half');
    const failing = async function* () {
      yield Buffer.from('half');
      throw new Error('The source is gone');
    };

    await expect(new FsObjectStore(root).putStream(failing(), 'text/csv')).rejects.toThrow();

    expect(await readdir(join(root, 'sha256'))).toEqual([]);
  });
});
