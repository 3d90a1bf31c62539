import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, PATIENCE_MS, useStudio } from './support/studio.js';

interface Draft {
  readonly revision: number;
  readonly definition: { blocks: { times?: number }[] };
  readonly yaml: string | null;
}

const written = (id: string): string => `# What the show is made of
kind: workflow
id: ${id}
name: Show # quoted
variables:
  viable: &threshold 0.7 # agreed with the editors
  fair: *threshold
blocks:
  - id: rows # the table
    type: import
    needs: []
    with: { from: table, table: shows }
  - id: slogans
    type: prompt # the expensive one
    times: 2
    with:
      prompt: slogan
`;

describeInBrowser('comments and anchors of a workflow', () => {
  const studio = useStudio();
  let others: BrowserContext;
  let other: Page;

  beforeAll(async () => {
    others = await studio.context.browser()!.newContext({ viewport: { width: 1440, height: 900 } });
    others.setDefaultTimeout(PATIENCE_MS);
    other = await others.newPage();
  }, PATIENCE_MS);
  afterAll(() => others?.close(), PATIENCE_MS);

  const draft = (id: string): Promise<Draft> => studio.api('GET', `/api/workflows/${id}/draft`);
  const editor = (page: Page) => page.getByLabel('The workflow as YAML');
  const textOf = async (page: Page): Promise<string> =>
    (await editor(page).locator('.cm-line').allInnerTexts())
      .map((line) => line.replace(/\n$/, ''))
      .join('\n');
  const shows = (page: Page, part: string): Promise<unknown> =>
    editor(page).locator('.cm-line').filter({ hasText: part }).first().waitFor();
  const open = async (page: Page, id: string): Promise<void> => {
    await page.goto(`${studio.url}/workflows/${id}?view=yaml`);
    await editor(page).waitFor();
  };
  const write = async (page: Page, text: string): Promise<void> => {
    await editor(page).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
  };
  const save = async (page: Page, id: string, part: string): Promise<void> => {
    await page.keyboard.press('ControlOrMeta+s');
    await until(async () => (await draft(id).catch(() => undefined))?.yaml?.includes(part) === true);
    await page.getByText(/^Saved \d/).waitFor();
  };
  /** The text that the steps back which the browser keeps lead from. */
  const keptSteps = (page: Page, id: string): Promise<string | undefined> =>
    page.evaluate(
      (name) =>
        new Promise<string | undefined>((resolve) => {
          const opening = indexedDB.open('keyval-store');
          opening.onsuccess = () => {
            const asked = opening.result.transaction('keyval').objectStore('keyval').get(name);
            asked.onsuccess = () => {
              opening.result.close();
              resolve((asked.result as { text: string } | undefined)?.text);
            };
          };
        }),
      `duofactory-draft/workflows/${id}`,
    );
  const setTimes = async (page: Page, times: string): Promise<void> => {
    await page.getByRole('button', { name: 'List', exact: true }).click();
    await page
      .getByLabel(/^Times/)
      .first()
      .fill(times);
    await page.keyboard.press('Tab');
  };

  it(
    'are seen in every browser, and stay when another changes a field by the form',
    async () => {
      const { page } = studio;
      await open(page, 'shared');
      await write(page, written('shared'));
      await save(page, 'shared', 'times: 2');

      await open(other, 'shared');
      expect(await textOf(other)).toBe(written('shared'));
      await setTimes(other, '7');
      await save(other, 'shared', 'times: 7');
      const text = written('shared').replace('times: 2', 'times: 7');
      expect((await draft('shared')).yaml).toBe(text);

      await open(page, 'shared');
      expect(await textOf(page)).toBe(text);
    },
    2 * PATIENCE_MS,
  );

  it(
    'and the steps of Undo stay when somebody saved the definition alone meanwhile',
    async () => {
      const { page } = studio;
      await open(page, 'away');
      await write(page, written('away'));
      await save(page, 'away', 'times: 2');
      await setTimes(page, '5');
      await save(page, 'away', 'times: 5');
      // What goes back is kept a moment after the last step.
      await until(async () => (await keptSteps(page, 'away'))?.includes('times: 5') === true);
      await page.goto(`${studio.url}/`);

      const { definition, revision } = await draft('away');
      const named = { ...definition, description: 'Of the week' };
      await studio.api(
        'PUT',
        '/api/workflows/away/draft',
        { definition: named },
        { 'if-match': `"${revision}"` },
      );
      await open(page, 'away');

      const text = `${written('away').replace('times: 2', 'times: 5')}description: Of the week`;
      await shows(page, 'description: Of the week');
      expect((await textOf(page)).trimEnd()).toBe(text);

      // A step back takes back what was typed here, and nothing of others; by key, after a reload.
      await page.reload();
      await editor(page).click();
      await page.keyboard.press('ControlOrMeta+z');
      await shows(page, 'times: 2');
      expect((await textOf(page)).trimEnd()).toBe(text.replace('times: 5', 'times: 2'));
      await page.keyboard.press('ControlOrMeta+Shift+z');
      await shows(page, 'times: 5');
    },
    2 * PATIENCE_MS,
  );

  it(
    'are in the version that is published, and in the next draft from it',
    async () => {
      const { page } = studio;
      const yaml = '# Why\nkind: workflow\nid: next\nblocks:\n  - { id: look, type: review } # by people\n';
      await studio.api('POST', '/api/workflows/next/versions', { yaml });

      await open(page, 'next');

      expect(await textOf(page)).toBe(yaml);
    },
    PATIENCE_MS,
  );
});
