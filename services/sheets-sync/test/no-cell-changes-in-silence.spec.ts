import { describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { useServiceOnGoogle } from './service-on-google.js';

const CSV = 'text/csv';
const TSV = 'text/tab-separated-values';
const LINES = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const BOM = '\uFEFF';
const LONG = '9007199254740993';

describe('no cell changes in silence', () => {
  const on = useServiceOnGoogle();

  interface Answer {
    readonly code?: string;
    readonly detail?: string;
    readonly rows?: unknown;
    readonly errors?: { readonly field: string; readonly message: string }[];
  }
  const ask = async (method: string, path: string, type = '', body?: string | Buffer): Promise<Answer> => {
    const response = await fetch(`${on.url}/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
    });
    return (await response.json()) as Answer;
  };
  const upload = (id: string, type: string, body: string | Buffer): Promise<Answer> =>
    ask('PUT', `tables/${id}`, type, body);
  const rowsOf = async (id: string): Promise<unknown[]> =>
    ((await ask('GET', `tables/${id}/rows`)).rows as { value: unknown }[]).map(({ value }) => value);
  const connect = (id: string, types: Record<string, string> = {}): Promise<Answer> =>
    ask('PUT', `sources/${id}`, JSON_TYPE, JSON.stringify({ spreadsheet: id, tab: 'A', types }));
  /** A workbook of one sheet with these rows. */
  const workbookOf = (...rows: string[]): Buffer =>
    workbookWith(
      `<worksheet><sheetData>${rows.map((cells, i) => `<row r="${i + 1}">${cells}</row>`).join('')}</sheetData></worksheet>`,
    );
  const workbookWith = (sheet: string): Buffer =>
    Buffer.from(
      zipSync({
        'xl/workbook.xml': Buffer.from(
          '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        ),
        'xl/_rels/workbook.xml.rels': Buffer.from(
          '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        ),
        'xl/worksheets/sheet1.xml': Buffer.from(sheet),
      }),
    );
  const text = (at: string, value: string): string =>
    `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

  it.each<[string, string, string | Buffer, string[]]>([
    ['CSV', CSV, 'id,en,es\na,#REF!,Hola\n"b\n2",Bye,#N/A\n', ['Line 2, column B', 'Line 4, column C']],
    ['TSV', TSV, 'id\ten\na\t#DIV/0!\n', ['Line 2, column B']],
    [
      'a workbook',
      XLSX,
      workbookOf(
        text('A1', 'id') + text('B1', 'en'),
        `${text('A2', 'a')}<c r="B2" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c>`,
        text('A3', 'b') + text('B3', 'Bye'),
        `${text('A4', 'c')}<c t='e' r="B4"><v>#N/A</v></c>`,
      ),
      ['B2', 'B4'],
    ],
  ])('errors of formulas are told by row and column, all of them: %s', async (_name, type, body, places) => {
    const refused = await upload('errors', type, body);

    expect(refused.code).toBe('cell-error');
    expect(refused.errors!.map(({ field }) => field)).toEqual(places);
    expect(refused.errors![0]!.message).toMatch(/^#(REF!|DIV\/0!) in "en"$/);
    expect(refused.detail).toContain(places.at(-1));
  });

  it('errors of formulas are told by row and column: of a Google sheet, and no word that only looks so', async () => {
    const head = ['id', 'en', 'es'];
    on.google.put('wrong', 'A', [head, ['a', '#VALUE!', 'Hola'], ['b', '#1 hit', '#NAME?']]);
    await connect('wrong');

    const refused = await ask('POST', 'sources/wrong/sync');
    on.google.put('wrong', 'A', [head, ['a', 'Hello', 'Hola'], ['b', '#1 hit', 'el n.º 1']]);
    const mended = await ask('POST', 'sources/wrong/sync');

    expect(refused).toMatchObject({
      code: 'cell-error',
      errors: [
        { field: 'A!B2', message: '#VALUE! in "en"' },
        { field: 'A!C3', message: '#NAME? in "es"' },
      ],
    });
    expect(mended).toMatchObject({ rows: 2 });
  });

  it.each<[string, string, string | Buffer, unknown[]]>([
    ['CSV', CSV, `id\n${LONG}\n`, [{ id: LONG }]],
    [
      'JSON lines',
      LINES,
      `{"id":${LONG}}\n{"id":-${LONG}}\n{"id":1e400}\n{"id":12.5}`,
      [{ id: LONG }, { id: `-${LONG}` }, { id: '1e400' }, { id: 12.5 }],
    ],
    [
      'JSON',
      JSON_TYPE,
      `{"rows":[{"id":${LONG},"n":7},{"id":1e20,"n":9007199254740991}]}`,
      [
        { id: LONG, n: 7 },
        { id: '100000000000000000000', n: 9007199254740991 },
      ],
    ],
    [
      'a workbook',
      XLSX,
      workbookOf(text('A1', 'id'), `<c r="A2"><v>${LONG}</v></c>`, '<c r="A3"><v>1.5</v></c>'),
      [{ id: LONG }, { id: 1.5 }],
    ],
  ])('a number that none is stays as it is written: %s', async (_name, type, body, rows) => {
    await upload('numbers', type, body);

    expect(await rowsOf('numbers')).toEqual(rows);
  });

  it('a number that none is stays as it is written in a Google sheet, and is refused where a number must be', async () => {
    on.google.put('long', 'A', [
      ['id', 'code'],
      ['a', 2 ** 60],
      ['b', LONG],
    ]);
    await connect('long', { code: 'text' });
    await ask('POST', 'sources/long/sync');
    const asText = await rowsOf('long');
    await connect('long');
    await ask('POST', 'sources/long/sync');
    const asIs = await rowsOf('long');
    await connect('long', { code: 'number' });
    const refused = await ask('POST', 'sources/long/sync');
    on.google.put('long', 'A', [
      ['id', 'code'],
      ['a', 1],
      ['b', LONG],
    ]);
    const refusedText = await ask('POST', 'sources/long/sync');

    expect(asText).toEqual([
      { id: 'a', code: String(2 ** 60) },
      { id: 'b', code: LONG },
    ]);
    expect(asIs).toEqual(asText);
    expect(refused).toMatchObject({ code: 'invalid-cell', errors: [{ field: 'A!B2' }] });
    expect(refused.detail).toContain('make the column text');
    expect(refusedText).toMatchObject({ code: 'invalid-cell', errors: [{ field: 'A!B3' }] });
  });

  it('a formula that nobody calculated is no empty text', async () => {
    const refused = await upload(
      'formulas',
      XLSX,
      workbookOf(
        text('A1', 'id') + text('B1', 'n') + text('C1', 'en'),
        `${text('A2', 'a')}<c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="str"><f>""</f><v></v></c>`,
        `${text('A3', 'b')}<c r="B3"><f>SUM(B2:B2)</f></c><c r="C3" t="str"><f>A3</f></c>`,
      ),
    );

    expect(refused).toMatchObject({
      code: 'cell-error',
      errors: [{ field: 'B3' }, { field: 'C3' }],
    });
    expect(refused.errors![0]!.message).toBe('#UNCALCULATED! in "n"');
    expect(refused.detail).toContain('open and save the file');
  });

  it('cells that are merged, and rows that are hidden, are told by their places', async () => {
    const sheet = `<worksheet><sheetData><row r="1">${text('A1', 'id') + text('B1', 'en')}</row>
      <row r="2">${text('A2', 'a') + text('B2', 'Hello')}</row><row r="3" hidden="1">${text('A3', 'b')}</row></sheetData>
      <mergeCells count="2"><mergeCell ref="B2:B3"/><mergeCell ref="A4:B6"/></mergeCells></worksheet>`;

    const published = await upload('merged', XLSX, workbookWith(sheet));
    const plain = await upload('plain', XLSX, workbookOf(text('A1', 'id'), text('A2', 'a')));

    expect(published).toMatchObject({
      rows: 2,
      notes: { count: 2, notes: [{ place: 'B2:B3' }, { place: '3' }] },
    });
    expect(await rowsOf('merged')).toEqual([
      { id: 'a', en: 'Hello' },
      { id: 'b', en: '' },
    ]);
    expect(plain).not.toHaveProperty('notes');
  });

  it.each<[string, string, Buffer, string, string]>([
    ['UTF-16', CSV, Buffer.from('id,text\na,hola\n', 'utf16le'), 'invalid-utf8', 'Line 1 is not UTF-8'],
    ['Latin-1', CSV, Buffer.from('id,text\na,mañana\n', 'latin1'), 'invalid-utf8', 'Line 2 is not UTF-8'],
    ['JSON in Latin-1', JSON_TYPE, Buffer.from('[{"id":"mañana"}]', 'latin1'), 'invalid-utf8', 'not UTF-8'],
    ['semicolons', CSV, Buffer.from('id;text\na;hola\n'), 'invalid-csv', 'separated by ";"'],
    ['tabs in CSV', CSV, Buffer.from('id\ttext\na\thola\n'), 'invalid-csv', 'text/tab-separated-values'],
    ['commas in TSV', TSV, Buffer.from('id,text\na,hola\n'), 'invalid-csv', 'Send commas as text/csv'],
  ])('no file is read as another kind than it is: %s', async (_name, type, body, code, words) => {
    const refused = await upload('odd', type, body);

    expect(refused.code).toBe(code);
    expect(refused.detail).toContain(words);
  });

  it.each<[string, string, string]>([
    ['CSV', CSV, 'id,n\na,1,\n , \nb,2,,\n'],
    ['TSV', TSV, 'id\tn\na\t1\t\n\t \nb\t2\n'],
  ])(
    'empty cells that programs leave behind are none, and neither is a row of them: %s',
    async (name, type, body) => {
      await upload(`ragged-${name.toLowerCase()}`, type, body);

      expect(await rowsOf(`ragged-${name.toLowerCase()}`)).toEqual([
        { id: 'a', n: '1' },
        { id: 'b', n: '2' },
      ]);
    },
  );

  it.each<[string, string, string]>([
    ['CSV', CSV, 'id,n\na,1\n'],
    ['TSV', TSV, 'id\tn\na\t1\n'],
    ['JSON lines', LINES, '{"id":"a","n":"1"}\n'],
    ['JSON', JSON_TYPE, '[{"id":"a","n":"1"}]'],
  ])('a byte order mark is no part of a cell: %s', async (name, type, body) => {
    const id = `marked-${name.toLowerCase().replace(' ', '-')}`;

    await upload(id, type, `${BOM}${body}`);

    expect(await rowsOf(id)).toEqual([{ id: 'a', n: '1' }]);
  });
});
