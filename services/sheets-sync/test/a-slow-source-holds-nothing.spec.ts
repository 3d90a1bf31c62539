import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { SystemClock, Transactions } from '@duofactory/platform';
import { quietLog, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableStream } from '../src/app/tables/parse-table.js';
import { Overtaken, PublishSource } from '../src/app/sources/publish-source.js';
import { ReadSources } from '../src/app/sources/read-sources.js';
import { RowSpool, SpoolRoom } from '../src/app/tables/row-spool.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const MEGABYTE = 1024 * 1024;
/** More than there are connections. */
const MANY = 12;
const MOST_BYTES = 64 * 1024 * 1024;

describe('a slow source holds nothing', () => {
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);
  let folder: string;
  let publish: PublishSource;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-spool-'));
    const clock = new SystemClock();
    const outbox = new Outbox();
    const bus = new LocalBus({ log: quietLog });
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    const transactions = new Transactions('sheets-sync', database.current, outbox, relay, clock);
    publish = new PublishSource(transactions, clock, new SpoolRoom(folder, MOST_BYTES));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Its last row does not come before it may; `came` resolves once everything else was taken. */
  const slow = (cell: unknown, before = 1) => {
    const [came, may] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stream = async function* (): TableStream {
      yield ['a'];
      for (let i = 0; i < before; i += 1) yield [cell];
      came.resolve();
      await may.promise;
      yield ['last'];
    };
    return { stream: stream(), came: came.promise, go: may.resolve, fail: may.reject };
  };
  const cells = async (id: string): Promise<unknown[]> => {
    const sources = new ReadSources(database.current);
    const found = [];
    for await (const { value } of sources.rows('table', await sources.show('table', id)))
      found.push(value['a']);
    return found;
  };

  it('neither connections nor the lock of its table, and is published whole when it ends', async () => {
    const uploads = Array.from({ length: MANY }, (_, i) => slow(i));
    const published = uploads.map(({ stream }) => publish.table('busy', stream));
    await Promise.all(uploads.map(({ came }) => came));

    expect(database.current.connections.used).toBe(0);
    const fast = slow('fast');
    fast.go();
    expect(await publish.table('busy', fast.stream)).toMatchObject({ version: 1 });
    expect(await cells('busy')).toEqual(['fast', 'last']);

    for (const { go } of uploads) go();
    const versions = (await Promise.all(published)).map(({ version }) => version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: MANY }, (_, i) => i + 2));
  });

  it('and no file, whether it comes to its end or breaks', async () => {
    const [good, broken] = [slow('x', 5000), slow('x', 5000)];
    const published = publish.table('good', good.stream);
    const refused = publish.table('broken', broken.stream);
    await Promise.all([good.came, broken.came]);

    expect(await readdir(folder)).toEqual([]);
    good.go();
    broken.fail(new Error('cut off'));

    expect(await published).toMatchObject({ version: 1, rows: 5001 });
    await expect(refused).rejects.toThrow('cut off');
    expect(await readdir(folder)).toEqual([]);
    await expect(cells('broken')).rejects.toMatchObject({ code: 'unknown-table' });
  });

  it('and room on the disk for no longer than it is read, of all together no more than there is', async () => {
    const cell = 'x'.repeat(MEGABYTE);
    const first = slow(cell, 40);
    const published = publish.table('first', first.stream);
    await first.came;

    const second = slow(cell, 40);
    second.go();
    await expect(publish.table('second', second.stream)).rejects.toMatchObject({
      ...{ status: 507, code: 'no-room' },
    });
    first.go();
    expect(await published).toMatchObject({ rows: 41 });
    const again = slow(cell, 40);
    again.go();
    expect(await publish.table('second', again.stream)).toMatchObject({ rows: 41 });

    const endless = slow(cell, 100);
    endless.go();
    const refused = publish.table('endless', endless.stream);
    await expect(refused).rejects.toMatchObject({ status: 413, code: 'too-large' });
    await expect(refused).rejects.toThrow('64 MB: send it in parts, or raise DUOFACTORY_UPLOAD_MB');
    await expect(cells('endless')).rejects.toMatchObject({ code: 'unknown-table' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('and is refused where another came before it and its reader wants to know', async () => {
    const late = slow('late');
    const published = publish.table('overtaken', late.stream, { since: 0 });
    await late.came;
    const early = slow('early');
    early.go();
    await publish.table('overtaken', early.stream);

    late.go();

    await expect(published).rejects.toBeInstanceOf(Overtaken);
    expect(await cells('overtaken')).toEqual(['early', 'last']);
  });

  it('and large rows go to the database a few at once, small ones many', async () => {
    const spool = await RowSpool.open(new SpoolRoom(folder, MOST_BYTES));
    const rows = [
      ...Array.from({ length: 20 }, (_, i) => JSON.stringify(`${i}${'ñ\u2028'.repeat(MEGABYTE / 8)}`)),
      ...Array.from({ length: 2500 }, (_, i) => JSON.stringify(`${i}\n`)),
    ];
    for (const row of rows) await spool.add(row);

    const batches: string[][] = [];
    for await (const batch of spool.batches()) batches.push(batch);
    await spool.close();

    expect(batches.flat()).toEqual(rows);
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(1000);
    for (const batch of batches) expect(Buffer.byteLength(batch.join(''))).toBeLessThan(5 * MEGABYTE);
    expect(batches[0]!.length).toBeLessThan(10);
  });
});
