import { FakeOpenAi } from '@duofactory/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

const ROWS = 'title\nEmma\nUlysses\nDracula\nIvanhoe\nKim\nMiddlemarch\n';
/** Said to the draft about one of the books: too long for the evaluator. */
const LONG = 'A slogan that goes on and on about Ulysses and does not come to its end before tomorrow.';

describeInBrowser('the impact of a changed prompt', () => {
  let model: FakeOpenAi;
  // Before the host, which is told its address.
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    model.answer = (body) => {
      const asked = JSON.stringify(body);
      if (!asked.includes('A slogan of one line'))
        return asked.includes('Emma') ? 'Read Emma' : 'Read it now';
      return asked.includes('Ulysses') ? LONG : asked.includes('Emma') ? 'Read Emma' : 'Take this one';
    };
  });
  const studio = useStudio(() => ({
    DUOFACTORY_MODEL: 'openai',
    DUOFACTORY_MODEL_NAME: 'gpt-5-mini',
    DUOFACTORY_MODEL_PRICES: '{"gpt-5-mini":{"input":1,"output":8}}',
    OPENAI_API_KEY: model.apiKey,
    OPENAI_BASE_URL: model.baseUrl,
  }));
  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', ROWS, { 'content-type': 'text/csv' });
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'slogan', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'A slogan for {{rows.title}}.' }],
      },
    });
    await studio.api('POST', '/api/evaluators/short/versions', {
      definition: {
        ...{ kind: 'evaluator', id: 'short', type: 'rule' },
        with: { rules: [{ use: 'length', text: '{{say.text}}', min: 1, max: 5 }] },
      },
    });
    await runEnded(studio, {
      ...{ kind: 'workflow', id: 'shelf', name: 'Shelf' },
      blocks: [
        { id: 'rows', type: 'import', needs: [], with: { from: 'table', table: 'books', rowId: 'title' } },
        { id: 'say', type: 'prompt', with: { prompt: 'slogan' } },
        { id: 'check', type: 'evaluate', with: { evaluators: ['short'] } },
      ],
    });
  }, 2 * PATIENCE_MS);
  afterAll(() => model.stop());

  it(
    'is seen on real inputs before it is published: a past input, a worse pair, and a second look for nothing',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/prompts/slogan`);
      await page.getByRole('button', { name: 'Past inputs' }).click();
      // Those whose answers were judged worst come first, with their score.
      const past = page.getByRole('complementary', { name: 'Past inputs' });
      await past.getByLabel('Order').selectOption('worst');
      await past.getByText('1.00').first().waitFor();
      expect(await past.getByRole('listitem').count()).toBe(6);
      await past.getByLabel('Score at most').fill('0,5');
      await past.getByText('"0,5" is no number: write it like 1.5').waitFor();
      await past.getByLabel('Score at most').fill('0.5');
      await past.getByText('None of the newest runs has so low a score.').waitFor();
      await expectAccessible(page);
      await past.getByLabel('Score at most').fill('');
      await page.getByRole('button', { name: 'rows Emma' }).click();
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLTextAreaElement>('[aria-label="Value of rows.title"]')?.value === 'Emma',
      );
      await page.getByLabel('Text of step 1').fill('A slogan of one line for {{rows.title}}.');
      await page.getByRole('button', { name: 'RUN PROMPT' }).click();
      await page.getByRole('article', { name: 'Sample 1' }).getByText('Read Emma').waitFor();

      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      const drawer = page.getByRole('complementary', { name: 'Publish version' });
      await drawer.locator('ins', { hasText: 'of one line' }).waitFor();
      await drawer.getByText('version 1: say runs slogan').waitFor();
      // What it costs is said before anything is asked.
      await drawer.getByText('6 inputs, 12 answers, 24 judgements by short@1').waitFor();
      const before = model.calls.length;
      await drawer.getByRole('textbox', { name: 'Past inputs' }).fill('1,5');
      await drawer.getByText('"1,5" is no number: write it like 12').waitFor();
      await drawer.getByRole('textbox', { name: 'Past inputs' }).fill('2');
      await drawer.getByLabel('Which').selectOption('worst');
      await drawer.getByText('2 inputs, 4 answers').waitFor();
      await expectAccessible(page);
      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText('(too few inputs for an interval)').waitFor();
      // What stands there is of these inputs alone.
      await drawer.getByRole('textbox', { name: 'Past inputs' }).fill('20');
      await drawer.getByText('Something has changed since the comparison').waitFor();
      expect(await drawer.getByRole('region', { name: 'Outcome of the comparison' }).count()).toBe(0);
      await drawer.getByText('6 inputs, 12 answers').waitFor();
      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText('0 better, 5 same, 1 worse').waitFor();
      await drawer.getByText('5 of 6 answers differ').waitFor();
      expect(await isInSight(drawer.getByText('5 of 6 answers differ'))).toBe(true);
      await drawer.getByText(/^−\d\.\d\d \(95 % −\d\.\d\d\.\.\+\d\.\d\d\)$/).waitFor();
      expect(model.calls.length - before).toBe(12);
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await drawer.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      await page.setViewportSize({ width: 1440, height: 900 });

      await drawer.getByRole('button', { name: 'worse (1)' }).click();
      await drawer.getByRole('button', { name: 'rows Ulysses' }).click();
      const draft = drawer.getByRole('region', { name: 'Draft' });
      await draft.getByText(LONG).waitFor();
      await draft.getByText(/short@1: /).waitFor();
      await drawer.getByRole('region', { name: 'Published' }).getByText('Read it now').waitFor();
      await expectAccessible(page);

      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText(/^\$0\.00, \$[\d.]+ saved by the ledger$/).waitFor();
      expect(model.calls.length - before).toBe(12);

      // Of another draft it says nothing, until it is compared; taken back, it is the one that was.
      const step = page.getByLabel('Text of step 1');
      await step.fill('A slogan of one line, not of two, for {{rows.title}}.');
      await drawer.getByText('Something has changed since the comparison').waitFor();
      expect(await drawer.getByText('0 better, 5 same, 1 worse').count()).toBe(0);
      await step.fill('A slogan of one line for {{rows.title}}.');
      await drawer.getByText('0 better, 5 same, 1 worse').waitFor();
      // What is compared is what is typed: it is saved before anything is asked.
      await step.fill('A slogan of one line, not of three, for {{rows.title}}.');
      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText('0 better, 5 same, 1 worse').waitFor();
      expect(JSON.stringify(model.calls.at(-1))).toContain('not of three');
      await step.fill('A slogan of one line for {{rows.title}}.');

      await drawer.getByLabel('Note').fill('one line');
      await drawer.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByText('Version 2 never changes').waitFor();
    },
    5 * PATIENCE_MS,
  );

  it(
    'is told beside where it is used, by workflow and block',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/prompts/slogan`);
      await page.getByRole('button', { name: 'Where used (1)' }).focus();
      await page.keyboard.press('Enter');
      const uses = page.getByRole('complementary', { name: 'Where used' });
      await uses.getByText('version 1: say runs slogan').waitFor();
      await expectAccessible(page);
    },
    PATIENCE_MS,
  );

  it('is refused by name where there is nothing to compare', async () => {
    const compare = (body: object): Promise<unknown> => studio.api('POST', '/api/prompt-comparisons', body);

    await expect(compare({ prompt: 'slogan', from: '1', to: '9' })).rejects.toThrow('unknown-prompt');
    await expect(compare({ prompt: 'nobody', to: '1' })).rejects.toThrow('unknown-prompt');
    await expect(compare({ prompt: 'slogan', from: '1', to: '2', evaluators: ['none'] })).rejects.toThrow(
      'unknown-evaluator',
    );
    await expect(compare({ prompt: 'slogan', limit: 0 })).rejects.toThrow('limit must not be less than 1');
  });
});
