import { beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

interface Draft {
  readonly revision: number;
  readonly definition: { blocks: { id: string; type: string; times?: number }[] };
}

describeInBrowser('the workflow builder', () => {
  const studio = useStudio();
  const draft = (): Promise<Draft> => studio.api('GET', '/api/workflows/shelf/draft');
  const expectField = async (label: string, value: string): Promise<void> => {
    await studio.page.waitForFunction(
      ([name, wanted]) =>
        document.querySelector<HTMLInputElement>(`.cards [aria-label="${name}"]`)?.value === wanted,
      [label, value] as const,
    );
  };
  const saved = (): Promise<void> => studio.page.getByText(/^Saved \d/).waitFor();

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'slogan', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'A slogan for {{rows.title}}.' }],
      },
    });
    const rules = [{ use: 'length', text: '{{prompt.text}}', max: 1000 }];
    await studio.api('POST', '/api/evaluators/short/versions', {
      definition: { kind: 'evaluator', id: 'short', type: 'rule', with: { rules } },
    });
  }, PATIENCE_MS);

  it(
    'makes a workflow from nothing by the keyboard alone, runs it, and shows its results',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const press = async (name: string | RegExp): Promise<void> => {
        await page.getByRole('button', { name, exact: typeof name === 'string' }).focus();
        await keyboard.press('Enter');
      };
      const type = async (label: string, text: string): Promise<void> => {
        await page
          .getByRole('complementary')
          .getByLabel(new RegExp(`^${label}( \\*)?$`))
          .focus();
        await keyboard.press('ControlOrMeta+a');
        await keyboard.type(text);
      };
      await page.goto(`${studio.url}/workflows/shelf`);
      await page.getByText('No block yet').waitFor();

      await press('IMPORT');
      await page.getByRole('complementary', { name: 'Settings of import' }).waitFor();
      await page.getByLabel('From', { exact: false }).first().selectOption('table');
      await type('Table', 'books');
      await page.getByText('Order, conditions and errors').focus();
      await keyboard.press('Enter');
      await type('Id', 'rows');
      await keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Settings of rows' }).waitFor();
      await press('PROMPT');
      await page.getByRole('complementary', { name: 'Settings of prompt' }).waitFor();
      // What is missing is said at its field, and in the list of problems.
      await page.getByRole('complementary').locator('[aria-invalid="true"]').first().waitFor();
      await page.getByRole('heading', { name: /^Problems/ }).waitFor();
      await expectAccessible(page);
      await type('Prompt', 'slogan');
      await type('Times', '2');
      await press('EVALUATE');
      await page.getByRole('complementary', { name: 'Settings of evaluate' }).waitFor();
      await type('Evaluators', 'short');
      await press('SELECT');
      await page.getByRole('complementary', { name: 'Settings of select' }).waitFor();
      await type('By', 'evaluate.score');
      await type('Top', '1');
      await expectField('Prompt of prompt', 'slogan');
      await expectField('Times of prompt', '2');
      // What a card says is edited in it; what another block is called stays.
      await page.getByLabel('Name of select').focus();
      await keyboard.type('The best one');
      await page.getByLabel('Top of select').focus();
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('no');
      await page.getByLabel('Blocks').getByText('"no" is no number: write it like 12').waitFor();
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('1');
      await page.getByLabel('Evaluators of evaluate').focus();
      await keyboard.press('End');
      await keyboard.type(', none');
      await keyboard.press('ControlOrMeta+s');
      await page.getByLabel('Blocks').getByText('none').waitFor();
      await expectAccessible(page);
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('short');
      await keyboard.press('ControlOrMeta+s');
      await saved();
      await page.getByRole('heading', { name: /^Problems/ }).waitFor({ state: 'hidden' });
      expect((await draft()).definition.blocks.slice(2)).toMatchObject([
        { id: 'evaluate', with: { evaluators: ['short'] } },
        { id: 'select', name: 'The best one', with: { by: 'evaluate.score', top: 1 } },
      ]);
      await expectAccessible(page);

      await press('SAVE AND RUN');
      await press('Start');
      await page.locator('.head').getByText('Succeeded').waitFor();
      await page.goto(`${studio.url}/workflows/shelf`);
      await page.getByRole('link', { name: 'VIEW RESULTS' }).focus();
      await keyboard.press('Enter');
      await page.getByRole('region', { name: 'Payload' }).waitFor();
    },
    5 * PATIENCE_MS,
  );

  it(
    'shows the same in list, canvas and YAML, keeps comments, and takes edits back',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf?view=yaml`);
      await page.locator('.cm-content').click();
      await page.keyboard.press('ControlOrMeta+Home');
      await page.keyboard.insertText('# The shelf of the shop\n');
      await page.getByRole('button', { name: 'Canvas' }).click();
      await page.locator('.react-flow__node').first().waitFor();
      expect(await page.locator('.react-flow__node').count()).toBe(4);
      await expectAccessible(page);
      await page.locator('.react-flow__node', { hasText: 'prompt' }).first().click();
      const times = page.getByRole('complementary').getByLabel('Times');
      await times.fill('3');
      await page.getByRole('button', { name: 'YAML' }).click();
      await page.locator('.cm-content').getByText('times: 3').waitFor();
      await page.locator('.cm-content').getByText('# The shelf of the shop').waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'List' }).click();
      await page.getByRole('button', { name: 'Undo' }).click();
      await expectField('Times of prompt', '2');
      await page.getByRole('button', { name: 'SAVE', exact: true }).click();
      await saved();
      await page.reload();
      await page.getByRole('button', { name: 'YAML' }).click();
      await page.locator('.cm-content').getByText('# The shelf of the shop').waitFor();
    },
    4 * PATIENCE_MS,
  );

  it(
    'drops nothing when someone else saved meanwhile',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf`);
      const name = page.getByLabel('Name of the workflow');
      await name.waitFor();
      const { definition, revision } = await draft();
      const theirs = { definition: { ...definition, name: 'Theirs', description: 'Told by ana' } };
      const headers = { 'if-match': `"${revision}"`, 'x-duofactory-user': 'ana' };
      await studio.api('PUT', '/api/workflows/shelf/draft', theirs, headers);

      await name.fill('Mine');
      await page.getByRole('button', { name: 'SAVE', exact: true }).click();
      await page.getByText('ana saved meanwhile and changed what you changed').waitFor();
      await expectAccessible(page);
      expect(await name.inputValue()).toBe('Mine');
      await page.getByRole('button', { name: 'Take theirs' }).click();
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('.workflow-name input')?.value === 'Theirs',
      );
      await page.getByRole('button', { name: 'Undo' }).click();
      expect(await name.inputValue()).toBe('Mine');
      await page.getByRole('button', { name: 'SAVE', exact: true }).click();
      await saved();
      expect((await draft()).definition).toMatchObject({ name: 'Mine', description: 'Told by ana' });

      // Every save is there to be brought back, and each author's changes stand before what is published.
      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      await page.getByText('It is the first version.').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      // The first number is that of the draft that ran.
      await page.getByText('Version 2 is published.').waitFor();
      await name.fill('Next');
      await page.keyboard.press('ControlOrMeta+s');
      await saved();
      await page.goto(`${studio.url}/workflows/shelf?panel=publish`);
      await page.getByText('Against version 2, by local').waitFor();
      await page
        .getByRole('region', { name: /^Changes of local/ })
        .getByText('Next')
        .waitFor();
      await page.getByRole('button', { name: /^DRAFT/ }).click();
      await page.getByRole('button', { name: 'Restore version 2' }).click();
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('.workflow-name input')?.value === 'Mine',
      );
    },
    2 * PATIENCE_MS,
  );

  it(
    'brings back what was typed when the server was killed and the page reloaded',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shelf?block=prompt`);
      await page.getByLabel('Name of the workflow').waitFor();
      await studio.kill();
      await page.getByLabel('Name of the workflow').fill('Typed while it was away');
      await page.getByText(/^Not saved/).waitFor();
      await studio.restart();
      await page.reload();

      await page.getByLabel('Name of the workflow').waitFor();
      expect(await page.getByLabel('Name of the workflow').inputValue()).toBe('Typed while it was away');
      await saved();
      expect(await draft()).toMatchObject({ definition: { name: 'Typed while it was away' } });
    },
    4 * PATIENCE_MS,
  );
});
