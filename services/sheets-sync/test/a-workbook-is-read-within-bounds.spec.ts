import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useEmptyDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { TableNotes } from '../src/app/tables/table-notes.js';
import type { TableStream } from '../src/app/tables/parse-table.js';
import { parseWorkbook } from '../src/app/tables/parse-workbook.js';
import { columnName } from '../src/app/tables/column-name.js';
import { workbook } from '../src/app/exports/write-workbook.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const MEGABYTE = 1024 * 1024;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const SHEET = 'xl/worksheets/sheet1.xml';

describe('a workbook is read within bounds', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let service: ServiceUnderTest;

  beforeAll(async () => {
    service = await startForTest(sheetsSyncService, {
      ...{ bus, databaseUrl: database.url, env: { DUOFACTORY_WORKBOOK_MB: '16' } },
    });
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  const upload = async (bytes: Uint8Array) => {
    const response = await fetch(`${service.url}/api/tables/sent`, {
      ...{ method: 'PUT', headers: { 'content-type': XLSX }, body: Buffer.from(bytes) },
    });
    return (await response.json()) as { code?: string; detail?: string; rows?: number };
  };
  /** A workbook whose sheet is this. */
  const workbookOf = (sheet: string | Uint8Array): Uint8Array => {
    const empty = Buffer.from('<worksheet/>');
    return zipSync({
      'xl/workbook.xml': Buffer.from(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
      ),
      'xl/_rels/workbook.xml.rels': Buffer.from(
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
      ),
      [SHEET]: sheet.length === 0 ? empty : Buffer.from(sheet),
    });
  };
  const sheetOf = (...cells: string[]): string =>
    `<worksheet><sheetData><row r="1">${cells[0]}</row>${cells.slice(1).join('')}</sheetData></worksheet>`;
  const text = (at: string, value: string): string =>
    `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

  it('as large as it may be', async () => {
    const rows = async function* () {
      for (let i = 0; i < 20_000; i += 1) yield { id: i, text: `frase ${i} `.repeat(20) };
    };
    const parts: Uint8Array[] = [];
    for await (const part of workbook(['id', 'text'], rows())) parts.push(part);

    expect(await upload(Buffer.concat(parts))).toMatchObject({ rows: 20_000 });
  });

  it('though it unpacks to a thousand times its size', async () => {
    const bomb = workbookOf(sheetOf(text('A1', ' '.repeat(200 * MEGABYTE))));
    expect(bomb.byteLength).toBeLessThan(MEGABYTE);

    const { code, detail } = await upload(bomb);

    expect(code).toBe('too-large');
    expect(detail).toContain('more than 16 MB (DUOFACTORY_WORKBOOK_MB)');
    expect(detail).toContain('as CSV');
  });

  it('though it says that it is small', async () => {
    const large = Buffer.alloc(200 * MEGABYTE, ' ');
    const bomb = workbookOf(large);
    // Wherever its size stands, it says 9 bytes.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(large.byteLength);
    const bytes = Buffer.from(bomb);
    let lies = 0;
    for (let at = bytes.indexOf(size); at >= 0; at = bytes.indexOf(size, at + 4)) {
      bytes.writeUInt32LE(9, at);
      lies += 1;
    }
    expect(lies).toBe(2);

    expect((await upload(bytes)).detail).toContain('unpacks to more than 16 MB');
  });

  it('though one cell lies a million rows and columns away', async () => {
    const far = workbookOf(sheetOf(text('A1', 'id'), `<row r="1048576">${text('XFD1048576', 'far')}</row>`));

    const { code, detail } = await upload(far);

    expect(code).toBe('too-large');
    expect(detail).toContain('far away');
  });

  /** Its reader looks for the end of every tag in all that follows. */
  const endless = (): Readable => {
    const bytes = workbookOf(`<worksheet><sheetData>${'<c r="A1" '.repeat(200_000)}`);
    return Readable.from([Buffer.from(bytes)]);
  };
  const whole = async (stream: TableStream): Promise<unknown[]> => {
    const rows = [];
    for await (const row of stream) rows.push(row);
    return rows;
  };

  it('though its reader would be busy with it for hours', async () => {
    const limits = { unpackedMegabytes: 16, seconds: 1 };

    const reading = whole(parseWorkbook(endless(), limits, new AbortController().signal, new TableNotes()));

    await expect(reading).rejects.toMatchObject({
      code: 'too-slow',
      message: expect.stringContaining('longer than 1 s (DUOFACTORY_WORKBOOK_SECONDS)') as unknown,
    });
  });

  it('and no longer than somebody waits for it', async () => {
    const gone = new AbortController();
    const input = endless();
    const limits = { unpackedMegabytes: 16, seconds: 3_600 };
    const reading = whole(parseWorkbook(input, limits, gone.signal, new TableNotes()));
    await once(input, 'end');

    gone.abort();

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('and to its last cell: one that the header does not name is refused with its place', async () => {
    const wider = sheetOf(text('A1', 'id'), `<row r="4">${text('A4', 'a')}${text('C4', 'lost')}</row>`);
    const wide = sheetOf(Array.from({ length: 1001 }, (_, i) => text(`${columnName(i)}1`, `c${i}`)).join(''));

    expect(await upload(workbookOf(wider))).toMatchObject({
      code: 'unnamed-cell',
      detail: expect.stringContaining('C4 is "lost"') as unknown,
    });
    expect(await upload(workbookOf(wide))).toMatchObject({ code: 'too-many-columns' });
  });

  it('with its texts as they are, spaces around them, too; a row of nothing else is none', async () => {
    const said = `<is><t xml:space="preserve"> =1 </t></is>`;
    const blank = `<c r="A2" t="inlineStr"><is><t xml:space="preserve">  </t></is></c>`;
    const sheet = sheetOf(
      text('A1', ' id ') + text('B1', 'text'),
      `<row r="2">${blank}</row>`,
      `<row r="3">${text('A3', 'a')}<c r="B3" t="inlineStr">${said}</c></row>`,
    );
    const limits = { unpackedMegabytes: 16, seconds: 60 };
    const input = Readable.from([Buffer.from(workbookOf(sheet))]);

    const rows = await whole(parseWorkbook(input, limits, new AbortController().signal, new TableNotes()));

    expect(rows).toEqual([
      ['id', 'text'],
      ['a', ' =1 '],
    ]);
  });

  it.each([
    ['no archive', Buffer.from('id,text\n1,a\n')],
    ['an archive of something else', zipSync({ 'readme.txt': Buffer.from('hello') })],
    ['half of one', workbookOf(sheetOf(text('A1', 'id'.repeat(100)))).subarray(0, 400)],
  ])('and refused where it is %s', async (_name, bytes) => {
    expect((await upload(bytes)).code).toBe('invalid-workbook');
  });
});
