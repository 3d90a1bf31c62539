import { until } from '@duofactory/testing/network';
import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
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
const failing = {
  ...{ kind: 'workflow', id: 'failing', name: 'Failing' },
  blocks: [{ id: 'books', type: 'import', needs: [], with: { from: 'table', table: 'shelf', atLeast: 99 } }],
};

const listOf = (page: Page) => ({
  chosen: page.getByRole('group', { name: 'Chosen runs' }),
  rows: page.getByRole('region', { name: 'Runs' }).locator('tbody tr:not(.room)'),
});

describeInBrowser('many runs', () => {
  const studio = useStudio();
  const start = async (workflow: string): Promise<string> =>
    (await studio.api<{ id: string }>('POST', '/api/runs', { workflow, inputs: {} })).id;
  const newest = async (): Promise<{ id: string }> =>
    (await studio.api<{ runs: { id: string }[] }>('GET', '/api/runs?limit=1')).runs[0]!;
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
      await rows.nth(0).getByText('In review').waitFor();
      expect(await statusOf(open[2]!)).toBe('running');

      await keyboard.press('/');
      await page.getByLabel('Workflow', { exact: true }).and(page.locator(':focus')).waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'that fail again at once when they are retried are told, with the reason, also where they are out of sight',
    async () => {
      const { page } = studio;
      const { chosen, rows } = listOf(page);
      await studio.api('PUT', '/api/tables/shelf', 'title\nEmma\n', { 'content-type': 'text/csv' });
      await publishedOnceKnown(studio, failing);
      const failed = [await start('failing'), await start('failing')];
      await until(async () => (await Promise.all(failed.map(statusOf))).every((one) => one === 'failed'), {
        everyMs: 100,
      });
      await page.goto(`${studio.url}/runs?workflow=failing`);
      await rows.nth(1).getByText('Failed').waitFor();
      await page.getByLabel('Select page').check();
      await chosen.getByRole('button', { name: 'Retry 2' }).click();
      await page.getByText('2 retried.').waitFor();
      await page.getByLabel('Workflow', { exact: true }).selectOption('');
      await page
        .getByRole('status')
        .getByText(/2 failed again: Block "books" failed with too-few-rows/)
        .waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Show what failed since' }).click();

      await rows.nth(1).getByText('Failed').waitFor();
      expect(await rows.count()).toBe(2);
    },
    2 * PATIENCE_MS,
  );

  it(
    'are cancelled with all that the filters match, read or not, after their number was said',
    async () => {
      const { page } = studio;
      await publishedOnceKnown(studio, { ...waiting, id: 'crowd', name: 'Crowd' });
      const count = 53;
      for (let n = 0; n < count; n += 1) await start('crowd');
      await page.goto(`${studio.url}/runs?workflow=crowd`);
      await page
        .getByRole('row', { name: /^Select crowd/ })
        .first()
        .waitFor();
      await page.getByLabel('Select page').check();
      const chosen = page.getByRole('group', { name: 'Chosen runs' });
      await chosen.getByText('50 selected').waitFor();
      await chosen.getByRole('button', { name: `Select all ${count} that match` }).click();
      await chosen.getByText(`${count} selected`).waitFor();
      await expectAccessible(page);

      await chosen.getByRole('button', { name: `Cancel ${count}`, exact: true }).click();
      expect(await statusOf((await newest()).id)).toBe('running');
      await chosen.getByRole('button', { name: `Cancel ${count} runs` }).click();
      await page.getByText(`${count} cancelled.`).waitFor();

      const { runs } = await studio.api<{ runs: object[] }>(
        'GET',
        '/api/runs/matching?workflow=crowd&status=cancelled&status=stopping',
      );
      expect(runs).toHaveLength(count);
    },
    2 * PATIENCE_MS,
  );

  it(
    'that only try a draft out are left out, until they are asked for',
    async () => {
      const { page } = studio;
      const draft = { ...quick, id: 'sketch', name: 'Sketch' };
      await studio.api('PUT', '/api/workflows/sketch/draft', { definition: draft }, { 'if-none-match': '*' });
      const test = await start('sketch@draft');
      await page.goto(`${studio.url}/runs?workflow=sketch`);
      await page.getByText('Tests of drafts and of blocks are left out.').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Show them too' }).click();
      const row = page.getByRole('row', { name: new RegExp(`^Select sketch@draft ${test.slice(0, 8)}`) });
      await row.getByText('test of a draft').waitFor();
      expect(new URL(page.url()).search).toBe('?workflow=sketch&tests=with');
      await page.getByLabel('Tests', { exact: true }).selectOption({ label: 'Without tests' });
      await row.waitFor({ state: 'detached' });

      await page.goto(studio.url);
      const recent = page.getByRole('region', { name: 'Recent runs' });
      await recent.getByRole('row').nth(1).waitFor();
      expect(await recent.getByText('sketch').count()).toBe(0);
      await recent.getByRole('link', { name: 'Tests' }).click();
      await row.waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'stand on the page of their workflow as a grid of blocks, which is walked by the arrows',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await start('quick');
      await page.goto(`${studio.url}/workflows/quick`);
      await page.getByRole('button', { name: 'Runs', exact: true }).click();
      const grid = page.getByRole('region', { name: 'Last runs by block' });
      await grid.getByText('The last 2 runs').waitFor();
      await grid
        .getByRole('link', { name: /^word in run .*: Succeeded, 1 done$/ })
        .nth(1)
        .waitFor();
      await expectAccessible(page);
      expect(await grid.locator('a[tabindex="0"]').count()).toBe(1);

      await grid.locator('a[tabindex="0"]').focus();
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowLeft');
      const older = grid.getByRole('link', { name: /^word in run/ }).first();
      await older.and(page.locator(':focus')).waitFor();
      await keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Block word' }).waitFor();
      await page.goBack();
      await grid.getByRole('link', { name: 'As a list' }).click();
      await page.getByRole('link', { name: 'As a grid' }).waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'are found again by a view that was given a name, until it is forgotten',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const views = page.getByRole('group', { name: 'Saved views' });
      await page.goto(`${studio.url}/runs?status=cancelled&workflow=waiting`);
      await views.getByRole('button', { name: 'Save this view' }).focus();
      await keyboard.press('Enter');
      await page.getByLabel('Name of the view').and(page.locator(':focus')).waitFor();
      await keyboard.press('Enter');
      await views.getByText('Give it a name').waitFor();
      await expectAccessible(page);
      await keyboard.type('Given up');
      await keyboard.press('Enter');
      await views.getByRole('link', { name: 'Given up' }).waitFor();

      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.reload();
      await page
        .getByRole('row', { name: /^Select quick/ })
        .first()
        .waitFor();
      await views.getByRole('link', { name: 'Given up' }).click();
      await page
        .getByRole('row', { name: /^Select quick/ })
        .first()
        .waitFor({ state: 'detached' });
      await page
        .getByRole('row', { name: /^Select waiting/ })
        .first()
        .waitFor();
      expect(new URL(page.url()).search).toBe('?status=cancelled&workflow=waiting');
      await expectAccessible(page);
      await views.getByRole('button', { name: 'Forget the view Given up' }).click();
      await views.getByRole('link', { name: 'Given up' }).waitFor({ state: 'detached' });
    },
    PATIENCE_MS,
  );
});
