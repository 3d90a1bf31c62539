import { RateLimiter, testBlock } from '@duofactory/block-kit';
import { LocalBus } from '@duofactory/messaging';
import {
  FakeSheets,
  quietLog,
  startForTest,
  useDatabase,
  useEmptyDatabase,
  type ServiceUnderTest,
} from '@duofactory/testing';
import { SystemClock } from '@duofactory/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GoogleSheets } from '../src/adapters/google/google-sheets.js';
import { PacedCalls } from '../src/adapters/google/paced-calls.js';
import { ExportFiles } from '../src/app/exports/export-files.js';
import { ExportRows } from '../src/app/exports/export-rows.js';
import { SheetTurns } from '../src/app/exports/sheet-turns.js';
import type { TableStream } from '../src/app/tables/parse-table.js';
import { exportBlock } from '../src/blocks/export/execute.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const never = new AbortController().signal;

describe('a Google sheet is a table', () => {
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);
  const own = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let folder: string;
  let google: FakeSheets;
  let service: ServiceUnderTest;
  let sheets: GoogleSheets;
  let files: ExportFiles;
  let turns: SheetTurns;
  /** As far as a spec answers for it. */
  const orchestrator = createServer();
  const waits: number[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-sheets-'));
    google = await FakeSheets.start();
    const keyFile = join(folder, 'key.json');
    const key = google.credentials();
    await writeFile(keyFile, JSON.stringify(key));
    const limiter = new RateLimiter(database.current, new SystemClock());
    const calls = new PacedCalls(
      limiter,
      { provider: 'google', model: 'google-sheets', keyHash: 'spec' },
      async (ms) => void waits.push(ms),
    );
    sheets = new GoogleSheets({ key, rootUrl: google.url }, calls);
    await once(orchestrator.listen(0, '127.0.0.1'), 'listening');
    service = await startForTest(sheetsSyncService, {
      bus,
      urls: { orchestrator: `http://127.0.0.1:${(orchestrator.address() as AddressInfo).port}` },
      databaseUrl: own.url,
      env: {
        DUOFACTORY_SHEETS: 'google',
        DUOFACTORY_SHEETS_ROOT_URL: google.url,
        DUOFACTORY_SHEETS_PER_MINUTE: '100000',
        GOOGLE_APPLICATION_CREDENTIALS: keyFile,
      },
    });
    files = new ExportFiles(database.current, service.objects, new SystemClock());
    turns = new SheetTurns(database.current, new SystemClock());
    await bus.start();
  });

  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await google.stop();
    orchestrator.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${service.url}/api/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const rowsOf = async (stream: TableStream): Promise<(readonly unknown[])[]> => {
    const rows = [];
    for await (const row of stream) rows.push(row);
    return rows;
  };

  it('by its header row and types; what lacks a text is told by row and column; again: the same version', async () => {
    google.put('show', 'Lines', [
      ['made by hand'],
      ['name', 'uses', 'en', 'es', 'pt-BR'],
      ['intro', '3', 'Hello', 'Hola'],
      [],
      ['outro', 4, 'Bye', '', 'Tchau'],
    ]);
    const range = { spreadsheet: 'show', tab: 'Lines', headerRow: 2, types: { uses: 'number' } };

    await send('PUT', 'sources/show-lines', range);
    const first = await send('POST', 'sources/show-lines/sync');
    const again = await send('POST', 'sources/show-lines/sync');
    const { body: rows } = await send('GET', 'tables/show-lines/rows');

    expect(first.body).toEqual({
      ...{ id: 'show-lines', version: 1, created: true, rows: 2 },
      missing: {
        count: 2,
        cells: [
          { row: 1, column: 'pt-BR' },
          { row: 2, column: 'es' },
        ],
      },
    });
    expect(again.body).toMatchObject({ version: 1, created: false });
    expect(rows['rows']).toEqual([
      { ordinal: 1, value: { name: 'intro', uses: 3, en: 'Hello', es: 'Hola', 'pt-BR': '' } },
      { ordinal: 2, value: { name: 'outro', uses: 4, en: 'Bye', es: '', 'pt-BR': 'Tchau' } },
    ]);
  });

  it('and tells which of the cells that it read are merged', async () => {
    google.put('merged', 'A', [
      ['A title', ''],
      ['id', 'es', 'seen'],
      ['a', 'Hola', 'x'],
      ['b', '', 'y'],
    ]);
    const places = [
      { startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 2 },
      { startRowIndex: 2, endRowIndex: 4, startColumnIndex: 1, endColumnIndex: 2 },
      { startRowIndex: 2, endRowIndex: 4, startColumnIndex: 2, endColumnIndex: 3 },
      // Of cells that are empty: among the rows, and below all of them.
      { startRowIndex: 3, endRowIndex: 4, startColumnIndex: 1, endColumnIndex: 2 },
      { startRowIndex: 4, endRowIndex: 9, startColumnIndex: 0, endColumnIndex: 2 },
    ].map((place) => ({ sheetId: 0, ...place }));
    google.merge('merged', 'A', ...places);
    const range = { spreadsheet: 'merged', tab: 'A', headerRow: 2, columns: 'A:B' };

    await send('PUT', 'sources/merged', range);
    const { body } = await send('POST', 'sources/merged/sync');

    expect(body).toMatchObject({ rows: 2, notes: { count: 1, notes: [{ place: 'A!B3:B4' }] } });
  });

  it('of some of its columns, where others are notes of people', async () => {
    google.put('notes', 'A', [
      ['', 'id', 'uses', 'id'],
      ['mine', 'a', 1, 'x'],
      ['mine', 'b', 'one', 'y'],
    ]);
    const range = { spreadsheet: 'notes', tab: 'A', columns: 'B:C' };

    await send('PUT', 'sources/noted', range);
    const synced = await send('POST', 'sources/noted/sync');
    const { body: rows } = await send('GET', 'tables/noted/rows');
    await send('PUT', 'sources/noted', { ...range, types: { uses: 'number' } });
    const strange = await send('POST', 'sources/noted/sync');
    const backwards = await send('PUT', 'sources/noted', { ...range, columns: 'C:B' });

    expect(synced.body).toMatchObject({ created: true, rows: 2 });
    expect(rows['rows']).toEqual([
      { ordinal: 1, value: { id: 'a', uses: 1 } },
      { ordinal: 2, value: { id: 'b', uses: 'one' } },
    ]);
    expect(strange.body['detail']).toContain('A!C3 ("uses")');
    expect(backwards.body).toMatchObject({ code: 'invalid-columns', errors: [{ field: 'columns' }] });
  });

  it.each<[string, object, string, string]>([
    ['is not there', { spreadsheet: 'nowhere', tab: 'A' }, 'unknown-spreadsheet', 'long part'],
    ['is not shared', { spreadsheet: 'private', tab: 'A' }, 'sheet-forbidden', 'share the spreadsheet'],
    ['has no such tab', { spreadsheet: 'odd', tab: 'B' }, 'unknown-tab', '"A"'],
    [
      'has a strange cell',
      { spreadsheet: 'odd', tab: 'A', types: { n: 'number' } },
      'invalid-cell',
      'A!B3 ("n")',
    ],
    ['has two columns of a name', { spreadsheet: 'twice', tab: 'A' }, 'duplicate-column', '"x"'],
    [
      'has a cell beyond its header',
      { spreadsheet: 'wider', tab: 'A', columns: 'B:E' },
      'unnamed-cell',
      'A!D3',
    ],
    ['has a thousand columns and one', { spreadsheet: 'wide', tab: 'A' }, 'too-many-columns', '1000'],
    ['is empty', { spreadsheet: 'empty', tab: 'A' }, 'empty-file', 'headerRow'],
    ['begins further down', { spreadsheet: 'low', tab: 'A' }, 'empty-file', 'headerRow'],
  ])('unless it %s: a problem that says where', async (_name, range, code, words) => {
    google.put('private', 'A', [['x']], { shared: false });
    google.put('odd', 'A', [
      ['id', 'n'],
      ['a', 1],
      ['b', 'one'],
    ]);
    google.put('twice', 'A', [['x', 'x']]);
    google.put('wider', 'A', [
      ['mine', 'id', 'n'],
      ['mine', 'a', 1],
      ['mine', 'b', 2, 'lost'],
    ]);
    google.put('wide', 'A', [Array.from({ length: 1001 }, (_, i) => `c${i}`)]);
    google.put('empty', 'A', []);
    google.put('low', 'A', [[], ['id'], ['a']]);

    await send('PUT', 'sources/faulty', range);
    const { status, body } = await send('POST', 'sources/faulty/sync');

    expect([status, body['code']]).toEqual([422, code]);
    expect(body['detail']).toContain(words);
  });

  it('shows what a run reads of it: alternatives, gaps, and what a version brought', async () => {
    const head = ['wrapper_name', 'section_type', 'variability_type', 'en', 'es', 'fr'];
    const intro = ['Slow News', 'intro', 'semi_fixed'];
    google.put('shows', 'Shows', [
      head,
      ['Slow News', 'intro', 'fixed', 'Hello', 'Hola', ''],
      [...intro, '1a) One\n1b) Two\n2a) Three', '1a) Uno 3a) Tres', '=HYPERLINK("x")'],
    ]);
    await send('PUT', 'sources/shows', { spreadsheet: 'shows', tab: 'Shows' });
    await send('POST', 'sources/shows/sync');
    google.put('shows', 'Shows', [
      head,
      ['Slow News', 'intro', 'fixed', 'Hello', 'Hola', 'Bonjour'],
      [...intro, '1a) One\n1b) Two\n2a) Three', '1a) Uno 3a) Tres', '=HYPERLINK("x")'],
      ['Slow News', 'outro', 'fixed', 'Bye', '', ''],
    ]);
    await send('POST', 'sources/shows/sync');

    const { body: rows } = await send('GET', 'tables/shows/rows');
    const { body: missing } = await send('GET', 'tables/shows/missing');
    const { body: before } = await send('GET', 'tables/shows@1/missing');
    const { body: changes } = await send('GET', 'tables/shows/changes');
    const unknown = await send('GET', 'tables/shows/changes?key=nothing');
    const doubled = await send('GET', 'tables/shows/changes?key=wrapper_name');

    expect(rows['rows']).toMatchObject([
      { ordinal: 1, value: { fr: 'Bonjour' } },
      {
        ordinal: 2,
        variants: { en: [['One', 'Two'], ['Three']], fr: [['=HYPERLINK("x")']] },
        faults: { es: expect.stringContaining('out of order') },
      },
      { ordinal: 3 },
    ]);
    expect(missing).toEqual({
      count: 2,
      cells: [
        { row: 3, column: 'es' },
        { row: 3, column: 'fr' },
      ],
    });
    expect(before).toEqual({ count: 1, cells: [{ row: 1, column: 'fr' }] });
    expect(changes).toEqual({
      ...{ version: 2, before: 1, added: 1, changed: 1, removed: 0 },
      rows: [
        { change: 'changed', id: '1', ordinal: 1, columns: ['fr'] },
        { change: 'added', id: '3', ordinal: 3 },
      ],
    });
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'missing-column']);
    expect([doubled.status, doubled.body['code']]).toEqual([422, 'duplicate-key']);
  });

  it('although the vendor refuses for its quota and fails: it waits as told, then longer and longer', async () => {
    google.put('busy', 'A', [['x'], ['1']]);
    google.fail({ status: 503 }, { status: 408 }, { status: 429, retryAfterSeconds: 0 });
    waits.length = 0;

    const rows = await rowsOf(sheets.read({ spreadsheet: 'busy', tab: 'A', headerRow: 1 }, never));

    expect(rows).toEqual([['x'], ['1']]);
    expect(waits).toHaveLength(3);
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits[1]).toBeGreaterThanOrEqual(1_000);
    // What was refused to one process is less for all of them.
    const { rows: states } = await database.current.query({
      text: `select factor < 1 as lowered from rate_states where model = 'google-sheets'`,
    });
    expect(states).toEqual([{ lowered: true }]);
  });

  it('unless whoever asked is gone: then nothing more is asked of the vendor', async () => {
    google.put('left', 'A', [['x'], ['1']]);
    await send('PUT', 'sources/left', { spreadsheet: 'left', tab: 'A' });
    const before = google.calls.length;
    const held = google.hold();
    const gone = new AbortController();
    const syncing = fetch(`${service.url}/api/sources/left/sync`, { method: 'POST', signal: gone.signal });
    syncing.catch(() => undefined);
    await held.came;

    gone.abort();

    await expect(syncing).rejects.toThrow();
    await held.left;
    expect(google.calls).toHaveLength(before);
  });

  it('as it is now: what was read before another sync published is read again', async () => {
    google.put('slow', 'A', [['x'], ['first']]);
    await send('PUT', 'sources/slow', { spreadsheet: 'slow', tab: 'A' });
    await send('POST', 'sources/slow/sync');
    google.put('slow', 'A', [['x'], ['second']]);
    const held = google.hold('/values/');
    const slow = send('POST', 'sources/slow/sync');
    const answer = await held.came;
    google.put('slow', 'A', [['x'], ['third']]);

    const fast = await send('POST', 'sources/slow/sync');
    answer();

    expect(fast.body).toMatchObject({ version: 2, created: true });
    expect((await slow).body).toMatchObject({ version: 2, created: false });
    const { body: rows } = await send('GET', 'tables/slow/rows');
    expect(rows['rows']).toEqual([{ ordinal: 1, value: { x: 'third' } }]);
  });

  it('and nothing more of the orchestrator for a watch that nobody waits for', async () => {
    const [came, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    orchestrator.once('request', (_, response: ServerResponse) => {
      response.once('close', left.resolve);
      came.resolve();
    });
    const gone = new AbortController();
    const watching = fetch(`${service.url}/api/sources/left/watch`, {
      ...{ method: 'PUT', signal: gone.signal, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ key: 'x', workflow: 'w', inputs: {} }),
    });
    watching.catch(() => undefined);
    await came.promise;

    gone.abort();

    await left.promise;
  });

  it('as it was at one time, however people move its rows while it is read', async () => {
    const rowsUp = (from: number): string[][] => [
      ['id'],
      ...Array.from({ length: 7_000 }, (_, i) => [`w${from + i}`]),
    ];
    google.put('moving', 'A', rowsUp(0));
    await send('PUT', 'sources/moving', { spreadsheet: 'moving', tab: 'A' });
    const held = google.hold('!5001:');
    const syncing = send('POST', 'sources/moving/sync');
    const answer = await held.came;
    // The last row of the page that is read already is the first of the one that comes.
    google.put('moving', 'A', [...rowsUp(0).slice(0, 1), ['w-1'], ...rowsUp(0).slice(1, -1)]);

    answer();

    expect((await syncing).body).toMatchObject({ version: 1, rows: 7_000 });
    const { body } = await send('GET', 'tables/moving/rows?limit=1');
    expect(body['rows']).toEqual([{ ordinal: 1, value: { id: 'w-1' } }]);
  });

  it('and says so where people never stop', async () => {
    let edit = 0;
    const edited = (): string[][] => [['id'], ...Array.from({ length: 7_000 }, (_, i) => [`w${i}, ${edit}`])];
    google.put('restless', 'A', edited());
    await send('PUT', 'sources/restless', { spreadsheet: 'restless', tab: 'A' });
    let reading = google.hold('!5001:');
    const syncing = send('POST', 'sources/restless/sync');
    for (let i = 0; i < 5; i += 1) {
      const answer = await reading.came;
      edit += 1;
      google.put('restless', 'A', edited());
      reading = google.hold('!5001:');
      answer();
    }

    expect(await syncing).toMatchObject({ status: 503, body: { code: 'sheet-changed' } });
    // Nobody comes any more.
    const last = sheets.read({ spreadsheet: 'restless', tab: 'A', headerRow: 1 }, never);
    const reread = rowsOf(last);
    (await reading.came)();
    expect(await reread).toHaveLength(7_001);
  });

  it('of 100,000 rows by 41 calls: of its 20 pages all but the last twice', async () => {
    const rows = Array.from({ length: 99_999 }, (_, i) => [`w${i}`, i]);
    google.put('large', 'Words', [['id', 'n'], ...rows]);
    const before = google.calls.length;

    let count = 0;
    for await (const row of sheets.read({ spreadsheet: 'large', tab: 'Words', headerRow: 1 }, never))
      count += row.length > 0 ? 1 : 0;

    expect(count).toBe(100_000);
    expect(google.calls.length - before).toBe(41);
  });

  it('takes rows that are exported once: known by their keys wherever people move them, and never as formulas', async () => {
    google.put('out', 'Titles', [['note', 'id', 'title']]);
    const block = exportBlock(new ExportRows(sheets, files, turns));
    const exporting = (titles: Record<string, string>) =>
      testBlock<'one'>(block, {
        with: {
          ...{ to: 'google', spreadsheet: 'out', tab: 'Titles', key: 'id' },
          columns: { id: 'unit.id', title: 'title.title' },
        },
        payloads: Object.entries(titles).map(([id, title]) => ({
          key: `unit=${id}`,
          blockResults: { unit: { id }, title: { title } },
        })),
      });
    const updates = (): number => google.calls.filter((call) => call.endsWith(':batchUpdate')).length;

    const first = await exporting({ a: 'Uno', b: '=1+1' });
    const once = updates();
    const again = await exporting({ a: 'Uno', b: '=1+1' });
    const twice = updates();
    google.cells('out', 'Titles')[1]![0] = 'mine';
    await exporting({ a: 'Uno, mejor', b: '=1+1', c: 'Tres' });

    expect([once, twice, updates()]).toEqual([1, 1, 2]);
    expect(first).toEqual({ rows: 2, target: 'google:out/Titles', written: 2, unchanged: 0 });
    expect(again).toMatchObject({ written: 0, unchanged: 2 });
    expect(google.cells('out', 'Titles')).toEqual([
      ['note', 'id', 'title'],
      ['mine', 'a', 'Uno, mejor'],
      [, 'b', '=1+1'],
      [, 'c', 'Tres'],
    ]);
  });

  it.each([
    [30, 30_000],
    [1e12, 64_000],
  ])(
    'and waits as long as a vendor that fails says, if that is not for good: %d s',
    async (seconds, waited) => {
      google.put('later', 'A', [['x'], ['1']]);
      google.fail({ status: 503, retryAfterSeconds: seconds });
      waits.length = 0;

      await rowsOf(sheets.read({ spreadsheet: 'later', tab: 'A', headerRow: 1 }, never));

      expect(waits).toEqual([waited]);
    },
  );

  it.each([
    ['tabs', 'half', '{"sheets":[{"prop'],
    ['rows', '/values/', '{"range":"A","values":[["id","ti'],
    ['keys', ':search', '{"matchedDeveloperM'],
    ['update', ':batchUpdate', '<html>Sign in</html>'],
  ])('and takes half an answer for no answer: of the %s', async (_name, of, text) => {
    google.put('half', 'A', []);
    const exporting = (...ids: string[]) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: { to: 'google', spreadsheet: 'half', tab: 'A', key: 'id', columns: { id: 'unit.id' } },
        payloads: ids.map((id) => ({ key: `unit=${id}`, blockResults: { unit: { id } } })),
      });
    await exporting('a', 'b');
    google.cells('half', 'A').push(['by hand']);

    google.fail({ status: 200, of, text });
    await exporting('a', 'b', 'c');
    if (of !== ':batchUpdate' && of !== ':search') google.fail({ status: 200, of, text });
    const rows = await rowsOf(sheets.read({ spreadsheet: 'half', tab: 'A', headerRow: 1 }, never));

    expect(rows).toEqual([['id'], ['a'], ['b'], ['by hand'], ['c']]);
  });

  it('whose rows stay apart where people emptied one', async () => {
    google.put('emptied', 'A', []);
    const exporting = (...ids: string[]) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: { to: 'google', spreadsheet: 'emptied', tab: 'A', key: 'id', columns: { id: 'unit.id' } },
        payloads: ids.map((id) => ({ key: `unit=${id}`, blockResults: { unit: { id } } })),
      });
    await exporting('a', 'b');
    google.cells('emptied', 'A').pop();

    await exporting('a', 'b', 'c');

    expect(google.cells('emptied', 'A')).toEqual([['id'], ['a'], ['b'], ['c']]);
  });

  it('whose rows are found by their key cells, where people sorted them and what was left with them stayed', async () => {
    google.put('sorted', 'A', []);
    const exporting = (titles: Record<string, string>) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: {
          ...{ to: 'google', spreadsheet: 'sorted', tab: 'A', key: 'id' },
          columns: { id: 'unit.id', title: 'unit.title' },
        },
        payloads: Object.entries(titles).map(([id, title]) => ({
          key: `unit=${id}`,
          blockResults: { unit: { id, title } },
        })),
      });
    await exporting({ a: 'Uno', b: 'Dos', c: 'Tres', d: 'Cuatro' });
    const cells = [
      ['id', 'title'],
      ['c', 'Tres'],
      ['b', 'Dos'],
      ['mine', 'by hand'],
      ['', ''],
      ['a', 'Uno'],
    ];
    google.put('sorted', 'A', cells);

    const first = await exporting({ a: 'Uno, mejor', b: 'Dos', c: 'Tres, mejor', d: 'Cuatro' });
    const once = structuredClone(google.cells('sorted', 'A'));
    const again = await exporting({ a: 'Uno, mejor', b: 'Dos', c: 'Tres, mejor', d: 'Cuatro' });

    expect(first).toMatchObject({ written: 3, unchanged: 1 });
    expect(once).toEqual([
      ['id', 'title'],
      ['c', 'Tres, mejor'],
      ['b', 'Dos'],
      ['mine', 'by hand'],
      ['d', 'Cuatro'],
      ['a', 'Uno, mejor'],
    ]);
    expect(again).toMatchObject({ written: 0, unchanged: 4 });
  });

  it('whose lost row is made anew below all others, and not over what people wrote in its place', async () => {
    google.put('lost', 'A', []);
    const exporting = (...ids: string[]) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: { to: 'google', spreadsheet: 'lost', tab: 'A', key: 'id', columns: { id: 'unit.id' } },
        payloads: ids.map((id) => ({ key: `unit=${id}`, blockResults: { unit: { id } } })),
      });
    await exporting('a', 'b');
    google.put('lost', 'A', [['id'], ['mine'], ['b']]);

    await exporting('a', 'b');
    const again = await exporting('a', 'b');

    expect(google.cells('lost', 'A')).toEqual([['id'], ['mine'], ['b'], ['a']]);
    expect(again).toMatchObject({ written: 0, unchanged: 2 });
  });

  it('that takes 5,000 rows in one update of few ranges, and says how many keys the vendor keeps', async () => {
    google.put('much', 'A', [['id', 'mine', 'title']]);
    const exporting = (count: number, title: string) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: {
          ...{ to: 'google', spreadsheet: 'much', tab: 'A', key: 'id' },
          columns: { id: 'unit.id', title: 'unit.title' },
        },
        payloads: Array.from({ length: count }, (_, i) => ({
          key: `unit=${i}`,
          blockResults: { unit: { id: `unit-of-the-course-${i}`, title: `${title} ${i}` } },
        })),
      });
    const before = google.updates.length;

    const first = await exporting(5_000, 'Uno');
    const again = await exporting(5_000, 'Uno');
    const changed = await exporting(5_000, 'Dos');
    const refused = await exporting(5_001, 'Dos').catch((error: unknown) => error);

    expect(first).toMatchObject({ written: 5_000 });
    expect(again).toMatchObject({ written: 0, unchanged: 5_000 });
    expect(changed).toMatchObject({ written: 5_000 });
    const updates = google.updates.slice(before);
    expect(updates.map(({ ranges }) => ranges)).toEqual([2, 1]);
    expect(updates[0]!.sizeBytes).toBeLessThan(2_000_000);
    expect(refused).toMatchObject({
      code: 'too-many-rows',
      retryable: false,
      message: expect.stringContaining('5000 rows') as unknown,
    });
    expect(google.cells('much', 'A')).toHaveLength(5_001);
  });

  it.each([
    ['a page of it is read', '!5001:'],
    ['its keys are read', ':search'],
  ])('whose rows are written where they are, though people move them while %s', async (name, of) => {
    const theirs = Array.from({ length: 6_000 }, (_, i) => [`w${i}`, 'theirs']);
    google.put(name, 'A', [['id', 'title'], ...theirs]);
    const exporting = (title: string) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: {
          ...{ to: 'google', spreadsheet: name, tab: 'A', key: 'id' },
          columns: { id: 'unit.id', title: 'unit.title' },
        },
        payloads: [{ key: 'unit=a', blockResults: { unit: { id: 'a', title } } }],
      });
    await exporting('Uno');
    google.put(name, 'A', [['id', 'title'], ['a', 'Uno'], ...theirs]);
    const held = google.hold(of);
    const done = exporting('Dos');
    const answer = await held.came;
    google.put(name, 'A', [['id', 'title'], ['new', 'theirs'], ['a', 'Uno'], ...theirs.slice(1)]);

    answer();

    expect(await done).toMatchObject({ written: 1 });
    expect(google.cells(name, 'A').slice(0, 4)).toEqual([
      ['id', 'title'],
      ['new', 'theirs'],
      ['a', 'Dos'],
      ['w1', 'theirs'],
    ]);
  });

  it('whose rows are written once, though the vendor fails after it has done what it was told', async () => {
    google.put('done', 'A', []);
    const ids = ['a', 'b', 'c'];
    const exporting = () =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: { to: 'google', spreadsheet: 'done', tab: 'A', key: 'id', columns: { id: 'unit.id' } },
        payloads: ids.map((id) => ({ key: `unit=${id}`, blockResults: { unit: { id } } })),
      });
    google.fail({ status: 500, of: ':batchUpdate', done: true });
    const before = google.updates.length;

    const first = await exporting();
    const again = await exporting();

    expect(first).toMatchObject({ written: 3, unchanged: 0 });
    expect(google.cells('done', 'A')).toEqual([['id'], ['a'], ['b'], ['c']]);
    expect(google.updates.length - before).toBe(1);
    expect(again).toMatchObject({ written: 0, unchanged: 3 });
  });

  it('beside the notes of people, also where no name stands above them', async () => {
    google.put('noted', 'A', [
      ['id', 'title'],
      ['x', 'of people', 'ask Nora', 'by Friday'],
    ]);
    const exporting = (columns: Record<string, string>) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: { to: 'google', spreadsheet: 'noted', tab: 'A', key: 'id', columns },
        payloads: [{ key: 'unit=a', blockResults: { unit: { id: 'a', score: 1 } } }],
      });

    await exporting({ id: 'unit.id' });
    google.cells('noted', 'A')[2]![2] = 'ask Tom';
    await exporting({ id: 'unit.id', score: 'unit.score' });
    const again = await exporting({ id: 'unit.id', score: 'unit.score' });

    expect(google.cells('noted', 'A')).toEqual([
      ['id', 'title', , , 'score'],
      ['x', 'of people', 'ask Nora', 'by Friday'],
      ['a', , 'ask Tom', , 1],
    ]);
    expect(again).toMatchObject({ written: 0, unchanged: 1 });
  });

  it('whatever its columns are called', async () => {
    google.put('named', 'A', [
      ['constructor', 'toString'],
      ['x', 'y'],
    ]);

    const rows = await rowsOf(sheets.read({ spreadsheet: 'named', tab: 'A', headerRow: 1 }, never));

    expect(rows[1]).toEqual(['x', 'y']);
  });

  it('whose rows are its own, whatever another tab calls by the same keys, and never two of one key', async () => {
    google.put('tabs', 'First', [
      ['id', 'title'],
      ['x', 'by hand'],
    ]);
    google.put('tabs', 'Second', [['id', 'title']]);
    const exporting = (tab: string, ...ids: string[]) =>
      testBlock<'one'>(exportBlock(new ExportRows(sheets, files, turns)), {
        with: {
          ...{ to: 'google', spreadsheet: 'tabs', tab, key: 'id' },
          columns: { id: 'unit.id', title: 'unit.title' },
        },
        payloads: ids.map((id) => ({
          key: `unit=${id}`,
          blockResults: { unit: { id, title: `${tab} ${id}` } },
        })),
      });

    await exporting('First', 'a');
    await exporting('Second', 'a');
    const again = await exporting('Second', 'a');

    expect(google.cells('tabs', 'First')).toEqual([
      ['id', 'title'],
      ['x', 'by hand'],
      ['a', 'First a'],
    ]);
    expect(google.cells('tabs', 'Second')).toEqual([
      ['id', 'title'],
      ['a', 'Second a'],
    ]);
    expect(again).toMatchObject({ written: 0, unchanged: 1 });
    await expect(exporting('Second', 'b', 'b')).rejects.toMatchObject({
      ...{ code: 'duplicate-key', retryable: false, message: expect.stringContaining('"b"') },
    });
    expect(google.cells('tabs', 'Second')).toHaveLength(2);
  });
});
