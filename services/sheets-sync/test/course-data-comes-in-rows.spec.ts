import { describe, expect, it } from '@jest/globals';
import { workbook } from '../src/app/exports/write-workbook.js';
import { useServiceOnGoogle } from './service-on-google.js';

const HEAD = [
  ...['unit', 'name', 'objective', 'level', 'kind', 'text', 'translation'],
  ...['scene', 'speaker', 'slot', 'show', 'note'],
];
/** As people write it: what a unit is called stands once, and rows below are its own. */
const CAFE = [
  ['cafe', 'En el café', 'Order', 'A1', 'word', 'té', 'tea', '', '', '', '', 'mine'],
  ['', '', '', '', 'sentence', '¡Hola!', 'Hello!', '1', 'Mateo', '', '', ''],
  ['', '', '', '', 'Slot', '', '', '', '', '2', 'Slow News', ''],
  ['casa', 'La casa', '', 'A2', '', '', '', '', '', '', '', ''],
];
const UNITS = [
  {
    ...{ id: 'cafe', name: 'En el café', objective: 'Order', level: 'A1' },
    words: [{ text: 'té', translation: 'tea' }],
    sentences: [{ text: '¡Hola!', translation: 'Hello!', scene: 1, speaker: 'Mateo' }],
    slots: [{ slot: 2, show: 'Slow News' }],
  },
  { ...{ id: 'casa', name: 'La casa', objective: '', level: 'A2' }, words: [], sentences: [], slots: [] },
];
const TINY = { title: 'Tiny', language: 'es', from: 'en' };

describe('course data comes in rows', () => {
  const on = useServiceOnGoogle();

  interface Answer {
    readonly code?: string;
    readonly detail?: string;
    readonly version?: number;
    readonly created?: boolean;
    readonly errors?: { readonly field: string; readonly message: string }[];
    readonly units?: Record<string, unknown>[];
    readonly head?: unknown;
  }
  const ask = async (
    method: string,
    path: string,
    body?: string | Buffer<ArrayBuffer>,
    type = 'application/json',
  ) => {
    const response = await fetch(`${on.url}/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
    });
    return { status: response.status, ...((await response.json()) as Answer) };
  };
  const csvOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\n');
  const unitsOf = async (id: string) =>
    (await ask('GET', `course-data/${id}`)).units!.map(
      ({ course: _, language: __, from: ___, ...unit }) => unit,
    );
  const said = new URLSearchParams(TINY).toString();

  it('of a file, and keeps what the course says of itself when rows come again', async () => {
    const first = await ask('PUT', `course-data/filed?${said}`, csvOf([HEAD, ...CAFE]), 'text/csv');
    const again = await ask('PUT', 'course-data/filed', csvOf([HEAD, ...CAFE]), 'text/csv');
    const renamed = await ask('PUT', 'course-data/filed?title=Small', csvOf([HEAD, ...CAFE]), 'text/csv');

    expect(first).toMatchObject({ version: 1, created: true, rows: 2 });
    expect(again).toMatchObject({ version: 1, created: false });
    expect(renamed).toMatchObject({ version: 2, created: true });
    expect(await unitsOf('filed')).toEqual(UNITS);
    expect(await ask('GET', 'course-data/filed')).toMatchObject({ head: { ...TINY, title: 'Small' } });
  });

  it('of every kind of file the same', async () => {
    const objects = CAFE.map((row) => Object.fromEntries(HEAD.map((name, i) => [name, row[i]])));
    const parts: Uint8Array[] = [];
    const rows = async function* () {
      yield* objects;
    };
    for await (const part of workbook(HEAD, rows())) parts.push(part);
    const files: [string, string | Buffer<ArrayBuffer>][] = [
      ['text/csv', csvOf([HEAD, ...CAFE])],
      ['text/tab-separated-values', [HEAD, ...CAFE].map((row) => row.join('\t')).join('\n')],
      ['application/x-ndjson', objects.map((row) => JSON.stringify(row)).join('\n')],
      ['application/json', JSON.stringify(objects)],
      ['application/json', JSON.stringify({ kind: 'course', id: 'same', ...TINY, units: UNITS })],
      ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', Buffer.concat(parts)],
    ];

    const answers = [];
    for (const [type, body] of files) answers.push(await ask('PUT', `course-data/same?${said}`, body, type));

    expect(answers.map(({ version, created }) => [version, created])).toEqual([
      [1, true],
      ...Array.from({ length: 5 }, () => [1, false]),
    ]);
  });

  it('or is refused with every fault by row and column', async () => {
    const rows = [
      ['', 'Nobody', '', 'A1', 'word', 'a', 'b'],
      ['cafe', 'En el café', '', '', 'word', 'té', ''],
      ['cafe', 'El bar', '', '', 'sentence', '', 'Hello', 'two'],
      ['', '', '', '', 'song', 'x', 'y'],
      ['', '', '', '', 'slot', '', '', '', '', '-1', ''],
    ];

    const { status, code, errors } = await ask(
      ...(['PUT', `course-data/faulty?${said}`, csvOf([HEAD, ...rows]), 'text/csv'] as const),
    );

    expect([status, code]).toEqual([422, 'invalid-course']);
    expect(errors!.map(({ field }) => field)).toEqual([
      ...['row 1, unit', 'row 2, translation', 'row 3, name', 'row 3, text', 'row 3, scene'],
      ...['row 4, kind', 'row 5, slot', 'row 5, show', 'row 2, level'],
    ]);
    expect(errors![2]!.message).toContain('"El bar"');
    expect((await ask('GET', 'course-data/faulty')).status).toBe(404);
  });

  it.each<[string, string, string, string[]]>([
    ['a column', `?${said}`, 'unit,name,level,text,translation\nx,y,A1,a,b', ['kind']],
    ['what the course is', '?title=Tiny', csvOf([HEAD, ...CAFE]), ['language', 'from']],
  ])('or is refused where %s is missing', async (_name, query, body, fields) => {
    const { status, errors } = await ask('PUT', `course-data/lacking${query}`, body, 'text/csv');

    expect(status).toBe(422);
    expect(errors!.map(({ field }) => field)).toEqual(fields);
  });

  it('of a Google sheet by a sync, and starts no runs', async () => {
    on.google.put('plan', 'Units', [HEAD, ...CAFE]);
    const range = { spreadsheet: 'plan', tab: 'Units' };
    const set = await ask('PUT', 'sources/sheeted', JSON.stringify({ ...range, course: TINY }));
    const first = await ask('POST', 'sources/sheeted/sync');
    const again = await ask('POST', 'sources/sheeted/sync');
    on.google.put('plan', 'Units', [HEAD, ...CAFE.slice(0, 3), ['casa', 'La casa', '', 'A2', 'verb']]);
    const faulty = await ask('POST', 'sources/sheeted/sync');

    expect(set).toMatchObject({ id: 'sheeted', course: TINY });
    expect(first).toMatchObject({ version: 1, created: true, rows: 2 });
    expect(again).toMatchObject({ version: 1, created: false });
    expect(faulty).toMatchObject({ status: 422, errors: [{ field: 'row 4, kind' }] });
    expect(await unitsOf('sheeted')).toEqual(UNITS);
    expect((await ask('GET', 'tables/sheeted')).status).toBe(404);
  });

  it('and no source says half of what a course is', async () => {
    const half = { spreadsheet: 'plan', tab: 'Units', course: { title: 'Tiny', language: 'es' } };

    const { status, errors } = await ask('PUT', 'sources/half', JSON.stringify(half));

    expect(status).toBe(400);
    expect(new Set(errors!.map(({ field }) => field))).toEqual(new Set(['course.from']));
  });
});
