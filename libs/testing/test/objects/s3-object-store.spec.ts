import {
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Ref } from '@duofactory/contracts';
import { isOutage } from '@duofactory/messaging';
import { S3ObjectStore } from '@duofactory/objects';
import { PlatformConfig, loadConfig, openObjects } from '@duofactory/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { objectStoreContract } from '../../src/objects/object-store-contract.js';
import { HttpFaults, type HttpFault } from '../../src/network/http-faults.js';
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

  describe('though the way to it is bad', () => {
    const SLOW = { status: 503, body: '<Error><Code>SlowDown</Code><Message>Reduce</Message></Error>' };
    const MET = {
      status: 409,
      body: '<Error><Code>ConditionalRequestConflict</Code><Message>M</Message></Error>',
    };
    let wire: HttpFaults;
    let direct: S3ObjectStore;
    let store: S3ObjectStore;

    beforeAll(async () => {
      wire = await HttpFaults.before(endpoint);
      wire.meets = ({ method, url }) => method === 'PUT' && url.includes('/bad-way/');
      direct = client('bad-way');
      await direct.ready();
      store = new S3ObjectStore({
        ...{ bucket: 'bad-way', endpoint: wire.url, pathStyle: true, patienceMs: 2000 },
        ...(credentials ? { credentials } : {}),
      });
    });
    afterAll(() => wire.stop());

    it.each<[string, HttpFault[]]>([
      ['is too busy for a while', [SLOW, SLOW]],
      ['sees two writers meet', [MET, MET]],
      ['stores and is not heard', ['lost']],
      ['says nothing', ['silent']],
    ])('keeps what is put by its content, where the server %s', async (name, faults) => {
      const bytes = Buffer.from(`content ${name}`);
      wire.faults.push(...faults);

      const ref = await store.put(bytes, 'text/plain');

      expect(wire.faults).toEqual([]);
      expect(Buffer.from(await direct.get(ref))).toEqual(bytes);
    });

    describe('to the second part of what is large', () => {
      const large = Buffer.alloc(20 * 1024 * 1024, 'part by part ');
      const s3 = new S3Client({
        ...{ endpoint, forcePathStyle: true, region: 'us-east-1' },
        ...(credentials ? { credentials } : {}),
      });
      let before: typeof wire.meets;

      beforeAll(() => {
        before = wire.meets;
        wire.meets = ({ method, url }) => method === 'PUT' && url.includes('partNumber=2');
      });
      afterAll(() => {
        wire.meets = before;
        wire.faults.length = 0;
        s3.destroy();
      });
      const parts = async () =>
        (await s3.send(new ListMultipartUploadsCommand({ Bucket: 'bad-way' }))).Uploads ?? [];

      it.each<[string, HttpFault[]]>([
        ['fails for a while', [SLOW, 'lost', SLOW]],
        ['says nothing', ['silent']],
      ])('keeps it whole, where the server %s', async (name, faults) => {
        const bytes = Buffer.concat([Buffer.from(name), large]);
        wire.faults.push(...faults);

        const ref = await store.put(bytes, 'audio/ogg');

        expect(wire.faults).toEqual([]);
        expect(Buffer.from(await direct.get(ref)).equals(bytes)).toBe(true);
        expect(await parts()).toEqual([]);
      });

      it('leaves nothing of it, where the server fails for good', async () => {
        wire.faults.push(...Array.from({ length: 20 }, () => SLOW));

        await expect(store.put(large, 'audio/ogg')).rejects.toThrow();

        wire.faults.length = 0;
        expect(await parts()).toEqual([]);
        const ref = await store.put(large, 'audio/ogg');
        expect(Buffer.from(await direct.get(ref)).equals(large)).toBe(true);
      });
    });

    it.each<[string, HttpFault[]]>([
      ['is too busy for a while', [SLOW, SLOW]],
      ['sees two writers meet', [MET, MET]],
    ])('replaces a name under its condition, where the server %s', async (name, faults) => {
      const of = `courses/${faults[0] === SLOW ? 'slow' : 'met'}.json`;
      const { etag } = await direct.putNamed(of, Buffer.from('1'), 'application/json');
      wire.faults.push(...faults);

      await store.putNamed(of, Buffer.from(name), 'application/json', { ifMatch: etag });

      expect(wire.faults).toEqual([]);
      expect(Buffer.from((await direct.getNamed(of))!.bytes).toString()).toBe(name);
    });

    it('tells whoever was not heard to look again: what was written stands', async () => {
      const { etag } = await direct.putNamed('courses/lost.json', Buffer.from('1'), 'application/json');
      wire.faults.push('lost');

      const put = store.putNamed('courses/lost.json', Buffer.from('2'), 'application/json', {
        ifMatch: etag,
      });

      await expect(put).rejects.toMatchObject({ code: 'condition-failed' });
      expect(Buffer.from((await direct.getNamed('courses/lost.json'))!.bytes).toString()).toBe('2');
    });
  });

  describe('though the way back is bad', () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'DuoFactory ');
    let wire: HttpFaults;
    let store: S3ObjectStore;
    let ref: Ref;

    beforeAll(async () => {
      const direct = client('way-back');
      ref = await direct.put(bytes, 'audio/ogg');
      await direct.putNamed('courses/x.json', bytes, 'application/json');
      wire = await HttpFaults.before(endpoint);
      wire.meets = ({ method, url }) => method === 'GET' && url.includes('/way-back/');
      store = new S3ObjectStore({
        ...{ bucket: 'way-back', endpoint: wire.url, pathStyle: true, patienceMs: 1000 },
        ...(credentials ? { credentials } : {}),
      });
    });
    afterAll(() => wire.stop());

    const ways: [string, () => Promise<Buffer>][] = [
      ['an object', async () => Buffer.from(await store.get(ref))],
      ['a name', async () => Buffer.from((await store.getNamed('courses/x.json'))!.bytes)],
      [
        'an object as a stream',
        async () => {
          const got: Uint8Array[] = [];
          for await (const part of await store.getStream(ref)) got.push(part);
          return Buffer.concat(got);
        },
      ],
    ];

    it.each(ways)(
      'reads %s on from where the server fell silent, or the connection broke',
      async (_, read) => {
        wire.faults.push('stalled', 'cut', 'stalled');

        const got = await read();

        expect(wire.faults).toEqual([]);
        expect(got.equals(bytes)).toBe(true);
      },
    );

    it.each(ways)('gives up reading %s after five tries, as an outage', async (_, read) => {
      wire.faults.push('cut', 'cut', 'cut', 'cut', 'stalled');

      const failure = await read().catch((error: unknown) => error);

      expect(wire.faults).toEqual([]);
      expect(failure).toMatchObject({ code: 'object-unfinished' });
      expect(isOutage(failure)).toBe(true);
    });

    it('does not hurry whoever takes long over a part', async () => {
      const got: Uint8Array[] = [];
      let first = true;
      for await (const part of await store.getStream(ref)) {
        // Longer than the server may be silent.
        if (first) await new Promise((resolve) => setTimeout(resolve, 1500));
        first = false;
        got.push(part);
      }

      expect(Buffer.concat(got).equals(bytes)).toBe(true);
    });

    it('ends with its reader in the middle of a silence', async () => {
      const gone = new AbortController();
      wire.faults.push('stalled');

      const reading = (async () => {
        for await (const _ of await store.getStream(ref, gone.signal)) gone.abort(new Error('Nobody waits'));
      })();

      await expect(reading).rejects.toThrow('Nobody waits');
    });
  });

  it('has keys and a region of its own, beside those that the environment has for another vendor', async () => {
    const { accessKeyId = '', secretAccessKey = '' } = credentials ?? {};
    const config = loadConfig(PlatformConfig, {
      ...{ DUOFACTORY_OBJECTS: 's3', DUOFACTORY_S3_BUCKET: 'of-its-own', DUOFACTORY_S3_ENDPOINT: endpoint },
      ...{ DUOFACTORY_S3_PATH_STYLE: 'true', DUOFACTORY_S3_REGION: 'us-east-1' },
      ...{ DUOFACTORY_S3_ACCESS_KEY_ID: accessKeyId, DUOFACTORY_S3_SECRET_ACCESS_KEY: secretAccessKey },
    });
    const before = process.env['AWS_REGION'];
    process.env['AWS_REGION'] = 'eu-west-1';

    const store = openObjects(config);
    if (before === undefined) delete process.env['AWS_REGION'];
    else process.env['AWS_REGION'] = before;

    await expect(store.ready()).resolves.toBeUndefined();
  });

  it('names the setting where the region is another', async () => {
    const store = new S3ObjectStore({
      ...{ bucket: 'named', endpoint, pathStyle: true, region: 'eu-west-1' },
      ...(credentials ? { credentials } : {}),
    });
    const told = /"eu-west-1", it wants "us-east-1": set DUOFACTORY_S3_REGION or AWS_REGION/;

    await expect(store.ready()).rejects.toMatchObject({ code: 'object-store-refused' });
    await expect(store.ready()).rejects.toThrow(told);
    await expect(store.getNamed('courses/x.json')).rejects.toThrow(told);
    await expect(store.put(Buffer.from('x'), 'text/plain')).rejects.toThrow(told);
  });

  it('is not ready where its bucket is gone, and makes no empty one in its place', async () => {
    const [store] = await open();
    await store.ready();
    const bucket = new URL(store.locate('x')).host;
    const raw = new S3Client({
      ...{ endpoint, forcePathStyle: true, region: 'us-east-1' },
      credentials: credentials!,
    });
    await raw.send(new DeleteBucketCommand({ Bucket: bucket }));

    const asked = [
      await store.ready().catch((reason: unknown) => reason),
      await store.ready().catch((reason: unknown) => reason),
    ];

    for (const error of asked)
      expect(error).toMatchObject({ code: 'object-store-refused', setting: 'DUOFACTORY_S3_BUCKET' });
    raw.destroy();
  });

  it('takes a key that the server does not know for no missing object', async () => {
    const wrong = { accessKeyId: 'nobody', secretAccessKey: 'not-the-secret' };
    const store = new S3ObjectStore({ bucket: 'named', endpoint, pathStyle: true, credentials: wrong });
    const refused = { code: 'object-store-refused', setting: 'DUOFACTORY_S3_ACCESS_KEY_ID' };

    await expect(store.getNamed('courses/x.json')).rejects.toMatchObject(refused);
    await expect(store.put(Buffer.from('x'), 'text/plain')).rejects.toMatchObject(refused);
    await expect(store.ready()).rejects.toMatchObject(refused);
  });

  it('is not ready where its key is refused, and repeats no key', async () => {
    const wrong = { accessKeyId: 'duofactory', secretAccessKey: 'not-the-secret' };
    const store = new S3ObjectStore({ bucket: 'named', endpoint, pathStyle: true, credentials: wrong });

    const error = await store.ready().then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );

    expect(error).toMatchObject({ code: 'object-store-refused' });
    expect(error!.message).toContain('DUOFACTORY_S3_ACCESS_KEY_ID');
    expect(`${error!.message} ${error!.stack}`).not.toContain('not-the-secret');
  });
});
