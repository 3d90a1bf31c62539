import { beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** It waits for a person, so that there is something to cancel. */
const waiting = {
  ...{ kind: 'workflow', id: 'waiting', name: 'Waiting' },
  blocks: [{ id: 'ask', type: 'review', needs: [] }],
};
const quick = {
  ...{ kind: 'workflow', id: 'quick', name: 'Quick' },
  blocks: [{ id: 'word', type: 'transform', needs: [], with: { expression: "{ 'text': 'one' }" } }],
};

describeInBrowser('many runs', () => {
  const studio = useStudio();
  const start = async (workflow: string): Promise<string> =>
    (await studio.api<{ id: string }>('POST', '/api/runs', { workflow, inputs: {} })).id;
  const statusOf = async (run: string): Promise<string> =>
    (await studio.api<{ status: string }>('GET', `/api/runs/${run}`)).status;

  beforeAll(async () => {
    await publishedOnceKnown(studio, waiting);
    await publishedOnceKnown(studio, quick);
  }, PATIENCE_MS);

  it(
    'are walked and chosen by keys, and cancelled and retried together: each where its state allows it',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const done = await start('quick');
      const open = [await start('waiting'), await start('waiting'), await start('waiting')];
      await page.goto(`${studio.url}/runs`);
      const rows = page.getByRole('region', { name: 'Runs' }).locator('tbody tr:not(.room)');
      await rows.nth(3).waitFor();
      await rows.nth(3).getByText('Succeeded').waitFor();
      const focused = (nth: number): Promise<void> => rows.nth(nth).locator('a:focus').waitFor();

      await keyboard.press('j');
      await focused(0);
      await keyboard.press('x');
      await keyboard.press('j');
      await focused(1);
      await keyboard.press('x');
      const chosen = page.getByRole('group', { name: 'Chosen runs' });
      await chosen.getByText('2 selected').waitFor();
      await expectAccessible(page);
      await page.getByLabel('Select page').check();
      await chosen.getByText('4 selected').waitFor();
      expect(await chosen.getByRole('button', { name: 'Retry 0' }).isDisabled()).toBe(true);
      await chosen.getByRole('button', { name: 'Cancel 3' }).click();
      await page.getByText('3 cancelled.').waitFor();
      for (const nth of [0, 1, 2]) await rows.nth(nth).getByText('Cancelled').waitFor();
      expect(await Promise.all(open.map(statusOf))).toEqual(['cancelled', 'cancelled', 'cancelled']);
      expect(await statusOf(done)).toBe('completed');

      await keyboard.press('k');
      await focused(0);
      await keyboard.press('x');
      await chosen.getByRole('button', { name: 'Retry 1' }).click();
      await page.getByText('1 retried.').waitFor();
      await rows.nth(0).getByText('Running').waitFor();
      expect(await statusOf(open[2]!)).toBe('running');

      await keyboard.press('/');
      await page.getByLabel('Workflow', { exact: true }).and(page.locator(':focus')).waitFor();
    },
    2 * PATIENCE_MS,
  );
});
