import { FakeOpenAi } from '@duofactory/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

/** One paid call, then an import that wants two rows of a table that has one. */
const definition = {
  kind: 'workflow',
  id: 'shelf',
  name: 'Shelf',
  blocks: [
    { id: 'slogan', type: 'prompt', needs: [], with: { prompt: 'slogan' } },
    { id: 'books', type: 'import', with: { from: 'table', table: 'books', atLeast: 2 } },
  ],
};

const fullShelf = { id: 'books', type: 'import', with: { from: 'table', table: 'books', atLeast: 99 } };

describeInBrowser('a run that failed', () => {
  let model: FakeOpenAi;
  // Before the host, which is told its address.
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    // What models say is text, whatever it looks like.
    model.answer = () => 'Read <img src=x onerror="document.title=1"> more';
  });
  const studio = useStudio(() => ({
    DUOFACTORY_MODEL: 'openai',
    DUOFACTORY_MODEL_NAME: 'gpt-5-mini',
    OPENAI_API_KEY: model.apiKey,
    OPENAI_BASE_URL: model.baseUrl,
  }));
  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\n', { 'content-type': 'text/csv' });
    const steps = [{ type: 'user', text: 'A slogan for a shelf of books.' }];
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: { kind: 'prompt', id: 'slogan', model: { name: 'default' }, steps, output: 'text' },
    });
    await publishedOnceKnown(studio, definition);
    await publishedOnceKnown(studio, {
      ...definition,
      id: 'full-shelf',
      name: 'Library',
      blocks: [fullShelf],
    });
  }, PATIENCE_MS);

  afterAll(() => model.stop());

  it(
    'is retried, and rerun on what is published now, and no call is paid twice',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Run Shelf' }).click();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.locator('.head').getByText('Failed', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'books', exact: true }).click();
      await page.getByRole('complementary', { name: 'Block books' }).getByText('too-few-rows').waitFor();
      await expectAccessible(page);

      // The table is still as this run pinned it.
      await page.getByRole('button', { name: 'Retry failed (1)' }).click();
      await page.getByRole('complementary').getByRole('cell', { name: '2', exact: true }).waitFor();
      await page.locator('.head').getByText('Failed', { exact: true }).waitFor();
      // It failed faster than anybody sees it go on: that it was tried at all is said.
      await page
        .getByText('Retried 1 failed task, and the run has failed again: 1 failed task of it.')
        .waitFor();
      await expectAccessible(page);

      await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
      await page.getByRole('button', { name: 'Rerun from…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Rerun' });
      await dialog.getByLabel('Version').selectOption({ label: 'Latest: what is published now' });
      await dialog.getByRole('row', { name: /^slogan 1 0 0/ }).waitFor();
      await expectAccessible(page);
      // Where there is little room, what starts it is in sight all the same.
      await page.setViewportSize({ width: 390, height: 480 });
      expect(await isInSight(dialog.getByRole('button', { name: 'Start rerun' }))).toBe(true);
      await page.setViewportSize({ width: 1440, height: 900 });
      await dialog.getByRole('button', { name: 'Start rerun' }).click();

      await page.locator('.head').getByText('Succeeded').waitFor();
      expect(model.paid).toBe(1);

      // What it cost, what it is the rerun of, and what it is bound to, whatever is published meanwhile.
      const facts = page.locator('.facts');
      await facts.getByText('$0.00', { exact: true }).waitFor();
      await facts.getByText('2 versions').click();
      await expectAccessible(page);
      expect(await facts.getByRole('link', { name: 'prompt slogan@1' }).getAttribute('href')).toBe(
        '/prompts/slogan?version=1',
      );
      await facts.getByText('books@2').waitFor();
      await facts.locator('dt', { hasText: 'Rerun of' }).locator('+ dd').getByRole('link').click();
      await page.locator('.head').getByText('Failed', { exact: true }).waitFor();
      const paid = await facts.locator('dt', { hasText: 'Spent' }).locator('+ dd').innerText();
      // Nobody knows what this vendor takes: it is no nothing.
      expect(paid).toBe('price unknown');
      await page.getByRole('link', { name: 'slogan', exact: true }).click();
      await page
        .getByRole('complementary', { name: 'Block slogan' })
        .getByRole('cell', { name: paid })
        .waitFor();
      await page.goBack();
      await page.goBack();
    },
    4 * PATIENCE_MS,
  );

  it(
    'is rerun once, however often its rerun is sent: an answer that is lost, and a reload, begin no second one',
    async () => {
      const { page } = studio;
      const runs = async (): Promise<number> =>
        (await studio.api<{ runs: object[] }>('GET', '/api/runs?limit=200')).runs.length;
      const before = await runs();
      const open = async (): Promise<void> => {
        await page.getByRole('button', { name: 'Rerun from…' }).click();
        await page.getByRole('dialog', { name: 'Rerun' }).getByRole('row').nth(1).waitFor();
      };
      const press = (): Promise<void> => page.getByRole('button', { name: 'Start rerun' }).click();
      await page.route('**/reruns', async (route) => {
        await route.fetch();
        return route.abort();
      });
      await open();
      await press();
      await page.getByText('The server was not reached').waitFor();
      await page.unroute('**/reruns');
      await page.reload();
      await open();
      const answered = page.waitForResponse((response) => response.url().endsWith('/reruns'));
      await press();

      // 200: it began before.
      expect((await answered).status()).toBe(200);
      expect(await runs()).toBe(before + 1);
      await page.goBack();
    },
    2 * PATIENCE_MS,
  );

  it(
    'tells of the task that failed what to do, each attempt, and under which trace it is found',
    async () => {
      const { page, context, url } = studio;
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const traced = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
      const { id } = await studio.api<{ id: string }>(
        'POST',
        '/api/runs',
        { workflow: 'full-shelf' },
        traced,
      );
      await page.goto(`${url}/runs/${id}?block=books`);
      await page.locator('.head').getByText('Failed', { exact: true }).waitFor();
      const link = page.getByRole('link', { name: /^Attempts and trace of/ });
      await link.focus();
      await page.keyboard.press('Enter');
      const detail = page.getByRole('region', { name: /^Task of/ });

      await detail.getByText('What to do').waitFor();
      await detail.getByText('rerun on the latest version').waitFor();
      await detail.getByRole('listitem').getByText('failed: ').waitFor();
      await detail.getByRole('button', { name: 'Copy trace id' }).click();
      await detail.getByText('Copied', { exact: true }).waitFor();
      await expectAccessible(page);

      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(traceId);
      await page.reload();
      await detail.getByText(traceId).waitFor();
      await detail.getByRole('button', { name: 'Close the task' }).click();
      await detail.waitFor({ state: 'detached' });
    },
    PATIENCE_MS,
  );

  it(
    'shows what a model said as text, markup and all',
    async () => {
      const { page, url } = studio;
      const { runs } = await studio.api<{ runs: { id: string }[] }>('GET', '/api/runs?workflow=shelf');
      await page.goto(`${url}/runs/${runs[0]!.id}?view=results&block=slogan`);
      await page.getByText('Read <img src=x onerror="document.title=1"> more').waitFor();

      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.title()).toMatch(/^Run [0-9a-f]{8} - DuoFactory$/);
    },
    PATIENCE_MS,
  );
});
