import { FsObjectStore } from '@duofactory/objects';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('leaves no half file where a source fails', async () => {
    const root = join(folder, 'half');
    const failing = async function* () {
      yield Buffer.from('half');
      throw new Error('The source is gone');
    };

    await expect(new FsObjectStore(root).putStream(failing(), 'text/csv')).rejects.toThrow();

    expect(await readdir(join(root, '.partial'))).toEqual([]);
  });

  it('removes at its start what a process that died was writing, and nothing that is written now', async () => {
    const root = join(folder, 'left');
    const partial = join(root, '.partial');
    await new FsObjectStore(root).put(Buffer.from('whole'), 'text/plain');
    for (const name of ['.old', '.new']) await writeFile(join(partial, name), 'half');
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(partial, '.old'), twoDaysAgo, twoDaysAgo);

    await new FsObjectStore(root).ready();

    expect(await readdir(partial)).toEqual(['.new']);
  });
});
