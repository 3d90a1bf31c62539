import { parse } from 'csv-parse/sync';
import { testBlock } from '@duofactory/block-kit';
import { LocalBus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { ManualClock, SystemClock } from '@duofactory/platform';
import { quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import type { Ref } from '@duofactory/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TableNotes } from '../src/app/tables/table-notes.js';
import { ExportFiles } from '../src/app/exports/export-files.js';
import { ExportRows, type ExportResult } from '../src/app/exports/export-rows.js';
import { parseDelimited, parseLines, type TableStream } from '../src/app/tables/parse-table.js';
import { parseWorkbook } from '../src/app/tables/parse-workbook.js';
import { SweepExports } from '../src/app/exports/sweep-exports.js';
import { SheetTurns } from '../src/app/exports/sheet-turns.js';
import { NoSpreadsheets } from '../src/app/sources/spreadsheets.js';
import { exportBlock } from '../src/blocks/export/execute.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const read = (bytes: Uint8Array): TableStream =>
  parseWorkbook(
    Readable.from([bytes]),
    { unpackedMegabytes: 16, seconds: 60 },
    new AbortController().signal,
    new TableNotes(),
  );

describe('rows leave as files', () => {
  let folder: string;
  let objects: FsObjectStore;
  let files: ExportFiles;
  let turns: SheetTurns;
  let service: ServiceUnderTest;
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);
  const bus = new LocalBus({ log: quietLog });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-export-'));
    objects = new FsObjectStore(folder);
    files = new ExportFiles(database.current, objects, new SystemClock());
    turns = new SheetTurns(database.current, new SystemClock());
    service = await startForTest(sheetsSyncService, { bus, databaseUrl: database.url, objects });
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const exporting = async (to: string): Promise<{ bytes: Buffer; result: ExportResult }> => {
    const result = (await testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
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
      const { ref } = (await testBlock<'one'>(
        exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)),
        {
          with: { to: 'csv', columns: { [title]: 'title.title', below: 'title.number' } },
          payloads: [{ key: 'a=1', blockResults: { title: { title, number: -5 } } }],
          objects,
        },
      )) as ExportResult;

      const bytes = Buffer.from(await objects.get(ref as Ref));

      expect(parse(bytes.toString(), { relax_column_count: true })).toEqual([
        ['key', `'${title}`, 'below'],
        ['a=1', `'${title}`, '-5'],
      ]);
    },
  );

  it.each(['csv', 'xlsx', 'jsonl'])('as %s, in which what is true or false stays so', async (to) => {
    const { ref } = (await testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
      with: { to, columns: { yes: 'unit.yes', no: 'unit.no' } },
      payloads: [{ key: 'a=1', blockResults: { unit: { yes: true, no: false } } }],
      objects,
    })) as ExportResult;
    const source = Readable.from([Buffer.from(await objects.get(ref as Ref))]);

    const rows = await rowsOf(
      to === 'csv'
        ? parseDelimited(source, ',')
        : to === 'xlsx'
          ? read(await buffer(source))
          : parseLines(source),
    );

    const said = [true, false].map((one) => (to === 'csv' ? String(one) : one));
    expect(rows).toEqual([
      ['key', 'yes', 'no'],
      ['a=1', ...said],
    ]);
  });

  it('as JSON lines', async () => {
    const { bytes } = await exporting('jsonl');

    expect(
      bytes
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { key: 'a=1', title: '=HYPERLINK("x")', score: 0.5, none: null },
      { key: 'a=2', title: 'Dos,\n"tres"', score: 1, none: null },
    ]);
  });

  it('as a workbook, whose texts stay texts and which can be imported again', async () => {
    const { bytes } = await exporting('xlsx');

    expect(await rowsOf(read(bytes))).toEqual([
      ['key', 'title', 'score', 'none'],
      ['a=1', '=HYPERLINK("x")', 0.5, ''],
      ['a=2', 'Dos,\n"tres"', 1, ''],
    ]);
  });

  it('as the same file each time, which is downloaded under its name', async () => {
    const exportingAs = (name?: string) =>
      testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
        with: { to: 'xlsx', columns: { title: 'title.title' }, ...(name === undefined ? {} : { name }) },
        payloads: [{ key: 'a=1', blockResults: { title: { title: 'Uno' } } }],
        ...{ objects, workflow: 'titles', block: 'report' },
      }) as Promise<ExportResult>;

    const first = await exportingAs();
    const again = await exportingAs();
    const named = await exportingAs('Títulos: "es"/1');
    const response = await fetch(`${service.url}${first.file!.href}`);
    const other = await fetch(`${service.url}${named.file!.href}`);
    await other.arrayBuffer();

    expect(again).toEqual(first);
    expect(named.ref).toEqual(first.ref);
    expect(first.file!.name).toBe('titles-report.xlsx');
    expect(named.file!.name).toBe('Títulos- -es-1.xlsx');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'content-length': String(first.ref!.sizeBytes),
      'content-disposition': 'attachment; filename=titles-report.xlsx',
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(await objects.get(first.ref!))).toBe(true);
    expect(other.headers.get('content-disposition')).toContain(
      `filename*=UTF-8''${encodeURIComponent('Títulos- -es-1.xlsx')}`,
    );
  });

  it('and nothing else of the object store is downloaded', async () => {
    const { result } = await exporting('csv');
    const { object } = await objects.put(Buffer.from('not an export'), 'text/plain');
    const hash = object.slice(-64);

    const answers = await Promise.all(
      [`${hash}/report.csv`, `${result.ref!.object.slice(-64)}/other.csv`, `..%2F..%2Fx/report.csv`].map(
        async (path) => {
          const response = await fetch(`${service.url}/api/exports/${path}`);
          return [response.status, ((await response.json()) as { code: string }).code];
        },
      ),
    );

    expect(answers).toEqual([
      [404, 'unknown-export'],
      [404, 'unknown-export'],
      [400, 'invalid-request'],
    ]);
  });

  it('never as a whole file that is not what was exported', async () => {
    const { result } = await exporting('jsonl');
    const path = fileURLToPath(objects.locate(result.ref!));
    await writeFile(path, Buffer.alloc(result.ref!.sizeBytes, 'x'));

    const download = fetch(`${service.url}${result.file!.href}`).then((response) => response.text());

    await expect(download).rejects.toThrow();
    await rm(path);
    const gone = await fetch(`${service.url}${result.file!.href}`);
    expect(gone.status).toBe(404);
    expect(await gone.json()).toMatchObject({ code: 'unknown-export' });
  });

  it('and leaves nothing where a page of its rows does not come', async () => {
    const empty = join(folder, 'empty');
    const { execute } = exportBlock(new ExportRows(new NoSpreadsheets(), files, turns));
    const pages = async function* () {
      yield [{ key: 'a=1', blockResults: {} }];
      throw new Error('The orchestrator is away');
    };

    const failed = execute(
      { with: { to: 'csv', columns: { title: 'title.title' } }, pages } as never,
      { objects: new FsObjectStore(empty), block: 'report', signal: new AbortController().signal } as never,
    );

    await expect(failed).rejects.toThrow('The orchestrator is away');
    expect(await readdir(join(empty, '.partial'))).toEqual([]);
  });

  describe('for as long as it is said', () => {
    const DAY_MS = 86_400_000;
    const HOUR_MS = 3_600_000;
    const made = new Date('2030-01-01T00:00:00Z');
    const after = (ms: number): Date => new Date(made.getTime() + ms);
    let clock: ManualClock;
    let kept: ExportFiles;
    let sweep: SweepExports;

    beforeEach(() => {
      clock = new ManualClock(made);
      kept = new ExportFiles(database.current, objects, clock);
      sweep = new SweepExports(database.current, objects, clock, 30, quietLog);
    });

    const anExport = async (content: string, name = 'old.csv'): Promise<{ ref: Ref; hash: string }> => {
      const ref = await objects.put(Buffer.from(content), 'text/csv');
      await kept.keep(ref, name);
      return { ref, hash: ref.object.slice(-64) };
    };
    const read = async (hash: string, name = 'old.csv'): Promise<string> => {
      const got: Uint8Array[] = [];
      const { bytes } = await kept.open(hash, name, new AbortController().signal);
      for await (const part of bytes) got.push(part);
      return Buffer.concat(got).toString();
    };

    it('then it is given out no more, and an hour later its bytes are gone', async () => {
      const { ref, hash } = await anExport('a');

      await sweep.execute(after(29 * DAY_MS));
      expect(await read(hash)).toBe('a');

      await sweep.execute(after(31 * DAY_MS));
      await expect(read(hash)).rejects.toMatchObject({ code: 'unknown-export', status: 404 });
      await expect(read(hash)).rejects.toThrow('DUOFACTORY_EXPORT_DAYS');
      expect(await objects.has(ref)).toBe(true);

      await sweep.execute(after(31 * DAY_MS + 2 * HOUR_MS));
      expect(await objects.has(ref)).toBe(false);
      await expect(read(hash)).rejects.toThrow('No export made');
    });

    it('counted from the last time that it was made, also after it was removed', async () => {
      const { hash } = await anExport('b');
      clock.advance(20 * DAY_MS);
      await anExport('b');
      await sweep.execute(after(40 * DAY_MS));
      expect(await read(hash)).toBe('b');

      await sweep.execute(after(51 * DAY_MS));
      await expect(read(hash)).rejects.toMatchObject({ code: 'unknown-export' });
      clock.advance(31 * DAY_MS);
      await anExport('b');

      await sweep.execute(after(52 * DAY_MS));
      expect(await read(hash)).toBe('b');
    });

    it('also where the same bytes have a younger name', async () => {
      const { hash } = await anExport('c');
      clock.advance(20 * DAY_MS);
      await anExport('c', 'young.csv');

      await sweep.execute(after(31 * DAY_MS));
      await sweep.execute(after(32 * DAY_MS));

      expect(await read(hash, 'young.csv')).toBe('c');
      await expect(read(hash)).rejects.toMatchObject({ code: 'unknown-export' });
    });

    it('and whoever makes it while its bytes are deleted makes it again', async () => {
      const { ref, hash } = await anExport('d');
      await sweep.execute(after(31 * DAY_MS));
      let met: unknown;
      const deleting = {
        delete: async (object: Ref | string) => {
          if (object === ref.object) met = await anExport('d').catch((error: unknown) => error);
          await objects.delete(object);
        },
      };

      await new SweepExports(database.current, deleting, clock, 30, quietLog).execute(after(32 * DAY_MS));

      expect(met).toMatchObject({ code: 'export-removed', options: { retryable: true } });
      clock.advance(32 * DAY_MS);
      await anExport('d');
      expect(await read(hash)).toBe('d');
      await objects.delete(ref);
      await expect(kept.keep(ref, 'old.csv')).rejects.toMatchObject({ code: 'export-removed' });
    });
  });

  it.each([
    ['a text of 40,000 characters', { title: 'x'.repeat(40_000) }, 'too-long-text', 'Row 1 has 40000'],
    ['17,000 columns', {}, 'too-many-columns', '16384'],
  ])('as a workbook not with %s: it says what can be done', async (_name, title, code, words) => {
    const many = Array.from({ length: code === 'too-many-columns' ? 17_000 : 1 }, (_, i) => [
      `title ${i}`,
      'title.title',
    ]);

    const refused = testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
      with: { to: 'xlsx', columns: Object.fromEntries(many) as Record<string, string> },
      payloads: [{ key: 'a=1', blockResults: { title } }],
      objects,
    });

    await expect(refused).rejects.toMatchObject({ code, retryable: false });
    await expect(refused).rejects.toThrow(words);
    await expect(refused).rejects.toThrow('csv or jsonl');
  });

  it('as a workbook with any character that a text can have', async () => {
    const title = `<&> \u0001 tab\t line\n return\r _x0041_ "quoted" ' 🙂 \ufffe`;
    const { ref } = (await testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
      with: { to: 'xlsx', columns: { title: 'title.title', yes: 'title.yes' } },
      payloads: [{ key: 'a=1', blockResults: { title: { title, yes: true } } }],
      objects,
    })) as ExportResult;

    const rows = await rowsOf(read(await objects.get(ref!)));

    expect(rows[1]).toEqual(['a=1', title, true]);
  });

  it('to no spreadsheet where none is connected: the remedy is named', async () => {
    const refused = testBlock<'one'>(exportBlock(new ExportRows(new NoSpreadsheets(), files, turns)), {
      with: { to: 'google', spreadsheet: 'x', tab: 'y', columns: { a: 'a.b' } },
      payloads: [],
    });

    await expect(refused).rejects.toMatchObject({ code: 'sheets-unavailable', retryable: false });
    await expect(refused).rejects.toThrow('DUOFACTORY_SHEETS=google');
  });
});
