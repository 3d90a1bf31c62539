import { S3ObjectStore } from '@duofactory/objects';
import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { objectStoreContract } from '../../src/objects/object-store-contract.js';
import { s3IfAvailable } from '../../src/s3/start-s3.js';

const server = await s3IfAvailable();

(server ? describe : describe.skip)('objects in a bucket of a real S3 server', () => {
  const { endpoint, credentials } = server ?? { endpoint: '', credentials: undefined };
  const client = (bucket: string): S3ObjectStore =>
    new S3ObjectStore({ bucket, endpoint, pathStyle: true, ...(credentials ? { credentials } : {}) });
  const open = async (): Promise<[S3ObjectStore, S3ObjectStore]> => {
    const bucket = `objects-${randomUUID()}`;
    return [client(bucket), client(bucket)];
  };

  afterAll(() => server?.stop());

  objectStoreContract(open);

  it('stores what is larger than a part, whole', async () => {
    const [left, right] = await open();
    const bytes = Buffer.alloc(20 * 1024 * 1024, 'DuoFactory ');

    const ref = await left.put(bytes, 'audio/ogg');
    const again = await right.put(bytes, 'audio/ogg');

    expect(again).toEqual(ref);
    expect(Buffer.from(await right.get(ref)).equals(bytes)).toBe(true);
  });

  it('says where an object lies, and that it is ready', async () => {
    const store = client('named');
    await store.putNamed('courses/dev/en-es/manifest.json', Buffer.from('{}'), 'application/json');

    expect(store.locate('courses/dev/en-es/manifest.json')).toBe(
      's3://named/courses/dev/en-es/manifest.json',
    );
    await expect(store.ready()).resolves.toBeUndefined();
  });

  it('is ready on an empty server: it makes its bucket', async () => {
    const [store] = await open();

    await expect(store.ready()).resolves.toBeUndefined();
  });

  it('is not ready where its key is refused, and repeats no key', async () => {
    const wrong = { accessKeyId: 'duofactory', secretAccessKey: 'not-the-secret' };
    const store = new S3ObjectStore({ bucket: 'named', endpoint, pathStyle: true, credentials: wrong });

    const error = await store.ready().then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );

    expect(error).toBeInstanceOf(Error);
    expect(`${error!.message} ${error!.stack}`).not.toContain('not-the-secret');
  });
});
