import { aMergedWorkbook, FakeSheets } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishedOnceKnown, runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const HEAD = ['wrapper_name', 'section_type', 'variability_type', 'host', 'en', 'es', 'vi'];
const INTRO = ['Slow News', 'intro'];
const semi = (es: string) => [
  ...INTRO,
  ...['semi_fixed', 'Ana', '1a) Coffee is hot.\n1b) Sit down.\n2a) [subject] today.', es, ''],
];
const lesson = {
  ...{ kind: 'workflow', id: 'lesson', name: 'Lesson', inputs: { host: { type: 'string' } } },
  blocks: [{ id: 'said', type: 'transform', needs: [], with: { expression: "{ 'text': host }" } }],
};

describeInBrowser('sources', () => {
  let google: FakeSheets;
  let folder: string;
  let keyFile: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-sources-'));
    keyFile = join(folder, 'key.json');
    google = await FakeSheets.start();
    await writeFile(keyFile, JSON.stringify(google.credentials()));
  });
  const studio = useStudio(() => ({
    DUOFACTORY_SHEETS: 'google',
    DUOFACTORY_SHEETS_ROOT_URL: google.url,
    DUOFACTORY_SHEETS_PER_MINUTE: '100000',
    GOOGLE_APPLICATION_CREDENTIALS: keyFile,
  }));
  afterAll(async () => {
    await google?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'are uploaded as files: what is wrong is told at the file, and a version is what changed',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Sources', exact: true }).click();
      await page.getByText('Nothing is here yet', { exact: false }).waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'Upload a file' }).click();
      const upload = page.getByRole('region', { name: 'Upload a file' });
      const send = async (name: string, mimeType: string, text: string): Promise<void> => {
        await upload.getByLabel('File').setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
        await upload.getByRole('button', { name: 'Upload' }).click();
      };
      await send('Unit words.csv', 'text/csv', 'id,text,id\n1,a,b\n');
      await upload.getByText('Two columns are called "id"', { exact: false }).waitFor();
      expect(await upload.getByLabel('File').getAttribute('aria-invalid')).toBe('true');
      await expectAccessible(page);
      await send('Unit words.csv', 'text/csv', 'id,text\n1,café\n2,té\n');
      const table = page.getByRole('region', { name: 'Table unit-words' });
      await table.getByText('version 1, 2 rows', { exact: false }).waitFor();
      await page.getByRole('cell', { name: 'café' }).waitFor();

      await page.getByRole('button', { name: 'Upload a file' }).click();
      await send(
        'unit-words.jsonl',
        '',
        '{"id":"1","text":"café"}\n{"id":"2","text":"el té"}\n{"id":"3","text":"pan"}\n',
      );
      await table.getByText('1 added, 1 changed, 0 removed').click();
      await table.getByText('row 2').waitFor();
      await page.getByRole('cell', { name: 'el té' }).waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'Upload a file' }).click();
      await upload.getByLabel('File').setInputFiles({
        ...{ name: 'greetings.xlsx', mimeType: '' },
        buffer: aMergedWorkbook(['id', 'text'], ['a', 'Hola'], ['b', '']),
      });
      await upload.getByRole('button', { name: 'Upload' }).click();
      const notes = page.getByRole('region', { name: 'How the file was read' });
      await notes.getByText('B2:B3: Merged: its first cell has the value').waitFor();
      await notes.getByText('3: A hidden row').waitFor();
      await page.getByRole('region', { name: 'Table greetings' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'unit-words' }).click();
      await table.waitFor();
      expect(await notes.count()).toBe(0);

      await page.getByRole('button', { name: 'Upload a file' }).click();
      await upload.getByLabel('What it is').selectOption('course');
      const course = { kind: 'course', id: 'en-xx', title: 'Tiny', language: 'es', from: 'en', units: [{}] };
      await send('en-xx.json', 'application/json', JSON.stringify(course));
      await upload.getByText('units.0', { exact: false }).first().waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'are course data in rows, of a file and of a Google Sheet: what is wrong is told by row and column',
    async () => {
      const { page } = studio;
      const head = ['unit', 'name', 'level', 'kind', 'text', 'translation'];
      const rows = (kind: string) => [
        ['bar', 'En el bar', 'A1', 'word', 'zumo', 'juice'],
        ['', '', '', kind, '¡Salud!', 'Cheers!'],
      ];
      const csv = (kind: string): string => [head, ...rows(kind)].map((row) => row.join(',')).join('\n');
      await page.goto(`${studio.url}/sources?add=file`);
      const upload = page.getByRole('region', { name: 'Upload a file' });
      const send = async (text: string): Promise<void> => {
        const file = { name: 'bar.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
        await upload.getByLabel('File').setInputFiles(file);
        await upload.getByRole('button', { name: 'Upload' }).click();
      };
      await upload.getByLabel('What it is').selectOption('course');
      await send(csv('sentence'));
      await upload.getByText('Missing: the language of the learner', { exact: false }).waitFor();
      expect(await upload.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
      await upload.getByLabel('Title').fill('Bars');
      await upload.getByLabel('Language').fill('es');
      await upload.getByLabel('From').fill('en');
      await send(csv('song'));
      await upload.getByRole('listitem').filter({ hasText: 'row 2, kind' }).waitFor();
      await expectAccessible(page);
      await send(csv('sentence'));
      const units = page.getByRole('region', { name: 'Units' });
      await units.getByRole('cell', { name: 'En el bar' }).waitFor();
      await expectAccessible(page);

      google.put('3AbC', 'Units', [head, ...rows('song')]);
      await page.getByRole('button', { name: 'Connect a Google Sheet' }).click();
      const form = page.getByRole('region', { name: 'Connect a Google Sheet' });
      await form.getByLabel('What it is').selectOption('course');
      await form.getByLabel('Id of the course').fill('pub');
      await form.getByLabel('Spreadsheet').fill('3AbC');
      await form.getByLabel('Tab', { exact: true }).fill('Units');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('Must be given').first().waitFor();
      await form.getByLabel('Title').fill('Pubs');
      await form.getByLabel('Language').fill('es');
      await form.getByLabel('From').fill('en');
      await expectAccessible(page);
      await form.getByRole('button', { name: 'Save' }).click();
      const course = page.getByRole('region', { name: 'Course data pub' });
      await page.getByText('It was never read', { exact: false }).waitFor();
      await course.getByRole('button', { name: 'Sync now' }).click();
      await course.getByText('row 2, kind', { exact: false }).first().waitFor();
      google.put('3AbC', 'Units', [head, ...rows('sentence')]);
      await course.getByRole('button', { name: 'Sync now' }).click();
      await course.getByText('Version 1 is new').waitFor();
      await units.getByRole('cell', { name: 'En el bar' }).waitFor();
      const link = course.getByRole('link', { name: 'Open in Google Sheets' });
      expect(await link.getAttribute('href')).toBe('https://docs.google.com/spreadsheets/d/3AbC/edit');
      await expectAccessible(page);
    },
    3 * PATIENCE_MS,
  );

  it(
    'are connected and synced: alternatives as chips, gaps by row and column, fixed columns, the way to the sheet',
    async () => {
      const { page } = studio;
      google.put('1AbC', 'Shows', [
        HEAD,
        [...INTRO, 'fixed', 'Ana', 'Hello', 'Hola', 'Chào'],
        semi('1) Uno 3) Tres'),
      ]);
      await page.goto(`${studio.url}/sources?add=sheet`);
      const form = page.getByRole('region', { name: 'Connect a Google Sheet' });
      const id = form.getByLabel('Id of the table');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('A table needs an id').waitFor();
      expect(await id.getAttribute('aria-invalid')).toBe('true');
      await form.getByLabel('Header row').fill('first');
      await form.getByText('"first" is no number').waitFor();
      await form.getByLabel('Header row').fill('1');
      await form.getByLabel('Spreadsheet').fill('https://docs.google.com/spreadsheets/d/1AbC/edit');
      await form.getByLabel('Tab', { exact: true }).fill('Shows');
      await id.fill('Bad Id!');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('Must be kebab-case').waitFor();
      expect(await id.getAttribute('aria-invalid')).toBe('true');
      await id.fill('shows');
      await form.getByLabel('Spreadsheet').fill('not an address');
      await form.getByRole('button', { name: 'Save' }).click();
      await form.getByText('Must be the long part', { exact: false }).waitFor();
      await expectAccessible(page);
      await form.getByLabel('Spreadsheet').fill('https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0');
      await form.getByRole('button', { name: 'Save' }).click();

      const table = page.getByRole('region', { name: 'Table shows' });
      await page.getByText('It was never read', { exact: false }).waitFor();
      await table.getByRole('button', { name: 'Sync now' }).click();
      await table.getByText('Version 1 is new', { exact: false }).waitFor();
      const rows = page.getByRole('region', { name: 'Table of rows' });
      await rows.getByText('1a', { exact: true }).waitFor();
      await rows.getByText('2', { exact: true }).last().waitFor();
      await rows.getByText('out of order', { exact: false }).waitFor();
      await rows.getByText('No text').waitFor();
      await page.getByText('1 text is missing').click();
      await page.getByText('Row 2: vi').waitFor();
      await expectAccessible(page);
      await rows.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
      const at = (name: string) =>
        rows.getByRole('columnheader', { name }).evaluate((head) => head.getBoundingClientRect().left);
      const left = await rows.evaluate((element) => element.getBoundingClientRect().left);
      expect((await at('wrapper_name')) - left).toBeLessThan(60);
      const link = table.getByRole('link', { name: 'Open in Google Sheets' });
      expect(await link.getAttribute('href')).toBe('https://docs.google.com/spreadsheets/d/1AbC/edit');

      google.put('1AbC', 'Shows', [
        HEAD,
        [...INTRO, 'fixed', 'Ana', 'Hello', 'Hola', 'Chào'],
        semi('1) Uno 2) Dos'),
        [...INTRO.with(1, 'outro'), 'fixed', 'Leo', 'Bye', 'Adiós', 'Tạm biệt'],
      ]);
      await table.getByRole('button', { name: 'Sync now' }).click();
      await table.getByText('1 added, 1 changed, 0 removed').click();
      await table.getByText('row 3').waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'are watched: a changed row starts a run',
    async () => {
      const { page } = studio;
      await publishedOnceKnown(studio, lesson);
      google.put('2AbC', 'Plan', [
        ['id', 'host'],
        ['a', 'Ana'],
      ]);
      await studio.api('PUT', '/api/sources/plan', { spreadsheet: '2AbC', tab: 'Plan' });
      await studio.api('POST', '/api/sources/plan/sync');
      await page.goto(`${studio.url}/sources?table=plan`);
      await page.getByText('Watch', { exact: true }).first().click();
      await page.getByLabel('Each row that is added or changed starts').selectOption('lesson');
      await page.getByLabel('Input host').fill('{{row.nobody}}');
      await page.getByRole('button', { name: 'Watch', exact: true }).click();
      await page.getByText('no column "nobody"', { exact: false }).first().waitFor();
      await expectAccessible(page);
      await page.getByLabel('Input host').fill('{{row.host}}');
      await page.getByRole('button', { name: 'Watch', exact: true }).click();
      await page.getByText('lesson, every 15 min').waitFor();

      google.put('2AbC', 'Plan', [
        ['id', 'host'],
        ['a', 'Leo'],
      ]);
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByText('runs asked for', { exact: false }).waitFor();
      const hosts = async (): Promise<string[]> =>
        (
          await studio.api<{ runs: { inputs: { host: string } }[] }>('GET', '/api/runs?workflow=lesson')
        ).runs.map(({ inputs }) => inputs.host);
      await until(async () => (await hosts()).length > 0, { everyMs: 250 });
      expect(await hosts()).toEqual(['Leo']);

      google.put('2AbC', 'Plan', [
        ['id', 'host'],
        ['a', 5],
      ]);
      await page.getByRole('button', { name: 'Sync now' }).click();
      const refused = page.getByRole('region', { name: 'Refused rows' });
      await refused.getByText('inputs.host: Must be a string').waitFor();
      await page.getByText('1 row refused', { exact: true }).waitFor();
      await expectAccessible(page);
      await refused.getByRole('button', { name: 'Try again' }).click();
      await refused.getByText('inputs.host: Must be a string').waitFor();
      google.put('2AbC', 'Plan', [
        ['id', 'host'],
        ['a', 'Mia'],
      ]);
      await page.getByRole('button', { name: 'Sync now' }).click();
      await refused.waitFor({ state: 'detached' });
      await until(async () => (await hosts()).includes('Mia'), { everyMs: 250 });
    },
    2 * PATIENCE_MS,
  );

  it(
    'leave again as a file, which the results of a run give',
    async () => {
      const { page } = studio;
      await studio.api('PUT', '/api/tables/leaving', { rows: [{ id: 'a', text: '=1+1' }] });
      const id = await runEnded(studio, {
        ...{ kind: 'workflow', id: 'leave', name: 'Leave', inputs: {} },
        blocks: [
          { id: 'word', type: 'import', needs: [], with: { from: 'table', table: 'leaving', rowId: 'id' } },
          { id: 'report', type: 'export', with: { to: 'csv', columns: { text: 'word.text' } } },
        ],
      });

      await page.goto(`${studio.url}/runs/${id}?view=results&block=report`);
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download leave-report.csv' }).click();
      const download = await downloading;

      expect(download.suggestedFilename()).toBe('leave-report.csv');
      expect(await readFile(await download.path(), 'utf8')).toBe("key,text\nword=a,'=1+1\n");
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );

  it(
    'with course data unit by unit, and shows that ship with the product',
    async () => {
      const { page } = studio;
      await studio.api('POST', '/api/samples/duoradio');
      await page.goto(`${studio.url}/sources?table=wrappers`);
      const rows = page.getByRole('region', { name: 'Table of rows' });
      await rows.getByText('Two Cups of Tea').first().waitFor();
      await rows
        .getByText('3a', { exact: true })
        .or(rows.getByText('3', { exact: true }))
        .first()
        .waitFor();
      await page.getByRole('link', { name: 'en-es', exact: true }).click();
      await page.getByRole('cell', { name: 'En el café' }).first().waitFor();
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );
});
