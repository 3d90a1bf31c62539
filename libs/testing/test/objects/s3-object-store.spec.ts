import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '@duofactory/objects';
import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { objectStoreContract } from '../../src/objects/object-store-contract.js';
import { TcpProxy } from '../../src/network/tcp-proxy.js';
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

  it('has the server forget the parts of an upload that is called off', async () => {
    const proxy = await TcpProxy.open({ host: '127.0.0.1', port: Number(new URL(endpoint).port) });
    const bucket = `objects-${randomUUID()}`;
    const store = new S3ObjectStore({
      ...{ bucket, endpoint: proxy.through(endpoint), pathStyle: true },
      ...(credentials ? { credentials } : {}),
    });
    const gone = new AbortController();
    void proxy.cutBeforeAnswer((said) => {
      if (said.includes('partNumber=')) gone.abort();
      return false;
    });
    const source = async function* () {
      for (let i = 0; i < 60; i += 1) yield Buffer.alloc(1024 * 1024, `${i} `);
    };

    await expect(store.putStream(source(), 'text/csv', gone.signal)).rejects.toThrow();

    expect(gone.signal.aborted).toBe(true);
    const s3 = new S3Client({
      endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: credentials!,
    });
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).toEqual([]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
    s3.destroy();
    await proxy.close();
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
