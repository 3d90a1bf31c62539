import { beforeAll, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { tabTo } from './support/keys.js';
import { describeInBrowser, expectAccessible, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

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
    const publishPrompt = (id: string, text: string): Promise<unknown> =>
      studio.api('POST', `/api/prompts/${id}/versions`, {
        definition: {
          ...{ kind: 'prompt', id, model: { name: 'default' }, output: 'text' },
          steps: [{ type: 'user', text }],
        },
      });
    const publishEvaluator = (id: string, rule: object): Promise<unknown> =>
      studio.api('POST', `/api/evaluators/${id}/versions`, {
        definition: { kind: 'evaluator', id, type: 'rule', with: { rules: [rule] } },
      });
    await publishPrompt('slogan', 'A slogan for {{rows.title}}.');
    await publishPrompt('exercise', 'Three questions about: {{prompt.text}}');
    await publishEvaluator('short', { use: 'length', text: '{{prompt.text}}', max: 1000 });
    await publishEvaluator('said', { use: 'length', text: '{{prompt2.text}}', min: 1, max: 5000 });
  }, PATIENCE_MS);

  it(
    'makes the workflow of every button from nothing by the keyboard alone, runs it, and shows its results',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const panel = (id: string): Locator =>
        page.getByRole('complementary', { name: `Settings of ${id}`, exact: true });
      const press = async (name: string): Promise<void> => {
        await tabTo(page, page.getByRole('button', { name, exact: true }));
        await keyboard.press('Enter');
      };
      const replace = async (field: Locator, text: string): Promise<void> => {
        await tabTo(page, field);
        await keyboard.press('ControlOrMeta+a');
        await keyboard.type(text);
      };
      const type = (label: string, text: string): Promise<void> =>
        replace(page.getByRole('complementary').getByLabel(new RegExp(`^${label}( \\*)?$`)), text);
      const add = async (button: string, id: string): Promise<void> => {
        await press(button);
        await panel(id).waitFor();
      };
      await page.goto(`${studio.url}/workflows/shelf`);
      await page.getByText('No block yet').waitFor();

      await add('IMPORT', 'import');
      // In a list of choices a letter chooses.
      await tabTo(page, panel('import').getByLabel('From', { exact: false }).first());
      await keyboard.press('t');
      await type('Table', 'books');
      await tabTo(page, page.getByText('Order, conditions and errors'));
      await keyboard.press('Enter');
      await type('Id', 'rows');
      await keyboard.press('Enter');
      await panel('rows').waitFor();
      await add('PROMPT', 'prompt');
      // What is missing is said at its field, and in the list of problems.
      await page.getByRole('complementary').locator('[aria-invalid="true"]').first().waitFor();
      await page.getByRole('heading', { name: /^Problems/ }).waitFor();
      await expectAccessible(page);
      await type('Prompt', 'slogan');
      await add('PROMPT', 'prompt2');
      await type('Prompt', 'exercise');
      await type('Times', '2');
      await add('EVALUATE', 'evaluate');
      await type('Evaluators', 'short');
      await add('EVALUATE (PARALLEL)', 'evaluate2');
      await type('Evaluators', 'short');
      await keyboard.press('Enter');
      await keyboard.type('said');
      await tabTo(page, panel('evaluate2').getByLabel('Combine'));
      await keyboard.type('min');
      await add('SORT', 'sort');
      await type('By', 'evaluate2.score');
      await add('SELECT', 'select');
      await type('By', 'evaluate2.score');
      await type('Top', '1');
      await tabTo(page, page.getByRole('combobox', { name: 'CUSTOM' }));
      await keyboard.type('jsonata');
      await page.getByRole('option', { name: 'transform' }).waitFor();
      await keyboard.press('Enter');
      await panel('transform').waitFor();
      await type('Expression', "{ 'episode': rows.title, 'questions': prompt2.text }");
      await expectField('Prompt of prompt2', 'exercise');
      await expectField('Times of prompt2', '2');
      await expectField('Evaluators of evaluate2', 'short, said');
      // What a card says is edited in it; what another block is called stays.
      await tabTo(page, page.getByLabel('Name of select'));
      await keyboard.type('The best one');
      await replace(page.getByLabel('Top of select'), 'no');
      await page.getByLabel('Blocks').getByText('"no" is no number: write it like 12').waitFor();
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('1');
      await tabTo(page, page.getByLabel('Evaluators of evaluate', { exact: true }));
      await keyboard.press('End');
      await keyboard.type(', none');
      await keyboard.press('ControlOrMeta+s');
      await page.getByLabel('Blocks').getByText('none').waitFor();
      await expectAccessible(page);
      await replace(page.getByLabel('Evaluators of evaluate', { exact: true }), 'short');
      await keyboard.press('ControlOrMeta+s');
      await saved();
      await page.getByRole('heading', { name: /^Problems/ }).waitFor({ state: 'hidden' });
      expect((await draft()).definition.blocks).toMatchObject([
        { id: 'rows', type: 'import', with: { from: 'table', table: 'books' } },
        { id: 'prompt', type: 'prompt', with: { prompt: 'slogan' } },
        { id: 'prompt2', type: 'prompt', times: 2, with: { prompt: 'exercise' } },
        { id: 'evaluate', type: 'evaluate', with: { evaluators: ['short'] } },
        { id: 'evaluate2', type: 'evaluate', with: { evaluators: ['short', 'said'], combine: 'min' } },
        { id: 'sort', type: 'sort', with: { by: 'evaluate2.score' } },
        { id: 'select', type: 'select', name: 'The best one', with: { by: 'evaluate2.score', top: 1 } },
        { id: 'transform', type: 'transform' },
      ]);
      await expectAccessible(page);

      await press('SAVE AND RUN');
      await press('Start');
      await page.locator('.head').getByText('Succeeded').waitFor();
      // Nothing is published: a number would be that of a version which nobody finds.
      await page.getByRole('heading', { level: 1, name: /^shelf@draft/ }).waitFor();
      await page.goto(`${studio.url}/workflows/shelf`);
      await tabTo(page, page.getByRole('link', { name: 'VIEW RESULTS' }));
      await keyboard.press('Enter');
      const payload = page.getByRole('region', { name: 'Payload' });
      await payload.waitFor();
      await payload.getByText('transform').first().waitFor();
      await expectAccessible(page);
      const { runs } = await studio.api<{ runs: { id: string }[] }>(
        'GET',
        '/api/runs?workflow=shelf&tests=only',
      );
      const { payloads } = await studio.api<{ payloads: { blockResults: Record<string, object> }[] }>(
        'GET',
        `/api/runs/${runs[0]!.id}/results`,
      );
      expect(payloads).toHaveLength(1);
      expect(payloads[0]!.blockResults).toMatchObject({
        ...{ sort: { rank: 1 }, select: { rank: 1 }, evaluate2: { verdict: 'pass' } },
        transform: { episode: 'Emma' },
      });
    },
    5 * PATIENCE_MS,
  );

  it(
    'opens a long workflow so that its sentences can be read, with lines that are seen in both themes',
    async () => {
      const { page } = studio;
      const blocks = Array.from({ length: 12 }, (_, n) => ({
        ...{ id: `step${n}`, type: 'transform', with: { expression: `"${n}"` } },
      }));
      await studio.api(
        'PUT',
        '/api/workflows/long/draft',
        { definition: { kind: 'workflow', id: 'long', name: 'Long', blocks } },
        { 'if-none-match': '*' },
      );
      await page.goto(`${studio.url}/workflows/long?view=canvas`);
      const first = page.locator('.react-flow__node', { hasText: 'step0' });
      await first.locator('.node-text').waitFor();
      expect(await isInSight(first)).toBe(true);
      expect((await first.boundingBox())!.width).toBeGreaterThanOrEqual(150);
      // There is room beside the first ones for the others.
      for (const { id } of blocks)
        expect(await isInSight(page.locator(`.react-flow__node[data-id="${id}"]`))).toBe(true);

      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
        expect(
          await page.locator('.react-flow__edge-path').first().evaluate(contrastOnCanvas),
        ).toBeGreaterThan(3);
      }
      await page.goto(`${studio.url}/workflows/none-yet?view=canvas`);
      await page.getByText('No block yet').waitFor();
      await page.getByRole('button', { name: 'SORT', exact: true }).click();
      await page.locator('.react-flow__node', { hasText: 'sort' }).waitFor();
    },
    2 * PATIENCE_MS,
  );

  /** Of a line with what is behind it, as WCAG 2.2 reckons it. */
  function contrastOnCanvas(line: Element): number {
    const luminance = (colour: string): number => {
      const [red, green, blue] = colour
        .match(/[\d.]+/g)!
        .slice(0, 3)
        .map(Number)
        .map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    };
    const ground = line.closest('.react-flow')!;
    const [one, other] = [getComputedStyle(line).stroke, getComputedStyle(ground).backgroundColor].map(
      luminance,
    );
    return (Math.max(one!, other!) + 0.05) / (Math.min(one!, other!) + 0.05);
  }

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
      expect(await page.locator('.react-flow__node').count()).toBe(8);
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
      await expectField('Times of prompt', '1');
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
      const nightly = { workflow: 'shelf', inputs: {}, cron: '0 3 * * *', timeZone: 'UTC', missed: 'skip' };
      await studio.api('PUT', '/api/schedules/nightly', nightly);
      await page.goto(`${studio.url}/workflows/shelf?panel=publish`);
      await page.getByText('Schedule nightly').waitFor();
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
