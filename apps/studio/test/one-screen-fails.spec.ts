import { expect, it } from '@jest/globals';
import type { Route } from 'playwright-core';
import { runEnded } from './support/runs.js';
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
    'has its error where it is, with a way to try again, and what is known beside it',
    async () => {
      const { page } = studio;
      const transform = { id: 'say', type: 'transform', with: { expression: "{ 'said': 1 }" } };
      await runEnded(studio, { kind: 'workflow', id: 'known', name: 'Known', blocks: [transform] });
      const refused = (route: Route): Promise<void> => route.fulfill({ status: 500, body: '' });
      const types = /\/api\/block-types$/;
      await page.route(types, refused);
      await page.goto(`${studio.url}/workflows/known?block=say`);
      await page.getByRole('alert').getByText('The server answered 500').waitFor();
      expect(await page.getByText('No service has announced').count()).toBe(0);
      await expectAccessible(page);
      await page.unroute(types);
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByRole('button', { name: 'IMPORT' }).waitFor();

      const workflows = /\/api\/workflows$/;
      await page.route(workflows, refused);
      await page.goto(studio.url);
      const list = page.getByRole('region', { name: 'Workflows' });
      await list.getByRole('alert').waitFor();
      await page.getByRole('link', { name: /^known@/ }).waitFor();
      await page.getByRole('link', { name: '1 succeeded today' }).waitFor();
      await page.unroute(workflows);
      await list.getByRole('button', { name: 'Retry' }).click();
      await list.getByRole('link', { name: 'Known', exact: true }).waitFor();

      const counts = /\/api\/runs\/counts/;
      await page.route(counts, refused);
      await page.reload();
      await page.getByRole('alert').waitFor();
      await page.getByRole('link', { name: '- succeeded today' }).waitFor();
      await page.unroute(counts);
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByRole('link', { name: '1 succeeded today' }).waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'of a start says that there is no draft, and offers what there is',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/known/start?version=draft`);
      await page.getByText('This workflow has no draft').waitFor();
      await expectAccessible(page);
      const version = page.getByLabel('Version');
      await version.selectOption('Version 1');
      await page.getByRole('button', { name: 'Start', exact: true }).waitFor();

      expect(await version.locator('option').allTextContents()).toEqual(['Latest: version 1', 'Version 1']);
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
