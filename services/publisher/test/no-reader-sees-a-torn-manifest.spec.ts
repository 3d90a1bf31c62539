import { uuidFrom, type Episode } from '@duofactory/contracts';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { FsObjectStore, S3ObjectStore, type ObjectStore } from '@duofactory/objects';
import { SystemClock, Transactions } from '@duofactory/platform';
import { quietLog, s3IfAvailable, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FinishChanges } from '../src/app/finish-changes.js';
import { manifestName, type CourseManifest } from '../src/app/course-manifest.js';
import { catalogCases, publisherService, type CatalogCases } from '../src/publisher.module.js';
import { someParts } from './some-parts.js';

const SLOTS = 6;
const server = await s3IfAvailable();
const folder = await mkdtemp(join(tmpdir(), 'duofactory-torn-'));

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const stores: [string, () => ObjectStore][] = [['files', () => new FsObjectStore(folder)]];
if (server) {
  const { endpoint, credentials } = server;
  stores.push([
    'a bucket of a real S3 server',
    () => new S3ObjectStore({ bucket: 'torn', endpoint, pathStyle: true, credentials }),
  ]);
}

describe.each(stores)('no reader of %s sees a torn manifest', (_name, open) => {
  const database = useDatabase('publisher', publisherService.migrations);
  let left: CatalogCases;
  let right: CatalogCases;
  let casesOf: (objects: ObjectStore) => CatalogCases;
  const reading = open();

  beforeAll(async () => {
    const bus = new LocalBus({ log: quietLog });
    await bus.start();
    const outbox = new Outbox();
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    const clock = new SystemClock();
    const transactions = new Transactions('publisher', database.current, outbox, relay, clock);
    casesOf = (objects) => catalogCases({ database: database.current, transactions, objects, clock });
    [left, right] = [casesOf(open()), casesOf(open())];
  });

  const publish = ({ publish: publisher }: CatalogCases, course: string, slot: number, title: string) =>
    publisher.execute(someParts({ course, slot, title }), {
      task: uuidFrom('task', course, slot, title),
      run: uuidFrom('run', course),
    });

  it('while two publishers race, and editors move, withdraw and roll back', async () => {
    const course = 'race';
    let done = false;
    const seen: CourseManifest[] = [];
    const reader = (async () => {
      while (!done) {
        const found = await reading.getNamed(manifestName('dev', course));
        if (!found) continue;
        const manifest = JSON.parse(Buffer.from(found.bytes).toString()) as CourseManifest;
        if (seen.at(-1)?.revision === manifest.revision) continue;
        seen.push(manifest);
        for (const entry of manifest.episodes) {
          const object = await reading.getNamed(entry.object);
          const episode = JSON.parse(Buffer.from(object!.bytes).toString()) as Episode;
          const { id, version, slot, title } = episode;
          expect({ id, version, slot, title }).toEqual({
            ...{ id: entry.id, version: entry.version, slot: entry.slot, title: entry.title },
          });
        }
      }
    })();
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    const first = await Promise.all(
      slots.map((slot) => publish(slot % 2 ? left : right, course, slot, 'one')),
    );
    const ids = first.map(({ episode }) => episode);
    await Promise.all([
      ...slots.map((slot) => publish(left, course, slot, 'two')),
      ...slots.map((slot) => publish(right, course, slot, 'three')),
    ]);
    await Promise.all([
      left.move.execute('dev', ids[0]!, { slot: 1, swap: true, by: 'ana' }),
      right.actions.execute('dev', ids.slice(2, 4), { action: 'unpublish' }, 'leo'),
      left.actions.execute('dev', ids.slice(4), { action: 'rollback', version: 1 }, 'ana'),
    ]);
    done = true;
    await reader;

    const found = await reading.getNamed(manifestName('dev', course));
    const last = JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest;
    expect(last.episodes.map(({ id, slot }) => [slot, id])).toEqual([
      ...[[0, ids[1]] as [number, string], [1, ids[0]] as [number, string]],
      ...[[4, ids[4]] as [number, string], [5, ids[5]] as [number, string]],
    ]);
    expect(last.episodes.slice(2).map(({ version }) => version)).toEqual([1, 1]);
    for (const { episodes } of seen)
      expect(new Set(episodes.map(({ node, slot }) => `${node}/${slot}`)).size).toBe(episodes.length);
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    expect(revisions.length).toBeGreaterThan(0);
  });

  it('and loses no change that another writer made while this one looked', async () => {
    const course = 'between';
    await publish(left, course, 1, 'one');
    const objects = open();
    let between: (() => Promise<unknown>) | undefined = () => publish(right, course, 2, 'two');
    const getNamed = objects.getNamed.bind(objects);
    // Whatever this writer knows already, it does not know what comes now.
    objects.getNamed = async (name) => {
      const now = name === manifestName('dev', course) ? between : undefined;
      if (now) between = undefined;
      await now?.();
      return getNamed(name);
    };

    await publish(casesOf(objects), course, 3, 'three');

    const found = await reading.getNamed(manifestName('dev', course));
    const { episodes } = JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest;
    expect(between).toBeUndefined();
    expect(episodes.map(({ slot }) => slot).sort()).toEqual([1, 2, 3]);
  });

  it('although its publisher dies before the manifest: what it began is finished later', async () => {
    const { episode } = await publish(left, 'cut', 1, 'one');
    // As far as the death: listed, and no manifest.
    await database.current.query({
      text: `UPDATE episodes SET listed = NULL, change = 'unpublished', change_number = change_number + 1,
        settled = false, updated_at = now() - interval '1 hour' WHERE id = $1`,
      values: [episode],
    });
    const clock = new SystemClock();

    await new FinishChanges(database.current, right.settle, clock, quietLog).execute(clock.now());

    const found = await reading.getNamed(manifestName('dev', 'cut'));
    expect((JSON.parse(Buffer.from(found!.bytes).toString()) as CourseManifest).episodes).toEqual([]);
  });
});
