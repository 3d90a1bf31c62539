import { beforeAll, expect, it } from '@jest/globals';
import { tabTo } from './support/keys.js';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

interface Draft {
  readonly definition: { readonly blocks: readonly { readonly id: string; readonly with: object }[] };
}

describeInBrowser('a block in the builder', () => {
  const studio = useStudio();
  const definition = {
    ...{ kind: 'workflow', id: 'shelf', name: 'Shelf', inputs: { level: { type: 'string' } } },
    variables: { tone: { mood: 'warm' } },
    blocks: [
      { id: 'rows', type: 'import', needs: [], with: { from: 'table', table: 'books', rowId: 'title' } },
      { id: 'say', type: 'prompt', with: { prompt: 'slogan' } },
      { id: 'check', type: 'evaluate', with: { evaluators: ['short'] } },
      { id: 'last', type: 'transform', with: { expression: "{ 'line': say.text }" } },
    ],
  };
  const draft = (): Promise<Draft> => studio.api('GET', '/api/workflows/shelf/draft');
  const panel = (id: string) =>
    studio.page.getByRole('complementary', { name: `Settings of ${id}`, exact: true });

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'slogan', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'A slogan for {{rows.title}}.' }],
      },
    });
    await studio.api('POST', '/api/evaluators/short/versions', {
      definition: {
        ...{ kind: 'evaluator', id: 'short', type: 'rule' },
        with: { rules: [{ use: 'length', text: '{{say.text}}', max: 1000 }] },
      },
    });
    await runEnded(studio, definition, { level: 'A1' });
  }, 2 * PATIENCE_MS);

  it(
    'names what it sees: inputs, variables, fields of blocks above, put in by the keyboard where the cursor was',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf?block=last`);
      const form = panel('last');
      await form.waitFor();
      // No field has had the focus: nothing knows where a name is to go.
      await form.getByText('Variables', { exact: true }).click();
      await form.getByRole('button', { name: 'check.score' }).click();
      await form.getByText('Choose a field above first').waitFor();
      await form.getByRole('region', { name: 'From check' }).getByText('check.score').waitFor();
      await form.getByRole('region', { name: 'From rows' }).getByText('Emma').waitFor();
      await form.getByRole('region', { name: 'Inputs of the run' }).getByText('A1').waitFor();
      await form.getByRole('region', { name: 'Variables of the workflow' }).getByText('tone.mood').waitFor();
      await expectAccessible(page);

      await tabTo(page, form.getByLabel(/^Expression/));
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type("{ 'score': ");
      await tabTo(page, form.getByRole('button', { name: 'check.score' }));
      await page.keyboard.press('Enter');
      await page.keyboard.type(' }');
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText(/^Saved \d/).waitFor();
      expect((await draft()).definition.blocks.at(-1)).toMatchObject({
        with: { expression: "{ 'score': check.score }" },
      });

      // In a text that is no expression it stands in braces.
      await page.getByLabel('Blocks').getByRole('button', { name: 'rows', exact: true }).click();
      const rows = panel('rows');
      await rows.getByLabel('Table').fill('');
      await rows.getByText('Variables', { exact: true }).click();
      await rows.getByLabel('Find a variable').fill('lev');
      await rows.getByRole('button', { name: 'level' }).click();
      expect(await rows.getByLabel('Table').inputValue()).toBe('{{level}}');
      await page.getByRole('button', { name: 'Undo' }).click();
    },
    3 * PATIENCE_MS,
  );

  it(
    'is run by itself, on a payload of a past run and on a typed one, and what it may cost stands before it',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf?block=say`);
      const form = panel('say');
      await form.getByText('Test block', { exact: true }).first().click();
      await form.getByLabel('Payload').selectOption({ label: 'rows Ulysses' });
      const sees = form.getByLabel('What it sees');
      await form.getByText(/^It may cost ~\$/).waitFor();
      expect(JSON.parse(await sees.inputValue())).toEqual({ level: 'A1', rows: { title: 'Ulysses' } });
      await expectAccessible(page);
      const outcome = form.getByRole('region', { name: 'Outcome of the test' });
      await form.getByRole('button', { name: 'Test block' }).click();
      await outcome.getByText('Succeeded').waitFor();
      await outcome.getByText('Ulysses', { exact: false }).first().waitFor();
      await expectAccessible(page);
      // Where the block goes, what is open of it goes.
      await page.getByRole('button', { name: 'Move say down' }).click();
      await page.getByText('Block 2 is block 3 now').waitFor();
      expect(await outcome.getByText('Ulysses', { exact: false }).first().isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Move say up' }).click();
      await page.getByText('Block 3 is block 2 now').waitFor();

      await sees.fill('{ "rows": ');
      await form.getByText('This is no JSON', { exact: false }).waitFor();
      expect(await form.getByRole('button', { name: 'Test block' }).isDisabled()).toBe(true);
      await sees.fill('{ "rows": { "title": "Persuasion" } }');
      await form.getByRole('button', { name: 'Test block' }).click();
      await outcome.getByText('Persuasion', { exact: false }).first().waitFor();
      await page.reload();
      await form.getByText('Test block', { exact: true }).first().click();
      expect(await sees.inputValue()).toBe('{ "rows": { "title": "Persuasion" } }');

      // A look at another payload costs nothing that was typed.
      const payload = form.getByLabel('Payload');
      await payload.selectOption({ label: 'rows Emma' });
      expect(JSON.parse(await sees.inputValue())).toMatchObject({ rows: { title: 'Emma' } });
      await sees.fill('{ "rows": { "title": "Lady Susan" } }');
      await payload.selectOption({ label: 'rows Emma' });
      await page.reload();
      await form.getByText('Test block', { exact: true }).first().click();
      await payload.selectOption({ label: 'What you typed: { "rows": { "title": "Persuasion" } }' });
      expect(await sees.inputValue()).toBe('{ "rows": { "title": "Persuasion" } }');
      await payload.selectOption({ label: 'What you typed: { "rows": { "title": "Lady Susan" } }' });
      expect(await sees.inputValue()).toBe('{ "rows": { "title": "Lady Susan" } }');
      await sees.fill('{}');
      await form.getByRole('button', { name: 'Test block' }).click();
      await form.getByRole('alert').getByText('rows', { exact: false }).first().waitFor();
      await expectAccessible(page);

      // A test is no run of the workflow.
      const { runs } = await studio.api<{ runs: object[] }>('GET', '/api/runs?workflow=shelf');
      expect(runs).toHaveLength(1);
    },
    3 * PATIENCE_MS,
  );

  it(
    'is tested once, however often its test is sent: an answer that is lost, and a reload, begin no second one',
    async () => {
      const { page } = studio;
      const tests = async (): Promise<number> =>
        (await studio.api<{ runs: object[] }>('GET', '/api/runs?workflow=shelf--test&tests=only')).runs
          .length;
      const before = await tests();
      await page.goto(`${studio.url}/workflows/shelf?block=say`);
      const form = panel('say');
      const open = (): Promise<void> => form.getByText('Test block', { exact: true }).first().click();
      const press = (): Promise<void> => form.getByRole('button', { name: 'Test block' }).click();
      await open();
      await form.getByLabel('What it sees').fill('{ "rows": { "title": "Sanditon" } }');
      await page.route('**/block-tests', async (route) => {
        await route.fetch();
        return route.abort();
      });
      await press();
      await form.getByText('The server was not reached').waitFor();
      await page.unroute('**/block-tests');
      await page.reload();
      await open();
      await press();
      const outcome = form.getByRole('region', { name: 'Outcome of the test' });
      await outcome.getByText('Sanditon', { exact: false }).first().waitFor();
      expect(await tests()).toBe(before + 1);

      // It was answered: the next press is another test.
      const begun = page.waitForResponse((response) => response.url().endsWith('/block-tests'));
      await press();
      expect((await begun).status()).toBe(201);
      expect(await tests()).toBe(before + 2);
    },
    3 * PATIENCE_MS,
  );

  it(
    'moves by drag and by Alt with an arrow, and the focus goes with it',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf`);
      const cards = page.getByRole('list', { name: 'Blocks' });
      const order = async (wanted: string): Promise<unknown> =>
        page.waitForFunction(
          (ids) =>
            [...document.querySelectorAll('.cards .card-line:first-child > button')]
              .map(({ textContent }) => textContent)
              .join(' ') === ids,
          wanted,
        );
      await order('rows say check last');
      await cards.locator('.grip').nth(3).dragTo(cards.locator('.card').nth(1));
      await order('rows last say check');

      await tabTo(page, cards.getByRole('button', { name: 'last', exact: true }));
      await page.keyboard.press('Alt+ArrowDown');
      await order('rows say last check');
      await page.keyboard.press('Alt+ArrowDown');
      await order('rows say check last');
      await page.getByText('Block 3 is block 4 now').waitFor();
      await page.getByRole('button', { name: 'Move last up' }).focus();
      await page.keyboard.press('Enter');
      await order('rows say last check');
      await page.keyboard.press('Enter');
      await order('rows last say check');
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );
});
