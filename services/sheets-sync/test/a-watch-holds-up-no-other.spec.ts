import { RateLimiter } from '@duofactory/block-kit';
import { tmpdir } from 'node:os';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { SystemClock, Transactions } from '@duofactory/platform';
import { FakeSheets, quietLog, useDatabase } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoogleSheets } from '../src/adapters/google/google-sheets.js';
import { PacedCalls } from '../src/adapters/google/paced-calls.js';
import { SpoolRoom } from '../src/app/tables/row-spool.js';
import { WatchSheets } from '../src/app/watches/watch-sheets.js';
import { WorkflowInputs } from '../src/app/watches/workflow-inputs.js';
import { sheetCases, sheetsSyncService } from '../src/sheets-sync.module.js';

const HOUR_MS = 3_600_000;

describe('a watch holds up no other', () => {
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);
  const clock = new SystemClock();
  let google: FakeSheets;

  beforeAll(async () => {
    google = await FakeSheets.start();
  });

  afterAll(() => google.stop());

  const watching = (patienceMs: number) => {
    const outbox = new Outbox();
    const bus = new LocalBus({ log: quietLog });
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    const transactions = new Transactions('sheets-sync', database.current, outbox, relay, clock);
    const limiter = new RateLimiter(database.current, clock);
    const rate = { provider: 'google', model: 'google-sheets', keyHash: 'spec' };
    const calls = new PacedCalls(limiter, rate, async () => undefined, patienceMs);
    const sheets = new GoogleSheets({ key: google.credentials(), rootUrl: google.url }, calls);
    const { sync, watch } = sheetCases(
      { database: database.current, transactions, clock },
      sheets,
      new WorkflowInputs('http://127.0.0.1:9'),
      new SpoolRoom(tmpdir(), 2 ** 30),
    );
    const watches = new WatchSheets(database.current, sync, watch, clock, quietLog);
    const set = async (id: string): Promise<void> => {
      google.put(id, 'A', [['id'], ['a']]);
      await sync.put(id, { range: { spreadsheet: id, tab: 'A', headerRow: 1 }, course: null }, 'spec');
      const how = { key: 'id', workflow: 'w', inputs: {}, everyMinutes: 15, mostRuns: 5, paused: false };
      await watch.put(id, how, 'spec');
    };
    return { watch, watches, set };
  };

  it('though its vendor hangs, and a stop ends it', async () => {
    const { watch, watches, set } = watching(HOUR_MS);
    await set('hangs');
    await set('well');
    const held = google.hold('/hangs');

    await watches.start();
    await held.came;
    await until(async () => (await watch.show('well')).seenVersion === 1);

    expect(await watch.show('hangs')).toMatchObject({ seenVersion: null, error: null });
    await watches.stop();
    await held.left;
    expect(await watch.show('hangs')).toMatchObject({ seenVersion: null, error: null });
  });

  it('and says that its vendor gave no answer', async () => {
    const { watch, watches, set } = watching(300);
    await set('silent');
    const held = google.hold('/silent/values/');

    await watches.start();
    await held.left;
    await until(async () => (await watch.show('silent')).error !== null);
    await watches.stop();

    expect((await watch.show('silent')).error).toContain('no answer within 0.3 s');
  });
});
