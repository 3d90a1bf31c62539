import { beforeAll, expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const definition = {
  ...{ kind: 'workflow', id: 'narrow', name: 'Narrow' },
  blocks: [{ id: 'word', type: 'transform', needs: [], with: { expression: "{ 'text': 'one' }" } }],
};

describeInBrowser('a narrow window', () => {
  const studio = useStudio();
  let run: string;
  beforeAll(async () => {
    run = await runEnded(studio, definition);
    await studio.page.setViewportSize({ width: 390, height: 844 });
  }, 2 * PATIENCE_MS);

  it(
    'has every screen within reach: four in a bar, the others behind one button',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      const screens = page.getByRole('navigation', { name: 'Screens' });
      const links = screens.getByRole('link');
      expect(await links.allInnerTexts()).toEqual(['Home', 'Runs', 'Review', 'Catalog']);

      await screens.getByRole('button', { name: 'More' }).click();
      expect(await links.count()).toBe(8);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await screens.getByRole('button', { name: 'More' }).click();
      await screens.getByRole('link', { name: 'Operations' }).click();
      await page.getByRole('heading', { name: 'Operations' }).waitFor();
      await screens.getByRole('button', { name: 'More' }).waitFor();
      expect(await links.count()).toBe(4);
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is never wider than it is: what is wide scrolls in its own place',
    async () => {
      const { page } = studio;
      const paths = [
        ...['/', '/prompts', '/evaluators', '/runs', '/review', '/catalog', '/sources', '/operations'],
        ...[`/runs/${run}`, `/runs/${run}?view=results`, `/runs/${run}?view=timeline`],
      ];
      for (const path of paths) {
        await page.goto(`${studio.url}${path}`);
        await page.locator('h1').first().waitFor();
        await page.waitForFunction(() => document.querySelector('.skeleton') === null);
        const wide = await page.evaluate(() =>
          [document.documentElement, document.querySelector('.screen')!, document.querySelector('.rail')!]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
        );
        expect([path, wide]).toEqual([path, []]);
      }
    },
    3 * PATIENCE_MS,
  );
});
