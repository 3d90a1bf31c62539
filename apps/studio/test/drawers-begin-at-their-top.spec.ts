import { beforeAll, expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

const ROWS = Array.from({ length: 60 }, (_, n) => ({ id: `row-${n}`, title: `Title ${n}` }));
const copies = Array.from({ length: 12 }, (_, n) => ({
  ...{ id: `copy_${n}`, type: 'transform' },
  with: { expression: "{ 'said': row.title }" },
}));
const definition = {
  ...{ kind: 'workflow', id: 'long', name: 'Long' },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'rows', rowId: 'id' } },
    ...copies,
  ],
};

describeInBrowser('a drawer', () => {
  const studio = useStudio();
  let run: string;
  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/rows', ROWS);
    run = await runEnded(studio, definition);
  }, 2 * PATIENCE_MS);

  it(
    'of another block begins at its top, wherever that of the block before was read',
    async () => {
      const { page } = studio;
      await page.setViewportSize({ width: 1440, height: 420 });
      await page.goto(`${studio.url}/workflows/long?block=row`);
      const drawer = page.getByRole('complementary', { name: 'Settings of row' });
      await drawer.evaluate(
        (element) =>
          new Promise<void>((scrolled) => {
            const scroll = (): void => {
              element.scrollTop = 200;
              if (element.scrollTop === 200) scrolled();
              else requestAnimationFrame(scroll);
            };
            scroll();
          }),
      );
      await page.getByRole('list', { name: 'Blocks' }).getByText('copy_0', { exact: true }).click();
      const other = page.getByRole('complementary', { name: 'Settings of copy_0' });
      await other.getByRole('heading', { name: 'copy_0' }).waitFor();
      await page.waitForURL(/block=copy_0/);
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );

      expect(await other.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    },
    2 * PATIENCE_MS,
  );

  it(
    'stands above the list where there is little room, and is where the person looks',
    async () => {
      const { page } = studio;
      await page.setViewportSize({ width: 390, height: 844 });
      for (const [path, name, next] of [
        [`/workflows/long`, 'Settings of', page.getByRole('list', { name: 'Blocks' })],
        [`/runs/${run}`, 'Block', page.getByRole('region', { name: 'Blocks' })],
      ] as const) {
        await page.goto(`${studio.url}${path}`);
        await next.getByText('copy_11', { exact: true }).click();
        const heading = page
          .getByRole('complementary', { name: `${name} copy_11` })
          .getByRole('heading', { name: 'copy_11' });
        await heading.waitFor();
        await page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        );

        expect([path, await isInSight(heading)]).toEqual([path, true]);
      }
    },
    2 * PATIENCE_MS,
  );
});
