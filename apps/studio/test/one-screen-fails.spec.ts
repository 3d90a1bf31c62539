import { expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const RUNS = /\/api\/runs\?/;

describeInBrowser('a screen that cannot be drawn', () => {
  const studio = useStudio();

  it(
    'leaves the frame and the other screens, and is drawn again when there is something to draw',
    async () => {
      const { page } = studio;
      await page.route(RUNS, (route) => route.fulfill({ json: {} }));
      await page.goto(`${studio.url}/runs`);
      await page.getByRole('heading', { name: 'This screen cannot be shown' }).waitFor();
      await expectAccessible(page);

      await page.locator('.rail').getByRole('link', { name: 'Prompts' }).click();
      await page.getByRole('heading', { name: 'Prompts' }).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'This screen cannot be shown' }).waitFor();
      await page.unroute(RUNS);
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();

      expect(await page.getByRole('alert').count()).toBe(0);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is not what removing and moving a block leaves whose settings others use',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/shared?view=yaml`);
      const editor = page.locator('.cm-content');
      await editor.click();
      await page.keyboard.press('ControlOrMeta+a');
      const block = (id: string, settings: string): string =>
        `  - id: ${id}\n    type: transform\n    with: ${settings}\n`;
      await editor.fill(
        `kind: workflow\nid: shared\nblocks:\n${block('first', '&same { expression: "1" }')}${block('second', '*same')}`,
      );
      await page.getByRole('button', { name: 'List' }).click();

      await page.getByRole('button', { name: 'Move first down' }).click();
      await page.getByRole('button', { name: 'Move first up' }).and(page.locator(':enabled')).waitFor();
      await page.getByRole('button', { name: 'Remove second' }).click();
      await page.getByRole('button', { name: 'Remove second' }).waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'YAML' }).click();

      await editor.getByText('with: &same { expression: "1" }').waitFor();
      expect(await editor.getByText('id: first').count()).toBe(1);
    },
    2 * PATIENCE_MS,
  );
});
