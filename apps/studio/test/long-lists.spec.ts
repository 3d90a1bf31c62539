import { expect, it, beforeAll } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';
import { runEnded } from './support/runs.js';

const WORDS = 10_000;
const MOST_ROWS = 80;
const LONG = 500_000;

/** A task for each of ten thousand words; and one result of twenty megabytes. */
const blocks = [
  { id: 'word', type: 'import', with: { from: 'table', table: 'words' } },
  { id: 'upper', type: 'transform', with: { expression: '{ "text": $uppercase(word.text) }' } },
];
const longBlocks = [
  { id: 'book', type: 'import', with: { from: 'table', table: 'book' } },
  {
    id: 'shelf',
    type: 'transform',
    with: { expression: `{ "text": ${Array(40).fill('book.text').join(' & ')} }` },
  },
];

describeInBrowser('what is long', () => {
  const studio = useStudio();

  beforeAll(async () => {
    const words = Array.from({ length: WORDS }, (_, n) => ({ text: `word ${n + 1}` }));
    await studio.api('PUT', '/api/tables/words', words);
    await studio.api('PUT', '/api/tables/book', [{ text: 'a page '.repeat(LONG / 7).padEnd(LONG, '.') }]);
  }, PATIENCE_MS);

  it(
    'is a table of which few rows are in the page, found by the server',
    async () => {
      const { page } = studio;
      const run = await runEnded(studio, { kind: 'workflow', id: 'words', blocks });
      await page.goto(`${studio.url}/runs/${run}?block=upper`);
      const tasks = page.getByRole('complementary', { name: 'Block upper' });
      await tasks.getByRole('link', { name: 'word 1', exact: true }).waitFor();
      await expectAccessible(page);

      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await tasks.getByRole('link', { name: 'word 2', exact: true }).and(page.locator(':focus')).waitFor();
      await page.keyboard.press('/');
      await tasks.getByLabel('Find a task').and(page.locator(':focus')).waitFor();

      const rows = tasks.locator('tbody tr:not(.room)');
      const drawer = await tasks.elementHandle();
      for (let seen = 0; seen < WORDS;) {
        const lastRow = await page.waitForFunction(
          ([element, before]) => {
            element.scrollTo({ top: element.scrollHeight });
            const last = [...element.querySelectorAll('tbody tr[aria-rowindex]')].at(-1);
            const nth = Number(last?.getAttribute('aria-rowindex')) - 1;
            return nth > before ? nth : false;
          },
          [drawer, seen] as const,
        );
        seen = Number(await lastRow.jsonValue());
        expect(await rows.count()).toBeLessThan(MOST_ROWS);
      }

      expect(await tasks.getByRole('table').getAttribute('aria-rowcount')).toBe(String(WORDS + 1));
      await tasks.evaluate((drawer) => drawer.scrollTo({ top: 0 }));
      await tasks.getByLabel('Find a task').fill('7777');
      await tasks.getByRole('link', { name: 'word 7777', exact: true }).waitFor();
      expect(await rows.count()).toBe(1);
      // Of the address: it is found again there.
      await page.waitForURL(/find=%227777%22/);
      await page.reload();
      await tasks.getByRole('link', { name: 'word 7777', exact: true }).waitFor();
      expect(await rows.count()).toBe(1);
      expect(await tasks.getByLabel('Find a task').inputValue()).toBe('7777');
    },
    3 * PATIENCE_MS,
  );

  it(
    'is a result that opens cut',
    async () => {
      const { page } = studio;
      const run = await runEnded(studio, { kind: 'workflow', id: 'shelf', blocks: longBlocks });
      await page.goto(`${studio.url}/runs/${run}?view=results&block=shelf`);

      await page.getByRole('button', { name: 'Load 20.0 MB' }).click();
      await page.getByRole('button', { name: 'Load all 20,000,000 characters' }).waitFor();

      expect(await page.evaluate(() => document.body.innerText.length)).toBeLessThan(200_000);
    },
    2 * PATIENCE_MS,
  );
});
