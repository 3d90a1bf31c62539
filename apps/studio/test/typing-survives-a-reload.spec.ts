import { beforeAll, expect, it } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { episodesPublished } from './support/episodes.js';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const greeting = {
  ...{ kind: 'workflow', id: 'greeting', name: 'Greeting', inputs: { name: { type: 'string' } } },
  blocks: [{ id: 'greet', type: 'transform', needs: [], with: { expression: "{ 'text': name }" } }],
};

describeInBrowser('what is typed in a form', () => {
  const studio = useStudio();
  let run: string;

  beforeAll(async () => {
    run = await runEnded(studio, greeting, { name: 'Ana' });
  }, PATIENCE_MS);

  /** Types into the field, and finds it there again after a reload. `open` leads to the field. */
  const survives = async (path: string, open: () => Promise<Locator>, text: string): Promise<void> => {
    const { page } = studio;
    await page.goto(`${studio.url}${path}`);
    const field = await open();
    await field.fill(text);
    await page.reload();
    const again = await open();
    await again.waitFor();
    expect(await again.inputValue()).toBe(text);
  };
  const pressed = async (name: string): Promise<void> =>
    studio.page.getByRole('button', { name, exact: true }).click();

  it(
    'survives a reload: a note, a sheet, an address, an upload, a schedule, a trigger, inputs of a rerun',
    async () => {
      const { page } = studio;
      const builder = '/workflows/greeting';
      await survives(
        `${builder}?panel=publish`,
        () => Promise.resolve(page.getByLabel('Note')),
        'Greets Ana first',
      );
      await survives(
        '/sources?add=sheet',
        () => Promise.resolve(page.getByLabel('Spreadsheet')),
        'a-spreadsheet',
      );
      await studio.api('POST', '/api/prompts/look/versions', {
        definition: {
          ...{ kind: 'prompt', id: 'look', model: { name: 'default' }, output: 'text' },
          steps: [{ type: 'user', text: 'Look. {{image:map}}' }],
        },
      });
      await survives(
        '/prompts/look',
        () => Promise.resolve(page.getByLabel('Address of the image map')),
        'https://example.org/m',
      );
      const upload = page.getByRole('region', { name: 'Upload a file' });
      await survives('/sources?add=file', () => Promise.resolve(upload.getByLabel('Id')), 'a-table');
      for (const kind of ['schedule', 'trigger'])
        await survives(
          `${builder}?panel=starts`,
          async () => {
            await pressed(`New ${kind}`);
            return page.getByRole('form', { name: `New ${kind}` }).getByLabel('Id');
          },
          `greet-by-${kind}`,
        );
      await survives(
        `/runs/${run}`,
        async () => {
          await pressed('Rerun from…');
          return page.getByRole('dialog', { name: 'Rerun' }).getByLabel('Name');
        },
        'Ben',
      );
    },
    3 * PATIENCE_MS,
  );

  it(
    'survives it where it stands in a row or in the head of a screen, and gives the focus back',
    async () => {
      const { page } = studio;
      await episodesPublished(studio, 'shows', [
        {
          ...{ id: '1', node: 'n', nodeName: 'Node', slot: 1, wrapper: 'Slow News', title: 'Hola' },
          viability: 1,
        },
      ]);
      /** Types into the field that a press opens, reloads, and leaves it by Escape. */
      const inPlace = async (path: string, open: Locator, field: Locator, text: string): Promise<void> => {
        await page.goto(`${studio.url}${path}`);
        await open.click();
        await field.fill(text);
        await page.reload();
        await field.waitFor();
        expect(await field.inputValue()).toBe(text);
        await field.press('Escape');
        await open.waitFor();
        expect(await open.evaluate((button) => button === document.activeElement)).toBe(true);
        await page.reload();
        await open.waitFor();
      };
      const catalog = '/catalog/dev/en-es';
      const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
      await inPlace(catalog, button('Rename Hola'), page.getByLabel('Name of Hola'), 'Hola y adi');
      await inPlace(catalog, button('Slot 1 of Hola: change'), page.getByLabel('Slot of Hola'), '12');
      await inPlace('/prompts/look', button('Rename map'), page.getByLabel('New name of map'), 'city-m');
      await inPlace('/prompts/look', button(/^as /), page.getByLabel(/^Your name/), 'An');
      await inPlace(
        '/runs?status=failed',
        button('Save this view'),
        page.getByLabel('Name of the view'),
        'Failed th',
      );
      await survives('/prompts', () => Promise.resolve(page.getByLabel('Id of a new prompt')), 'a-new-pro');
    },
    3 * PATIENCE_MS,
  );

  it(
    'survives it half-typed, too, and is not called saved before it can be read',
    async () => {
      const { page } = studio;
      await studio.api('POST', '/api/prompts/answer/versions', {
        definition: {
          ...{ kind: 'prompt', id: 'answer', model: { name: 'default' } },
          steps: [{ type: 'user', text: 'Greet.' }],
          output: { schema: { type: 'object', properties: {}, additionalProperties: false } },
        },
      });
      const schema = page.getByLabel('JSON Schema of the answer');
      const open = async (): Promise<void> => {
        await page.getByText('Output Variables', { exact: true }).click();
        await schema.waitFor();
      };
      const type = async (text: string): Promise<void> => {
        await schema.click();
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.insertText(text);
      };
      const unread = page.getByText('Not saved: a text cannot be read yet');
      await page.goto(`${studio.url}/prompts/answer`);
      await open();
      await type('{ "type": ');
      await unread.waitFor();
      await page.reload();
      await open();
      await schema.getByText('{ "type":').waitFor();
      await unread.waitFor();
      await expectAccessible(page);

      await type('{ "type": "object", "additionalProperties": false }');
      await page.getByText(/^Saved \d/).waitFor();
      expect(await unread.count()).toBe(0);
    },
    2 * PATIENCE_MS,
  );

  it(
    'survives it in a browser whose store is full; where there is no room at all, that is said',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/sources?add=sheet`);
      const field = page.getByLabel('Spreadsheet');
      await field.waitFor();
      const fill = (store: 'localStorage' | 'sessionStorage'): Promise<void> =>
        page.evaluate((name) => {
          for (let size = 1 << 22; size >= 1;)
            try {
              window[name].setItem(`full-${Math.random()}`, 'x'.repeat(size));
            } catch {
              size >>= 1;
            }
        }, store);
      await fill('localStorage');
      await field.fill('typed-into-a-full-store');
      await page.reload();
      await field.waitFor();
      expect(await field.inputValue()).toBe('typed-into-a-full-store');
      expect(await page.getByText('This browser has no room').count()).toBe(0);

      await fill('sessionStorage');
      await field.fill('typed-where-there-is-no-room-at-all-for-one-more-word');
      await page.getByRole('alert').getByText('This browser has no room to keep what you type').waitFor();
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );
});
