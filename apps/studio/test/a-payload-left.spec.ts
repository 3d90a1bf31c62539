import { beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';
import { publishedOnceKnown } from './support/runs.js';

/** Two books; one cannot be cut short. Of two slogans of the other, the better one goes on. */
const definition = {
  ...{ kind: 'workflow', id: 'shelf', name: 'Shelf' },
  blocks: [
    { id: 'book', type: 'import', needs: [], with: { from: 'table', table: 'books', rowId: 'title' } },
    {
      ...{ id: 'short', type: 'transform', onError: 'drop' },
      with: {
        expression: "book.title = 'Ulysses' ? $error('Nobody cuts Ulysses') : { 'title': book.title }",
      },
    },
    { id: 'slogan', type: 'prompt', times: 2, with: { prompt: 'slogan' } },
    { id: 'score', type: 'evaluate', with: { evaluators: ['length'] } },
    { id: 'best', type: 'select', per: 'book', with: { by: 'score.score', top: 1 } },
  ],
};

describeInBrowser('a payload that left a run', () => {
  const studio = useStudio();
  let run: string;

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
    const steps = [{ type: 'user', text: 'A slogan for {{short.title}}.' }];
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: { kind: 'prompt', id: 'slogan', model: { name: 'default' }, steps, output: 'text' },
    });
    const rules = [{ use: 'length', text: '{{slogan.text}}', max: 1000 }];
    await studio.api('POST', '/api/evaluators/length/versions', {
      definition: { kind: 'evaluator', id: 'length', type: 'rule', with: { rules } },
    });
    await publishedOnceKnown(studio, definition);
    run = (await studio.api<{ id: string }>('POST', '/api/runs', { workflow: 'shelf', inputs: {} })).id;
  }, PATIENCE_MS);

  it(
    'is found in three clicks from Home, with the error that dropped it',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: /^shelf@1/ }).click();
      await page
        .locator('.head')
        .getByText(/Succeeded|Partial/)
        .waitFor();
      await page.getByRole('link', { name: 'short', exact: true }).click();
      await page.getByRole('link', { name: 'Lineage of book Ulysses' }).click();

      const fate = page.getByRole('region', { name: 'What became of it at short' });
      await fate.getByText('Dropped', { exact: true }).waitFor();
      await fate.getByText('Nobody cuts Ulysses', { exact: false }).waitFor();
      await page.getByRole('region', { name: 'Block book' }).getByText('Ulysses').first().waitFor();
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );

  it(
    'shows of a sample that was not selected what was asked, said and scored, and why another went on',
    async () => {
      const { page } = studio;
      const { makes } = (
        await studio.api<{ tasks: { makes: string; sample: number }[] }>(
          'GET',
          `/api/runs/${run}/tasks?block=slogan`,
        )
      ).tasks.find(({ sample }) => sample === 1)!;
      const search = new URLSearchParams({ view: 'lineage', block: 'score', key: makes });
      await page.goto(`${studio.url}/runs/${run}?${search.toString()}`);
      const samples = page.getByRole('navigation', { name: 'Samples' });
      await samples.getByRole('link').nth(1).waitFor();
      const fate = page.getByRole('region', { name: 'What became of it at best' });
      await fate.waitFor();
      // Equal scores: whichever went on, the other did not.
      if (await fate.getByText('best took it.').isVisible()) await samples.getByText('Sample 2').click();
      await fate.getByText('Not selected', { exact: true }).waitFor();
      await fate.getByText('score.score').waitFor();

      await page.getByText('Rendered prompt').click();
      await page
        .getByRole('region', { name: 'Answer' })
        .getByText('A slogan for Emma.', { exact: true })
        .waitFor();
      await expectAccessible(page);

      // From column to column by the arrows.
      await page.getByRole('region', { name: 'Block book' }).focus();
      for (const column of ['Block short', 'Block slogan', 'Block score', 'What became of it at best']) {
        await page.keyboard.press('ArrowRight');
        await page.locator(`section[aria-label="${column}"]:focus`).waitFor();
      }
      await page.keyboard.press('ArrowLeft');
      await page.locator('section[aria-label="Block score"]:focus').waitFor();
      expect(await page.getByRole('main').innerText()).not.toMatch(/[{}]/);
    },
    2 * PATIENCE_MS,
  );

  it(
    'opens in the prompt editor with what it was given, by reference, and keeps what is typed over it',
    async () => {
      const { page } = studio;
      const field = page.getByLabel('Value of short.title');
      const expectValue = (wanted: string): Promise<unknown> =>
        page.waitForFunction(
          (value) =>
            document.querySelector<HTMLTextAreaElement>('[aria-label="Value of short.title"]')?.value ===
            value,
          wanted,
        );
      // What it was tried with before is another's.
      await page.goto(`${studio.url}/prompts/slogan`);
      await field.fill('Persuasion');
      await page.goBack();
      await page.getByText('Rendered prompt').click();
      const editor = page.getByRole('link', { name: 'Open in prompt editor' });
      expect(await editor.getAttribute('href')).toMatch(/^\/prompts\/slogan\?input=[0-9a-f-]{36}$/);
      await editor.focus();
      await page.keyboard.press('Enter');
      await expectValue('Emma');
      await page.getByText('Input of slogan, book Emma').waitFor();
      await expectAccessible(page);

      // A reload loses nothing, and a variable that comes later has its value, too.
      await field.fill('Emma, again');
      await page.reload();
      await expectValue('Emma, again');
      await page.getByLabel('Text of step 1').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText('A slogan for {{short.title}}, known as {{book.title}}.');
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLTextAreaElement>('[aria-label="Value of book.title"]')?.value === 'Emma',
      );
      await expectValue('Emma, again');

      await page.getByRole('button', { name: 'Forget where the input is from' }).click();
      await page.getByText('Input of slogan, book Emma').waitFor({ state: 'detached' });
      await expectValue('Emma, again');
      expect(new URL(page.url()).search).not.toContain('input');
    },
    2 * PATIENCE_MS,
  );

  it(
    'is no payload that nobody chose: of a block alone, one of its payloads is asked for',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/runs/${run}`);
      await page.getByRole('link', { name: 'book', exact: true }).click();
      await page
        .getByRole('navigation', { name: 'Views of the run' })
        .getByRole('link', { name: 'Lineage' })
        .click();
      const main = page.getByRole('main');
      await main.getByText('Choose a payload: one of book').waitFor();
      expect(await main.getByText('Not selected').count()).toBe(0);
      await expectAccessible(page);

      await main
        .getByRole('list', { name: 'Payloads of book' })
        .getByRole('link', { name: 'book Emma' })
        .click();
      await page.getByRole('region', { name: 'Block book' }).waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'is corrected by hand, and rerun: what is taken over and paid is said before, and is what happens',
    async () => {
      const { page } = studio;
      const search = new URLSearchParams({ view: 'lineage', block: 'short', key: 'book=Emma' });
      await page.goto(`${studio.url}/runs/${run}?${search.toString()}`);
      const column = page.getByRole('region', { name: 'Block short' });
      const open = async (): Promise<void> => {
        await column.getByRole('button', { name: 'Correct and rerun…' }).focus();
        await page.keyboard.press('Enter');
      };
      await open();
      const dialog = page.getByRole('dialog', { name: 'Correct and rerun' });
      await dialog.getByRole('row', { name: 'slogan 2 0 0 $0 (reused)', exact: true }).waitFor();
      await dialog.getByLabel('Title').fill('Emma Woodhouse');
      // What costs nothing is asked for again all the same.
      await dialog.getByRole('row', { name: 'slogan 0 0 2 ~$0.00', exact: true }).waitFor();
      await dialog.getByRole('row', { name: /^book 1 0 0/ }).waitFor();
      await expectAccessible(page);

      // Neither Escape nor a reload takes what was corrected, nor what cannot be read yet.
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await open();
      expect(await dialog.getByLabel('Title').inputValue()).toBe('Emma Woodhouse');
      await dialog.getByRole('button', { name: 'Edit all of it as JSON' }).click();
      await dialog.getByLabel('Result as JSON').fill('{ "title": ');
      await page.reload();
      await open();
      await dialog.getByLabel('Result as JSON').waitFor();
      expect(await dialog.getByLabel('Result as JSON').inputValue()).toBe('{ "title": ');
      expect(await dialog.getByRole('button', { name: 'Start rerun' }).isDisabled()).toBe(true);

      await dialog.getByLabel('Result as JSON').fill('{}');
      await dialog.getByText('and lacks title: send every field').first().waitFor();
      await dialog.getByLabel('Result as JSON').fill('{ "title": "Miss Woodhouse" }');
      await dialog.getByRole('row', { name: /^slogan 0 0 2/ }).waitFor();
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Start rerun' }).click();

      await page.locator('.facts').getByText('Rerun of').waitFor();
      await page
        .locator('.head')
        .getByText(/Succeeded|Partial/)
        .waitFor();
      await page.locator('.facts').getByRole('link', { name: 'short of book Emma' }).click();
      await page.getByRole('region', { name: 'Block short' }).getByText('Miss Woodhouse').waitFor();
      await page.getByRole('region', { name: 'Block short' }).getByText('taken over').waitFor();
      const id = new URL(page.url()).pathname.split('/').at(-1);
      const { payloads } = await studio.api<{ payloads: { blockResults: { slogan: { text: string } } }[] }>(
        'GET',
        `/api/runs/${id}/results?block=slogan`,
      );
      expect(payloads).toHaveLength(2);
      for (const { blockResults } of payloads) expect(blockResults.slogan.text).toContain('Miss Woodhouse');
    },
    2 * PATIENCE_MS,
  );
});
