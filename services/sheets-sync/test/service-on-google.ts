import { LocalBus } from '@duofactory/messaging';
import { FakeSheets, quietLog, startForTest, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

/** The service on a database of its own, with Google Sheets on the wire, for all tests of a `describe`. */
export function useServiceOnGoogle(): { readonly google: FakeSheets; readonly url: string } {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let folder: string;
  let google: FakeSheets;
  let service: Awaited<ReturnType<typeof startForTest>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-google-'));
    google = await FakeSheets.start();
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, JSON.stringify(google.credentials()));
    service = await startForTest(sheetsSyncService, {
      bus,
      databaseUrl: database.url,
      env: {
        DUOFACTORY_SHEETS: 'google',
        DUOFACTORY_SHEETS_ROOT_URL: google.url,
        DUOFACTORY_SHEETS_PER_MINUTE: '100000',
        GOOGLE_APPLICATION_CREDENTIALS: keyFile,
      },
    });
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await google.stop();
    await rm(folder, { recursive: true, force: true });
  });

  return {
    get google() {
      return google;
    },
    get url() {
      return service.url;
    },
  };
}
