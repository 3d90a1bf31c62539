import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const SAVES = '**/api/prompts/*/draft';

describeInBrowser('two tabs of one browser', () => {
  const studio = useStudio();
  let other: Page;

  const step = (page: Page, n: number) => page.getByLabel(`Text of step ${n}`);
  const write = async (page: Page, n: number, text: string): Promise<void> => {
    await step(page, n).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
  };
  const savesFail = (): Promise<unknown> =>
    studio.context.route(SAVES, (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.fallback(),
    );
  const texts = async (id: string): Promise<string[]> =>
    (
      await studio.api<{ definition: { steps: { text: string }[] } }>('GET', `/api/prompts/${id}/draft`)
    ).definition.steps.map(({ text }) => text);
  const both = async (id: string): Promise<void> => {
    await studio.api('POST', `/api/prompts/${id}/versions`, {
      definition: {
        ...{ kind: 'prompt', id, model: { name: 'default' }, output: 'text' },
        steps: [
          { type: 'system', text: 'Be kind.' },
          { type: 'user', text: 'Say hello.' },
        ],
      },
    });
    for (const page of [studio.page, other]) {
      await page.goto(`${studio.url}/prompts/${id}`);
      await step(page, 2).waitFor();
    }
  };

  beforeAll(async () => {
    other = await studio.context.newPage();
  });

  it(
    'keep what each typed: a reload in the middle of a conflict forgets neither',
    async () => {
      const { page } = studio;
      await both('clash');
      await write(page, 1, 'Be brief.');
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText(/^Saved \d/).waitFor();
      await write(other, 1, 'Be funny.');
      await other.keyboard.press('ControlOrMeta+s');
      const clash = other.getByRole('alert', { name: 'Changed by both' });
      await clash.waitFor();

      await other.reload();
      await clash.getByRole('group', { name: 'Step 1, text, theirs' }).getByText('Be brief.').waitFor();
      const typed = await step(other, 1).innerText();
      await clash.getByRole('button', { name: 'Keep mine of Step 1' }).click();
      await other.getByText(/^Saved \d/).waitFor();

      expect(typed).toBe('Be funny.');
      expect(await texts('clash')).toEqual(['Be funny.', 'Say hello.']);
    },
    2 * PATIENCE_MS,
  );

  it(
    'keep what each typed where nothing could be saved, and come together when it can',
    async () => {
      const { page } = studio;
      await both('apart');
      await savesFail();
      await write(page, 1, 'Be brief.');
      await write(other, 2, 'Say good night.');
      for (const each of [page, other]) {
        await each.keyboard.press('ControlOrMeta+s');
        await each.getByText('Not saved: retry').waitFor();
      }
      for (const each of [page, other]) await each.reload();
      await step(page, 1).getByText('Be brief.').waitFor();
      await step(other, 2).getByText('Say good night.').waitFor();

      await studio.context.unroute(SAVES);
      for (const each of [page, other]) {
        await each.keyboard.press('ControlOrMeta+s');
        await each.getByText(/^Saved/).waitFor();
      }
      expect(await texts('apart')).toEqual(['Be brief.', 'Say good night.']);
    },
    2 * PATIENCE_MS,
  );

  it(
    'leave what they had not saved to the next one that comes, one after the other',
    async () => {
      await both('left');
      const late = await studio.context.newPage();
      await late.goto(`${studio.url}/prompts/left`);
      await step(late, 2).waitFor();
      await savesFail();
      await write(other, 1, 'Be brief.');
      await write(late, 2, 'Say good night.');
      for (const each of [other, late]) {
        await each.keyboard.press('ControlOrMeta+s');
        await each.getByText('Not saved: retry').waitFor();
        await each.close();
      }

      const { page } = studio;
      await page.goto(`${studio.url}/prompts/left`);
      await step(page, 2).getByText('Say good night.').waitFor();
      await page.getByText('A tab that is closed left more that is not saved').waitFor();
      await expectAccessible(page);
      await studio.context.unroute(SAVES);
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText(/^Saved/).waitFor();
      await page.getByRole('button', { name: 'Bring it in' }).click();
      await step(page, 1).getByText('Be brief.').waitFor();
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText(/^Saved \d/).waitFor();

      expect(await texts('left')).toEqual(['Be brief.', 'Say good night.']);
    },
    2 * PATIENCE_MS,
  );
});
