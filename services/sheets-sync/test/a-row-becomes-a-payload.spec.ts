import { testBlock, type BlockFailure } from '@duofactory/block-kit';
import { referencePublishedV1, type CloudEvent } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { SystemClock, Transactions } from '@duofactory/platform';
import { Outbox, OutboxRelay } from '@duofactory/messaging';
import { behindALock, quietLog, Received, useDatabase } from '@duofactory/testing';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { TableNotes } from '../src/app/tables/table-notes.js';
import { ImportRows } from '../src/app/sources/import-rows.js';
import { parseDelimited, parseLines, parseRows, type TableStream } from '../src/app/tables/parse-table.js';
import { PublishSource } from '../src/app/sources/publish-source.js';
import { ReadSources } from '../src/app/sources/read-sources.js';
import { SpoolRoom } from '../src/app/tables/row-spool.js';
import { TableFiles } from '../src/app/tables/table-files.js';
import { importBlock } from '../src/blocks/import/execute.js';
import { sheetsSyncService } from '../src/sheets-sync.module.js';

const parseCsv = (input: Readable) => parseDelimited(input, ',');
const shipped = resolve(import.meta.dirname, '../../../workflows');

describe('a row becomes a payload', () => {
  const database = useDatabase('sheets_sync', sheetsSyncService.migrations);
  let publish: PublishSource;
  const put = (id: string, text: string) =>
    publish.table(id, parseDelimited(Readable.from([Buffer.from(text)]), ','));
  const importing = (configuration: object, mostGroupedBytes?: number) =>
    testBlock<'many'>(importBlock(new ImportRows(new ReadSources(database.current), mostGroupedBytes)), {
      with: configuration,
    });
  const failureOf = (configuration: object): Promise<BlockFailure> =>
    importing(configuration).then(
      () => Promise.reject(new Error('It did not fail')),
      (error: unknown) => error as BlockFailure,
    );

  const told = new Received<CloudEvent>();

  beforeAll(async () => {
    const clock = new SystemClock();
    const outbox = new Outbox();
    const bus = new LocalBus({ log: quietLog });
    await bus.subscribe({
      group: 'spec',
      topics: [referencePublishedV1.topic],
      each: async (event) => told.add(event),
    });
    await bus.start();
    const relay = new OutboxRelay({
      bus,
      outbox,
      sql: database.current,
      log: quietLog,
    });
    publish = new PublishSource(
      new Transactions('sheets-sync', database.current, outbox, relay, clock),
      clock,
      new SpoolRoom(tmpdir(), 2 ** 30),
    );
  });

  it('with its columns, named by the column that is asked for', async () => {
    await put('words', 'id, text ,level\nw1,hola,A1\nw2,adiós,A1\nw3,ojalá,B1\n');

    const rows = await importing({ from: 'table', table: 'words', where: { level: 'A1' }, rowId: 'id' });

    expect(rows).toEqual([
      { id: 'w1', result: { id: 'w1', text: 'hola', level: 'A1' } },
      { id: 'w2', result: { id: 'w2', text: 'adiós', level: 'A1' } },
    ]);
    expect(await importing({ from: 'table', table: 'words', limit: 1 })).toEqual([
      { id: '1', result: { id: 'w1', text: 'hola', level: 'A1' } },
    ]);
  });

  it('from the version that is asked for', async () => {
    await put('versions', 'a\n1\n');
    await put('versions', 'a\n2\n');

    expect(await importing({ from: 'table', table: 'versions@1' })).toEqual([
      { id: '1', result: { a: '1' } },
    ]);
    expect(await importing({ from: 'table', table: 'versions' })).toEqual([{ id: '1', result: { a: '2' } }]);
  });

  it('of one version, though its table is published twice at once', async () => {
    await put('at-once', 'a\n1\n');

    const published = await behindALock(
      database.current,
      `SELECT 1 FROM sources WHERE id = 'at-once' FOR UPDATE`,
      [() => put('at-once', 'a\n2\n'), () => put('at-once', 'a\n2\n')],
    );

    expect(published.map(({ version }) => version)).toEqual([2, 2]);
    expect(published.map(({ created }) => created).sort()).toEqual([false, true]);
  });

  it('whatever its columns are called', async () => {
    await put('hostile', '__proto__,constructor,=cmd\nx,y,z\n');

    const [row] = await importing({ from: 'table', table: 'hostile' });

    expect(Object.entries(row!.result)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['=cmd', 'z'],
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('with all of its group, where those that are grouped fit into memory', async () => {
    await put('many', `show,text\n${'a,0123456789\n'.repeat(100)}`);
    const grouped = { from: 'table', table: 'many', groupBy: 'show' };

    const refused = await importing(grouped, 2048).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'too-many-rows', retryable: false });
    expect((refused as BlockFailure).message).toMatch(/many@1 .*"show".*0\.001953125 MB.*where, limit/);
    expect(await importing({ ...grouped, limit: 10 }, 2048)).toHaveLength(1);
    expect(await importing({ from: 'table', table: 'many' }, 2048)).toHaveLength(100);
  });

  it('of the shipped wrappers: a show with its sections', async () => {
    await put('wrappers', await readFile(join(shipped, 'wrappers/wrappers.csv'), 'utf8'));

    const shows = await importing({
      from: 'table',
      table: 'wrappers',
      groupBy: 'wrapper_name',
      language: 'es',
    });

    expect(shows).toHaveLength(6);
    const { host, sections, rows } = shows.find(({ id }) => id === 'Two Cups of Tea')!.result as {
      host: string;
      rows: { section_type: string; variability_type: string; es: string }[];
      sections: Record<string, { language: string; variants: string[][] }[]>;
    };
    expect(host).toBe('Nora');
    const fixed = rows.find((row) => row.section_type === 'intro' && row.variability_type === 'fixed')!.es;
    const [intro] = sections['intro']!;
    expect(intro!.language).toBe('es');
    expect(intro!.variants.length).toBeGreaterThan(1);
    for (const variant of intro!.variants) {
      expect(variant[0]).toBe(fixed);
      expect(variant.length).toBeGreaterThan(1);
      expect(variant.join(' ')).not.toMatch(/\d[a-z]?\)/);
    }
  });

  it.each([
    [{ from: 'table', table: 'wrods' }, 'unknown-table', 'did you mean "words"'],
    [{ from: 'table', table: 'words@9' }, 'unknown-table', 'words@9'],
    [{ from: 'course-data', course: 'xx' }, 'unknown-course', '"xx"'],
    [{ from: 'table', table: 'words', rowId: 'idd' }, 'missing-column', 'did you mean "id"'],
    [{ from: 'table', table: 'words', required: ['author'] }, 'missing-column', 'it has id, text, level'],
    [{ from: 'table', table: 'words', rowId: 'level' }, 'duplicate-key', 'Rows 1 and 2'],
    [{ from: 'table' }, 'invalid-with', 'with.table: This field is missing'],
  ])('or a named failure: %j', async (configuration, code, words) => {
    await put('words', 'id, text ,level\nw1,hola,A1\nw2,adiós,A1\nw3,ojalá,B1\n');

    const failure = await failureOf(configuration);

    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.retryable).toBe(false);
  });

  it('or fails its import where at least one must be there', async () => {
    await put('few', 'id,text\nw1,hola\nw2,adiós\n');
    const wanted = { from: 'table', table: 'few', atLeast: 1 };

    expect(await importing({ ...wanted, where: { id: 'w2' } })).toHaveLength(1);
    expect(await importing({ ...wanted, where: { id: 'w3' }, atLeast: 0 })).toEqual([]);
    const failure = await failureOf({ ...wanted, where: { id: 'w11' } });
    expect([failure.code, failure.message]).toEqual([
      'too-few-rows',
      'few@1 has 0 rows with id "w11", and at least 1 must be there (did you mean "w1"?)',
    ]);
  });

  it('not without its key', async () => {
    await put('keys', 'id,text\na,1\n,2\n');

    expect(await failureOf({ from: 'table', table: 'keys', rowId: 'id' })).toMatchObject({
      code: 'row-without-key',
      message: 'Row 2 of keys@1 has nothing in column "id"',
    });
  });

  it.each([
    ['1a) one 1c) two', 'invalid-alternatives', 'has "1c)" out of order'],
    ['hello 1a) one', 'invalid-alternatives', 'before its first'],
    ['1a) one 3a) two', 'invalid-alternatives', 'has "3a)" out of order'],
    ['', 'missing-translation', 'no text in column "es"'],
  ])('not with alternatives like "%s"', async (cell, code, words) => {
    await put(
      'shows',
      `wrapper_name,section_type,variability_type,en,es\nS,intro,semi_fixed,1a) x,${cell}\n`,
    );

    const failure = await failureOf({
      from: 'table',
      table: 'shows',
      groupBy: 'wrapper_name',
      language: 'es',
    });

    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
  });

  it.each<[string, string[][]]>([
    ['1A) One 1B) Two 2) Three', [['One', 'Two'], ['Three']]],
    ['(1a) One (at 2) (1b) Two\n(2a) Three 3)', [['One (at 2)', 'Two'], ['Three 3)']]],
    ['（1）Eins\n（2）Zwei', [['Eins'], ['Zwei']]],
    ['1a. One\n1b. Two, 2b. no\n2a. Three', [['One', 'Two, 2b. no'], ['Three']]],
    ['1. One\n2. Two', [['One'], ['Two']]],
    ['1. Platz für Ana!\nBravo!', [['1. Platz für Ana!', 'Bravo!']]],
    ['Um 1. geht es los', [['Um 1. geht es los']]],
  ])('of alternatives that are marked as people do: %j', async (cell, variants) => {
    const head = 'wrapper_name,section_type,variability_type,es';
    await put('marked', `${head}\nS,intro,semi_fixed,"${cell}"\n`);

    const [show] = await importing({ from: 'table', table: 'marked', groupBy: 'wrapper_name' });

    expect(show!.result).toMatchObject({ sections: { intro: [{ language: 'es', variants }] } });
  });

  it('with its slots filled: by what is given, else by a column of their name', async () => {
    const head = 'wrapper_name,section_type,variability_type,Place,en,es';
    await put(
      'slotted',
      [
        head,
        'S,intro,fixed,Rome,Welcome to [place]!,¡Bienvenidos a [ Place ]!',
        'S,intro,semi_fixed,,1a) Today: [subject]. 2a) [Subject] [subject],1) Hoy: [subject].',
        'S,outro,fixed,,Bye [name],Adiós［name］',
      ].join('\n'),
    );
    const show = { from: 'table', table: 'slotted', groupBy: 'wrapper_name' };

    const [filled] = await importing({ ...show, slots: { subject: '2) $& tea', name: 'Ana' } });
    const [asItIs] = await importing(show);
    const failure = await failureOf({ ...show, slots: { subject: 'tea' } });
    const inSpanish = await failureOf({ ...show, language: 'es', slots: {} });

    expect(filled!.result).toMatchObject({
      sections: {
        intro: [
          {
            language: 'en',
            variants: [
              ['Welcome to Rome!', 'Today: 2) $& tea.'],
              ['Welcome to Rome!', '2) $& tea 2) $& tea'],
            ],
          },
          { language: 'es', variants: [['¡Bienvenidos a Rome!', 'Hoy: 2) $& tea.']] },
        ],
        outro: [
          { language: 'en', variants: [['Bye Ana']] },
          { language: 'es', variants: [['AdiósAna']] },
        ],
      },
    });
    expect(asItIs!.result).toMatchObject({
      sections: { outro: [{ variants: [['Bye [name]']] }, { variants: [['Adiós［name］']] }] },
    });
    expect(failure).toMatchObject({ code: 'empty-slot', retryable: false });
    expect(failure.message).toContain('row 3, column "en": [name]; row 3, column "es": ［name］');
    expect(inSpanish.message).toContain(': row 2, column "es": [subject]; row 3, column "es": ［name］');
  });

  it.each([
    ['', 'empty-file', 'no rows'],
    ['a,b\n', 'empty-file', 'no rows'],
    ['a,a\n1,2\n', 'duplicate-column', '"a"'],
    ['a,b\n1,"2\n', 'invalid-csv', 'Line'],
    ['a,b\n1,2,3\n', 'unnamed-cell', 'Line 2, column C is "3"'],
    ['a,b\n1, "2\n', 'invalid-csv', 'Line'],
    ['a,b,\n1,"2\n3",\n4,5,lost\n', 'unnamed-cell', 'Line 4, column C is "lost"'],
    [
      `${Array.from({ length: 1001 }, (_, i) => `c${i}`).join(',')}\n1\n`,
      'too-many-columns',
      'may have 1000',
    ],
  ])('refuses the file %j', async (text, code, words) => {
    const refused = put('broken', text);

    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(words) as unknown });
    expect(await failureOf({ from: 'table', table: 'broken' })).toMatchObject({ code: 'unknown-table' });
  });

  it('names the line that is not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,2\n'), Buffer.from([0xc3, 0x28, 0x2c, 0x31, 0x0a])]);

    const refused = publish.table('latin', parseDelimited(Readable.from([bytes]), ','));

    await expect(refused).rejects.toMatchObject({
      code: 'invalid-utf8',
      message: expect.stringContaining('Line 3') as unknown,
    });
  });

  it.each<[string, (objects: Record<string, unknown>[]) => TableStream]>([
    ['JSON', parseRows],
    [
      'JSON lines',
      (all) => parseLines(Readable.from([Buffer.from(all.map((one) => JSON.stringify(one)).join('\n'))])),
    ],
  ])('refuses a thousand columns and one of %s', async (_name, read) => {
    const wide = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`c${i}`, i]));

    await expect(publish.table('wide', read([wide]))).rejects.toMatchObject({ code: 'too-many-columns' });
  });

  it('reads JSON lines with every character that a text may have', async () => {
    const rows = [{ a: 'x\u2028y\u2029z\u0085', ' b ': 1 }, { b: 2 }];
    const text = rows.map((row) => JSON.stringify(row)).join('\r\n');
    const chunks = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));

    await publish.table('separated', parseLines(Readable.from(chunks)));

    expect(await importing({ from: 'table', table: 'separated' })).toEqual([
      { id: '1', result: { a: 'x\u2028y\u2029z\u0085', b: 1 } },
      { id: '2', result: { a: '', b: 2 } },
    ]);
    const broken = publish.table(
      'other',
      parseLines(Readable.from([Buffer.from('{"a":1}\n\n{"a":1,"c":2}\n')])),
    );
    await expect(broken).rejects.toMatchObject({ message: 'Line 3 has "c", which the first row has not' });
  });

  it.each([{ rows: [[1, 2]] }, [[1, 2]], [1], [null], {}, 'id'])('refuses the JSON %j', (json) => {
    const files = new TableFiles({ unpackedMegabytes: 1, seconds: 60 });

    const read = () =>
      files.read(
        { mediaType: 'application/json', body: Readable.from([]), json },
        new AbortController().signal,
        new TableNotes(),
      );

    expect(read).toThrow('a list of objects');
  });

  it.each([
    ['CSV', parseCsv],
    ['JSON lines', parseLines],
  ])('reads no line of %s without an end', async (_name, read) => {
    let sent = 0;
    const lines = function* () {
      for (; sent < 64; sent += 1) yield Buffer.alloc(1024 * 1024, 'x');
    };

    const refused = publish.table('endless', read(Readable.from(lines())));

    await expect(refused).rejects.toMatchObject({
      code: 'too-long-line',
      message: expect.stringContaining('Line 1 has more than 4 MB') as unknown,
    });
    expect(sent).toBeLessThan(64);
  });

  it('stores equal content once, and tells of each version, so that runs can be bound to it', async () => {
    const first = await put('same', 'a\n1\n');
    const second = await put('same', 'a\n1\n');
    const third = await put('same', 'a\n2\n');

    expect([first, second, third].map(({ version, created }) => [version, created])).toEqual([
      [1, true],
      [1, false],
      [2, true],
    ]);
    const versionsTold = () =>
      told.items
        .map(({ data }) => data as { kind: string; id: string; version: number })
        .filter(({ kind, id }) => kind === 'table' && id === 'same')
        .map(({ version }) => version);
    while (versionsTold().length < 2) await told.until(told.items.length + 1);
    expect(versionsTold()).toEqual([1, 2]);
  });

  it('takes 100,000 rows without holding them', async () => {
    const lines = function* () {
      yield 'id,text\n';
      for (let i = 0; i < 100_000; i += 1) yield `${i},una frase número ${i} que no es muy corta\n`;
    };

    const published = await publish.table(
      'large',
      parseDelimited(Readable.from(lines(), { objectMode: false }), ','),
    );

    expect(published).toMatchObject({ created: true, rows: 100_000 });
    const rows = await importing({ from: 'table', table: 'large', where: { id: '99999' }, rowId: 'id' });
    expect(rows.map(({ id }) => id)).toEqual(['99999']);
  });
});
