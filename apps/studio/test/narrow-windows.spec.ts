import { beforeAll, expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** With no place to break it. */
const UNBROKEN = 'n'.repeat(180);
const definition = {
  ...{ kind: 'workflow', id: 'narrow', name: UNBROKEN, description: UNBROKEN },
  inputs: { unit: { type: 'string', default: UNBROKEN } },
  blocks: [
    { id: 'word', type: 'transform', needs: [], with: { expression: `{ 'text': '${UNBROKEN}' }` } },
    { id: 'say', type: 'prompt', with: { prompt: 'say' } },
    { id: 'best', type: 'select', with: { by: 'say.text', top: 1 } },
  ],
};
const prompt = {
  ...{ kind: 'prompt', id: 'say', name: UNBROKEN, model: { name: 'default' }, output: 'text' },
  steps: [{ type: 'user', text: `Say {{word.text}} and ${UNBROKEN}` }],
};

describeInBrowser('a narrow window', () => {
  const studio = useStudio();
  let run: string;
  let other: string;
  beforeAll(async () => {
    await studio.api('POST', '/api/prompts/say/versions', { definition: prompt });
    run = await runEnded(studio, definition);
    other = await runEnded(studio, definition);
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

  it.each([390, 1440])(
    'of %i px is never wider than it is: what is wide scrolls in its own place, and no control lies outside',
    async (width) => {
      const { page } = studio;
      await page.setViewportSize({ width, height: 844 });
      const paths = [
        ...['/', '/prompts', '/evaluators', '/runs', '/review', '/catalog', '/sources', '/operations'],
        ...[`/runs/${run}`, `/runs/${run}?view=results`, `/runs/${run}?view=timeline`],
        ...[`/runs/${run}?view=lineage&block=say`, `/runs/${run}?view=compare&with=${other}`],
        ...['', '?block=say', '?view=canvas', '?view=yaml', '?panel=versions', '?panel=starts', '/start'].map(
          (place) => `/workflows/narrow${place}`,
        ),
        ...['', '?panel=publish', '?panel=inputs'].map((place) => `/prompts/say${place}`),
      ];
      for (const path of paths) {
        await page.goto(`${studio.url}${path}`);
        await page.locator('h1').first().waitFor({ state: 'attached' });
        await page.waitForFunction(() => document.querySelector('.skeleton') === null);
        const wide = await page.evaluate(() =>
          [document.documentElement, document.querySelector('.screen')!, document.querySelector('.rail')!]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => `${element.tagName} ${element.scrollWidth} > ${element.clientWidth}`),
        );
        expect([path, wide]).toEqual([path, []]);
        expect([path, await page.evaluate(controlsOutside)]).toEqual([path, []]);
      }
    },
    3 * PATIENCE_MS,
  );

  it(
    'of 390 px leaves most of itself to what a screen is for: heads are short, the palette is a line',
    async () => {
      const { page } = studio;
      await page.setViewportSize({ width: 390, height: 844 });
      const heightOf = async (path: string, title: string): Promise<number> => {
        await page.goto(`${studio.url}${path}`);
        const head = page.locator('.head').first();
        await page.getByRole('heading', { name: title }).first().waitFor({ state: 'attached' });
        return (await head.boundingBox())!.height;
      };
      expect(await heightOf('/review', 'Review')).toBeLessThan(50);
      expect(await heightOf('/catalog/dev/en-es', 'DuoRadio / Dev')).toBeLessThan(90);
      await page.getByRole('button', { name: 'FILTER' }).waitFor();

      await page.goto(`${studio.url}/workflows/narrow`);
      const first = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem').first();
      await first.waitFor();
      await page.getByRole('button', { name: 'VIEW RESULTS' }).or(page.getByText('VIEW RESULTS')).waitFor();
      expect((await first.boundingBox())!.y).toBeLessThan(844 / 3);
      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      await page.getByRole('complementary', { name: 'Publish version' }).waitFor();
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );

  /** What is pressed or typed in and lies beyond the window, where nothing around it scrolls. */
  function controlsOutside(): string[] {
    const screen = document.querySelector('.screen')!;
    const scrolls = (part: Element): boolean => {
      for (let around = part.parentElement; around && around !== screen; around = around.parentElement)
        if (getComputedStyle(around).overflowX !== 'visible') return true;
      return false;
    };
    return [...screen.querySelectorAll('button, a, input:not(.hidden), select, textarea')]
      .filter((control) => {
        const { left, right, width } = control.getBoundingClientRect();
        return width > 0 && (left < 0 || right > innerWidth + 1) && !scrolls(control);
      })
      .map((control) => control.ariaLabel ?? control.textContent);
  }
});
