import {
  ConditionFailed,
  InvalidObjectName,
  ObjectCorrupt,
  ObjectMissing,
  type ObjectStore,
} from '@duofactory/objects';
import { expect, it } from '@jest/globals';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** What every object store keeps. `open` gives two clients of one empty store. */
export function objectStoreContract(open: () => Promise<[ObjectStore, ObjectStore]>): void {
  it('gives back the bytes of an object, to every client', async () => {
    const [left, right] = await open();

    const ref = await left.put(text('Hola'), 'text/plain');

    expect(ref).toEqual({
      object: 'sha256/e6/e633f4fc79badea1dc5db970cf397c8248bac47cc3acf9915ba60b5d76b0e88f',
      mediaType: 'text/plain',
      sizeBytes: 4,
    });
    expect(Buffer.from(await right.get(ref)).toString()).toBe('Hola');
  });

  it('stores equal bytes once, also when many put them together', async () => {
    const [left, right] = await open();

    const refs = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? left : right).put(text('same'), 'text/plain')),
    );

    expect(new Set(refs.map(({ object }) => object)).size).toBe(1);
    expect(await namesOf(left, 'sha256/')).toHaveLength(1);
  });

  it('takes bytes as they come and gives them back so: under the name that they would have at once', async () => {
    const [left, right] = await open();
    const parts = Array.from({ length: 9 }, (_, i) => Buffer.alloc(1024 * 1024, `part ${i} `));

    const ref = await left.putStream(partByPart(parts), 'text/csv');
    const again = await right.putStream(partByPart(parts), 'text/csv');

    expect(ref).toEqual(await right.put(Buffer.concat(parts), 'text/csv'));
    expect(again).toEqual(ref);
    expect(await namesOf(left, '')).toEqual([ref.object]);
    const got: Uint8Array[] = [];
    for await (const bytes of await right.getStream(ref)) got.push(bytes);
    expect(got.length).toBeGreaterThan(1);
    expect(Buffer.concat(got).equals(Buffer.concat(parts))).toBe(true);
  });

  it('takes nothing at all as an object', async () => {
    const [store] = await open();

    const ref = await store.putStream(partByPart([]), 'text/csv');

    expect(ref).toEqual(await store.put(text(''), 'text/csv'));
    for await (const bytes of await store.getStream(ref)) expect(bytes.byteLength).toBe(0);
  });

  it('keeps nothing of bytes whose source fails, or of which nobody wants more', async () => {
    const [store] = await open();
    const gone = new AbortController();
    const failing = async function* () {
      yield Buffer.alloc(9 * 1024 * 1024);
      throw new Error('The source is gone');
    };
    const endless = async function* () {
      for (;;) {
        yield text('more');
        gone.abort(new Error('Nobody waits'));
      }
    };

    await expect(store.putStream(failing(), 'text/csv')).rejects.toThrow('The source is gone');
    await expect(store.putStream(endless(), 'text/csv', gone.signal)).rejects.toThrow('Nobody waits');

    expect(await namesOf(store, '')).toEqual([]);
  });

  it('says which object is missing', async () => {
    const [store] = await open();
    const object = `sha256/00/${'0'.repeat(64)}`;

    const missing = { object, mediaType: 'text/plain', sizeBytes: 1 };
    await expect(store.get(missing)).rejects.toThrow(ObjectMissing);
    await expect(store.getStream(missing)).rejects.toThrow(ObjectMissing);
    expect(await store.getNamed('courses/dev/manifest.json')).toBeUndefined();
  });

  it('gives out no bytes under the name of others', async () => {
    const [left, right] = await open();
    const ref = await left.put(text('right'), 'text/plain');
    await left.putNamed(ref.object, text('wrong'), 'text/plain');

    const got: Uint8Array[] = [];
    const reading = async (): Promise<void> => {
      for await (const bytes of await right.getStream(ref)) got.push(bytes);
    };

    await expect(right.get(ref)).rejects.toThrow(ObjectCorrupt);
    await expect(reading()).rejects.toThrow(ObjectCorrupt);
    expect(got).toEqual([]);
  });

  it.each<[string, (store: ObjectStore, bytes: Uint8Array) => Promise<unknown>]>([
    ['at once', (store, bytes) => store.put(bytes, 'text/plain')],
    ['part by part', (store, bytes) => store.putStream(partByPart([bytes]), 'text/plain')],
  ])('mends false bytes when the true ones are put again %s, small or large', async (_, putAgain) => {
    const [left, right] = await open();
    for (const bytes of [text('right'), Buffer.alloc(9 * 1024 * 1024, 'right ')]) {
      const ref = await left.put(bytes, 'text/plain');
      await left.putNamed(ref.object, text('wrong'), 'text/plain');

      await putAgain(right, bytes);

      expect(Buffer.from(await left.get(ref)).equals(bytes)).toBe(true);
    }
  });

  it('keeps the media type of a named object and changes its etag with the bytes', async () => {
    const [left, right] = await open();

    const first = await left.putNamed('courses/dev/manifest.json', text('{}'), 'application/json');
    const second = await left.putNamed('courses/dev/manifest.json', text('{"a":1}'), 'application/json');

    expect(first.etag).not.toBe(second.etag);
    const found = await right.getNamed('courses/dev/manifest.json');
    expect(found).toMatchObject({ mediaType: 'application/json', etag: second.etag });
    expect(Buffer.from(found!.bytes).toString()).toBe('{"a":1}');
  });

  it('lets one of many create a name', async () => {
    const [left, right] = await open();

    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? left : right).putNamed('one', text(`${i}`), 'text/plain', { ifNoneMatch: '*' }),
      ),
    );

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries)
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(ConditionFailed);
  });

  it('loses no update when many replace a name by its etag', async () => {
    const [left, right] = await open();
    await left.putNamed('list', text('[]'), 'application/json');
    const append = async (store: ObjectStore, item: number): Promise<void> => {
      for (;;) {
        const { bytes, etag } = (await store.getNamed('list'))!;
        const items = JSON.parse(Buffer.from(bytes).toString()) as number[];
        try {
          await store.putNamed('list', text(JSON.stringify([...items, item])), 'application/json', {
            ifMatch: etag,
          });
          return;
        } catch (error) {
          if (!(error instanceof ConditionFailed)) throw error;
        }
      }
    };

    await Promise.all(Array.from({ length: 12 }, (_, i) => append(i % 2 ? left : right, i)));

    const items = JSON.parse(Buffer.from((await left.getNamed('list'))!.bytes).toString()) as number[];
    expect(items.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it('forgets what is deleted, which can be stored again, and lets whoever reads it already read on', async () => {
    const [left, right] = await open();
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'read ');
    const ref = await left.put(bytes, 'text/plain');
    await left.putNamed('courses/x.json', text('{}'), 'application/json');
    const reading = (await right.getStream(ref))[Symbol.asyncIterator]();
    const got = [(await reading.next()).value as Uint8Array];

    expect([await right.has(ref), await right.has('courses/x.json')]).toEqual([true, true]);
    for (const one of [ref, 'courses/x.json', ref]) await left.delete(one);

    expect([await right.has(ref), await right.has('courses/x.json')]).toEqual([false, false]);
    expect(await namesOf(right, '')).toEqual([]);
    await expect(right.get(ref)).rejects.toThrow(ObjectMissing);
    for (let next = await reading.next(); !next.done; next = await reading.next()) got.push(next.value);
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
    expect(await left.put(bytes, 'text/plain')).toEqual(ref);
    expect(Buffer.from(await right.get(ref)).equals(bytes)).toBe(true);
  });

  it('lists names by prefix, in order', async () => {
    const [store] = await open();
    for (const name of ['b/2', 'a/x', 'b/10', 'bb/1']) await store.putNamed(name, text('x'), 'text/plain');

    expect(await namesOf(store, 'b/')).toEqual(['b/10', 'b/2']);
    expect(await namesOf(store, 'none/')).toEqual([]);
  });

  it.each(['../secret', 'a//b', '/etc/passwd', 'a/../b', '', '.hidden', 'a b', 'a\\..\\b'])(
    'refuses the name "%s"',
    async (name) => {
      const [store] = await open();

      await expect(store.putNamed(name, text('x'), 'text/plain')).rejects.toThrow(InvalidObjectName);
      await expect(store.getNamed(name)).rejects.toThrow(InvalidObjectName);
    },
  );
}

async function* partByPart(parts: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* parts;
}

async function namesOf(store: ObjectStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list(prefix)) names.push(name);
  return names;
}
