import { LocalBus } from '@duofactory/messaging';
import { sheetsSyncService } from '@duofactory/sheets-sync';
import {
  aMergedWorkbook,
  quietLog,
  startForTest,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from '../src/commands/apply.js';
import { written } from './command-line.js';

describe('a table that is applied', () => {
  const database = useEmptyDatabase();
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let folder: string;

  const applied = (...args: string[]): Promise<string> =>
    written(apply, [join(folder, 'greetings.yaml'), ...args, '--url', service.url]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-applied-'));
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(sheetsSyncService, { bus, databaseUrl: database.url });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells which cells of its workbook are merged, and which rows are hidden', async () => {
    await writeFile(join(folder, 'greetings.yaml'), 'kind: table\nid: greetings\nfile: greetings.xlsx\n');
    const workbook = aMergedWorkbook(['id', 'text'], ['a', 'Hola'], ['b', '']);
    await writeFile(join(folder, 'greetings.xlsx'), workbook);

    const said = await applied();
    const again = await applied('--json');

    expect(said.trimEnd().split('\n')).toEqual([
      'table greetings@1 published',
      '  B2:B3: Merged: its first cell has the value, the others are empty',
      '  3: A hidden row: it was read like any other',
    ]);
    expect(JSON.parse(again)).toEqual([
      {
        ...{ kind: 'table', id: 'greetings', version: 1, created: false },
        notes: { count: 2, notes: [expect.objectContaining({ place: 'B2:B3' }), expect.anything()] },
      },
    ]);
  });

  it('has nothing more to tell of rows that are text', async () => {
    await writeFile(join(folder, 'greetings.yaml'), 'kind: table\nid: words\nfile: words.csv\n');
    await writeFile(join(folder, 'words.csv'), 'id,text\na,Hola\n');

    expect(JSON.parse(await applied('--json'))).toEqual([
      { kind: 'table', id: 'words', version: 1, created: true },
    ]);
  });
});
