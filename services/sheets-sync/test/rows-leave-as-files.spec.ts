import { parse } from 'csv-parse/sync';
import { testBlock } from '@duofactory/block-kit';
import { FsObjectStore } from '@duofactory/objects';
import type { Ref } from '@duofactory/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ExportRows, type ExportResult } from '../src/app/export-rows.js';
import { parseDelimited, type TableStream } from '../src/app/parse-table.js';
import { parseWorkbook } from '../src/app/parse-workbook.js';
import { NoSpreadsheets } from '../src/app/spreadsheets.js';
import { exportBlock } from '../src/blocks/export/execute.js';

describe('rows leave as files', () => {
  let folder: string;
  let objects: FsObjectStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-export-'));
    objects = new FsObjectStore(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const exporting = async (to: string): Promise<{ bytes: Buffer; result: ExportResult }> => {
    const result = (await testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets())), {
      with: { to, columns: { title: 'title.title', score: 'score.score', none: 'title.no' } },
      payloads: [
        { key: 'a=1', blockResults: { title: { title: '=HYPERLINK("x")' }, score: { score: 0.5 } } },
        { key: 'a=2', blockResults: { title: { title: 'Dos,\n"tres"' }, score: { score: 1 } } },
      ],
      objects,
    })) as ExportResult;
    return { bytes: Buffer.from(await objects.get(result.ref as Ref)), result };
  };
  const rowsOf = async (stream: TableStream): Promise<(readonly unknown[])[]> => {
    const rows = [];
    for await (const row of stream) rows.push(row);
    return rows;
  };

  it('as CSV, in which no cell is a formula', async () => {
    const { bytes, result } = await exporting('csv');

    expect(result).toMatchObject({ rows: 2, target: 'csv', ref: { mediaType: 'text/csv' } });
    expect(await rowsOf(parseDelimited(Readable.from([bytes]), ','))).toEqual([
      ['key', 'title', 'score', 'none'],
      ['a=1', `'=HYPERLINK("x")`, '0.5', ''],
      ['a=2', 'Dos,\n"tres"', '1', ''],
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '－1'])(
    'as CSV, in which %j is a text',
    async (title) => {
      const { ref } = (await testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets())), {
        with: { to: 'csv', columns: { [title]: 'title.title', below: 'title.number' } },
        payloads: [{ key: 'a=1', blockResults: { title: { title, number: -5 } } }],
        objects,
      })) as ExportResult;

      const bytes = Buffer.from(await objects.get(ref as Ref));

      expect(parse(bytes.toString(), { relax_column_count: true })).toEqual([
        ['key', `'${title}`, 'below'],
        ['a=1', `'${title}`, '-5'],
      ]);
    },
  );

  it('as JSON lines', async () => {
    const { bytes } = await exporting('jsonl');

    expect(
      bytes
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { key: 'a=1', title: '=HYPERLINK("x")', score: 0.5 },
      { key: 'a=2', title: 'Dos,\n"tres"', score: 1 },
    ]);
  });

  it('as a workbook, whose texts stay texts and which can be imported again', async () => {
    const { bytes } = await exporting('xlsx');

    expect(await rowsOf(parseWorkbook(Readable.from([bytes])))).toEqual([
      ['key', 'title', 'score', 'none'],
      ['a=1', '=HYPERLINK("x")', 0.5, ''],
      ['a=2', 'Dos,\n"tres"', 1, ''],
    ]);
  });

  it('to no spreadsheet where none is connected: the remedy is named', async () => {
    const refused = testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets())), {
      with: { to: 'google', spreadsheet: 'x', tab: 'y', columns: { a: 'a.b' } },
      payloads: [],
    });

    await expect(refused).rejects.toMatchObject({ code: 'sheets-unavailable', retryable: false });
    await expect(refused).rejects.toThrow('DUOFACTORY_SHEETS=google');
  });
});
