import { beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const definition = {
  ...{ kind: 'workflow', id: 'steps', name: 'Steps' },
  blocks: [
    { id: 'sc', type: 'transform', needs: [], with: { expression: "'a'\n& 'b'" } },
    { id: 'scr', type: 'transform', needs: ['sc'], with: { expression: "'c'" } },
    { id: 'last', type: 'transform', needs: ['scr', 'nowhere'], with: { expression: "'d'" } },
  ],
};

describeInBrowser('the settings of a block keep what is typed', () => {
  const studio = useStudio();
  const panel = () => studio.page.getByRole('complementary');
  const open = async (block: string): Promise<void> => {
    await studio.page.goto(`${studio.url}/workflows/steps?block=${block}`);
    await panel().getByLabel('Name', { exact: true }).first().waitFor();
  };
  const yaml = async (): Promise<string> => {
    await studio.page.getByRole('button', { name: 'YAML', exact: true }).click();
    return studio.page.locator('.cm-content').innerText();
  };

  beforeAll(async () => {
    await studio.api('PUT', '/api/workflows/steps/draft', { definition }, { 'if-none-match': '*' });
  }, PATIENCE_MS);

  it(
    'however long it gets',
    async () => {
      const { page } = studio;
      await open('scr');
      const long = `'${'as long as a sentence may be '.repeat(4)}'`;
      await panel()
        .getByLabel(/^Expression/)
        .focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type(long);
      expect(
        await panel()
          .getByLabel(/^Expression/)
          .inputValue(),
      ).toBe(long);

      for (let n = 0; n < 80; n += 1) await page.keyboard.press('Backspace');
      await page.keyboard.type("'");
      const short = `${long.slice(0, -80)}'`;
      expect(
        await panel()
          .getByLabel(/^Expression/)
          .inputValue(),
      ).toBe(short);
      expect(await yaml()).toContain(short);
    },
    PATIENCE_MS,
  );

  it(
    'stand in the order of their manifest, and what a list may name is added by a press',
    async () => {
      const { page } = studio;
      const rows = {
        ...{ kind: 'workflow', id: 'ordered' },
        blocks: [
          { id: 'rows', type: 'import', needs: [], with: { from: 'table' } },
          { id: 'ask', type: 'prompt', with: { prompt: 'nobody-wrote-it' }, times: 2 },
          { id: 'judge', type: 'evaluate', with: {} },
        ],
      };
      await studio.api('POST', '/api/samples/duoradio');
      await studio.api('PUT', '/api/workflows/ordered/draft', { definition: rows }, { 'if-none-match': '*' });
      await page.goto(`${studio.url}/workflows/ordered?block=rows`);
      await panel().getByLabel('From', { exact: false }).first().waitFor();
      const labels = await panel().locator('label').allInnerTexts();
      expect(labels.map((label) => label.replace(' *', '')).slice(0, 5)).toEqual([
        ...['Name', 'From', 'Course', 'Table', 'Where'],
      ]);

      await page.goto(`${studio.url}/workflows/ordered?block=judge`);
      const evaluators = panel().getByRole('textbox', { name: 'Evaluators' });
      await panel().getByRole('button', { name: 'Add level to Evaluators' }).click();
      await panel().getByRole('button', { name: 'Add naturalness to Evaluators' }).click();
      expect(await evaluators.inputValue()).toBe('level\nnaturalness');
      expect(await panel().getByRole('button', { name: 'Add level to Evaluators' }).count()).toBe(0);
      await expectAccessible(page);

      // What is wrong does not tear a sentence apart.
      const times = page.getByLabel('Times of ask');
      const fault = page
        .getByRole('listitem')
        .filter({ has: times })
        .getByText('nobody-wrote-it', { exact: false });
      const [field, told] = [await times.boundingBox(), await fault.first().boundingBox()];
      expect(told!.y).toBeGreaterThanOrEqual(field!.y + field!.height);
    },
    2 * PATIENCE_MS,
  );

  it(
    'and the line breaks of a short one',
    async () => {
      const { page } = studio;
      await open('sc');
      await panel()
        .getByLabel(/^Expression/)
        .focus();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.type(' ');
      expect(
        await panel()
          .getByLabel(/^Expression/)
          .inputValue(),
      ).toBe("'a'\n& 'b' ");
    },
    PATIENCE_MS,
  );

  it(
    'an id counts once it is settled, and another block keeps its own',
    async () => {
      const { page } = studio;
      await open('scr');
      await panel().getByText('Order, conditions and errors').click();
      const id = panel().getByLabel('Id', { exact: true });
      await id.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await panel().getByText('Another block is called "sc"').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Enter');
      expect(await panel().getByRole('heading', { name: 'scr' }).count()).toBe(1);

      await page.keyboard.type('ene');
      await page.keyboard.press('Enter');
      await panel().getByRole('heading', { name: 'scene' }).waitFor();
      expect(await id.evaluate((field) => field === document.activeElement)).toBe(true);
      const text = await yaml();
      expect(text).toMatch(/id: scene\s+type: transform\s+needs:\s+(\[ ?|- )sc\b/);
      expect(text).toMatch(/id: last\s+type: transform\s+needs:\s+(\[ ?|- )scene\b/);
    },
    PATIENCE_MS,
  );

  it(
    'a fault of its order is in sight, and so are these settings at the next block',
    async () => {
      const { page } = studio;
      await open('last');
      await page.getByRole('button', { name: 'SAVE', exact: true }).click();
      await panel().locator('textarea[aria-invalid="true"]').waitFor();
      expect(await panel().getByLabel('Needs').getAttribute('aria-invalid')).toBe('true');

      await page
        .getByRole('list', { name: 'Blocks' })
        .getByRole('button', { name: 'sc', exact: true })
        .click();
      await panel().getByRole('heading', { name: 'sc', exact: true }).waitFor();
      expect(await panel().getByLabel('Waits for').isVisible()).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'a manifest alone draws objects, lists of objects, forms to choose from, limits and what may be null',
    async () => {
      const { page } = studio;
      await page.route('**/api/block-types', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.json()) as { blockTypes: { manifest: { type: string; with: object } }[] };
        body.blockTypes.find(({ manifest }) => manifest.type === 'transform')!.manifest.with = drawn;
        await route.fulfill({ response: answer, json: body });
      });
      await open('sc');
      const form = panel();
      await form.getByLabel('Share').fill('1.5');
      await form.getByText('It must be 0 to 1').waitFor();
      await form.getByLabel('Share').fill('0.5');
      await form.getByLabel('Note').fill('12');
      await form.getByLabel('Level').selectOption('2');
      await form.getByRole('group', { name: 'Voice' }).getByLabel('Pace').fill('2');
      await form.getByRole('button', { name: 'Add to Lines' }).click();
      await form.getByRole('group', { name: 'Lines 1' }).getByLabel('Text').fill('Hola');
      await form.getByLabel('Form of Target').selectOption('sheet');
      await form.getByLabel('Tab').fill('A');
      await expectAccessible(page);

      const text = await yaml();
      for (const said of [
        'share: 0.5',
        'note: "12"',
        'level: 2',
        'pace: 2',
        'text: Hola',
        'kind: sheet',
        'tab: A',
      ])
        expect(text).toContain(said);
      await page.unroute('**/api/block-types');
    },
    PATIENCE_MS,
  );

  it(
    'half-typed, as an id that is to be another one: over a reload, until it counts or is taken back',
    async () => {
      const { page } = studio;
      await open('sc');
      const id = panel().getByLabel('Id', { exact: true });
      const unfold = (): Promise<void> =>
        panel()
          .locator('details', { hasText: 'Order, conditions and errors' })
          .evaluate((details: HTMLDetailsElement) => void (details.open = true));
      await unfold();
      await id.fill('script-of-the');
      await page.reload();
      // What waits there is in sight.
      await id.waitFor();
      expect(await id.inputValue()).toBe('script-of-the');

      await id.fill('sc');
      await page.reload();
      await unfold();
      expect(await id.inputValue()).toBe('sc');
    },
    PATIENCE_MS,
  );

  it(
    'and show what was said apart from an example and from what holds where nothing is said',
    async () => {
      const { page } = studio;
      const named = {
        ...{ kind: 'workflow', id: 'unsaid' },
        blocks: [
          { id: 'row', type: 'transform', needs: [], with: { expression: "'a'" } },
          { id: 'best', type: 'select', with: { by: 'row.score', top: 1 } },
          { id: 'judge', type: 'evaluate', with: { evaluators: ['level'] } },
        ],
      };
      await studio.api('PUT', '/api/workflows/unsaid/draft', { definition: named }, { 'if-none-match': '*' });
      await page.goto(`${studio.url}/workflows/unsaid?block=judge`);
      const where = page.getByLabel('Where of best');
      await where.waitFor();
      expect(await where.getAttribute('placeholder')).toMatch(/^e\.g\. /);
      expect(await panel().getByLabel('Pass at').getAttribute('placeholder')).toBe('0.7 (default)');
    },
    PATIENCE_MS,
  );

  it(
    'half-typed YAML waits at its block: over a reload, another block and another name, and not at a block of that name',
    async () => {
      const { page } = studio;
      await page.route('**/api/block-types', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.json()) as { blockTypes: { manifest: { type: string; with: object } }[] };
        body.blockTypes.find(({ manifest }) => manifest.type === 'transform')!.manifest.with = free;
        await route.fulfill({ response: answer, json: body });
      });
      const cards = page.getByRole('list', { name: 'Blocks' });
      const field = panel().getByLabel('Extra', { exact: false });
      const expectTyped = async (text: string): Promise<void> => {
        await field.waitFor();
        expect(await field.inputValue()).toBe(text);
      };
      const unread = page.getByText('Not saved: a text cannot be read yet');
      const half = '{ "voice": "Lily", "pace": [1,';
      await open('last');
      await expectTyped('');
      await field.fill(half);
      await panel().getByText('This is no YAML yet').waitFor();
      await page.reload();
      await expectTyped(half);
      await unread.waitFor();

      await cards.getByRole('button', { name: 'sc', exact: true }).click();
      await panel().getByRole('heading', { name: 'sc', exact: true }).waitFor();
      await expectTyped('');
      // Out of sight, it is no more saved than before.
      await page.getByText('Not saved: a text cannot be read yet, of last').waitFor();
      await cards.getByRole('button', { name: 'last', exact: true }).click();
      await panel().getByRole('heading', { name: 'last', exact: true }).waitFor();
      await expectTyped(half);

      const id = panel().getByLabel('Id', { exact: true });
      await id.fill('transform');
      await id.press('Enter');
      await panel().getByRole('heading', { name: 'transform', exact: true }).waitFor();
      await page.reload();
      await expectTyped(half);

      await page.getByRole('button', { name: 'Remove transform' }).click();
      await panel().waitFor({ state: 'detached' });
      await unread.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await cards.getByRole('button', { name: 'transform', exact: true }).click();
      await expectTyped(half);
      await page.getByRole('button', { name: 'Remove transform' }).click();
      await page.getByRole('combobox', { name: 'CUSTOM' }).fill('transform');
      await page.keyboard.press('Enter');
      await panel().getByRole('heading', { name: 'transform', exact: true }).waitFor();
      await expectTyped('');

      await field.fill('pace: [1, 2]');
      await page.reload();
      await expectTyped('pace:\n  - 1\n  - 2');
      expect(await unread.count()).toBe(0);
      await page.unroute('**/api/block-types');
    },
    2 * PATIENCE_MS,
  );
});

/** A setting that no form draws. */
const free = { type: 'object', properties: { extra: { type: 'object' } } };

/** What a type of another service may announce. */
const drawn = {
  type: 'object',
  properties: {
    share: { type: 'number', minimum: 0, maximum: 1 },
    note: { type: ['string', 'null'] },
    level: { enum: [1, 2, 3] },
    voice: { type: 'object', properties: { pace: { type: 'number' } } },
    lines: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } },
    target: {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'file' }, name: { type: 'string' } } },
        { type: 'object', properties: { kind: { const: 'sheet' }, tab: { type: 'string' } } },
      ],
    },
  },
};
