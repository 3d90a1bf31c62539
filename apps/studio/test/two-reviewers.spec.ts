import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

const lines = {
  ...{ kind: 'workflow', id: 'lines', name: 'Lines' },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'lines', rowId: 'id' } },
    { id: 'check', type: 'review', with: { title: 'Check the line', edits: 'row' } },
  ],
};

interface Waiting {
  readonly task: string;
  readonly claimedBy: string | null;
  readonly claimedUntil: string | null;
}

describeInBrowser('two reviewers of one queue', () => {
  const studio = useStudio();
  let others: BrowserContext;
  let other: Page;

  const queue = async (): Promise<Waiting[]> =>
    (await studio.api<{ reviews: Waiting[] }>('GET', '/api/reviews/queue')).reviews;
  const start = async (count: number): Promise<void> => {
    await studio.api('POST', '/api/runs', { workflow: 'lines', inputs: {} });
    await until(async () => (await queue()).length === count, { everyMs: 100 });
  };
  const item = (page: Page) => page.getByRole('region', { name: 'Check the line' });

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/lines', 'id,text\n1,One\n2,Two\n', { 'content-type': 'text/csv' });
    await publishedOnceKnown(studio, lines);
    await start(2);
    others = await studio.context.browser()!.newContext({ viewport: { width: 1440, height: 900 } });
    others.setDefaultTimeout(PATIENCE_MS);
    other = await others.newPage();
  }, PATIENCE_MS);
  afterAll(() => others?.close(), PATIENCE_MS);

  it(
    'get one each, without a name too; what another looks at is theirs, until they leave it',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/review`);
      await item(page).getByRole('button', { name: 'Accept', exact: true }).waitFor();
      await until(async () => (await queue())[0]!.claimedBy !== null, { everyMs: 50 });
      const [first, second] = await queue();
      // A browser that dies without a word leaves it to others soon.
      expect(Date.parse(first!.claimedUntil!) - Date.now()).toBeLessThanOrEqual(2 * 60_000);
      await other.goto(`${studio.url}/review`);
      await other.waitForURL(new RegExp(second!.task));
      await other.getByText(`${first!.claimedBy} looks at it`).waitFor();

      const sent: string[] = [];
      other.on('request', (request) => {
        if (request.url().endsWith('/decision')) sent.push(request.url());
      });
      await other.goto(`${studio.url}/review?item=${first!.task}`);
      await item(other).getByText('Nothing is decided or spoken here meanwhile.').waitFor();
      await expectAccessible(other);
      await other.keyboard.press('ControlOrMeta+Enter');
      expect(await item(other).getByRole('button', { name: 'Accept', exact: true }).isDisabled()).toBe(true);
      await page.goto(`${studio.url}/runs`);
      await until(async () => (await queue())[0]!.claimedBy === null, { everyMs: 50 });
      await other.getByRole('button', { name: 'Look again' }).click();
      await item(other).getByText('Nothing is decided or spoken here').waitFor({ state: 'detached' });
      await other.keyboard.press('ControlOrMeta+Enter');
      await other.getByText('Accepted. 1 to go.').waitFor();

      expect(sent).toHaveLength(1);
    },
    2 * PATIENCE_MS,
  );

  it(
    'are named in any script, and told what is no name',
    async () => {
      await other.getByRole('button', { name: /change your name/ }).click();
      await other.getByLabel(/^Your name/).fill('<José>');
      await other.getByRole('alert').getByText('Begin with a letter or a digit').waitFor();
      await expectAccessible(other);
      await other.getByLabel(/^Your name/).fill('José Núñez');
      await other.keyboard.press('Enter');
      await other.getByRole('button', { name: 'as José Núñez' }).waitFor();

      await until(async () => (await queue())[0]!.claimedBy === 'José Núñez', { everyMs: 50 });
    },
    PATIENCE_MS,
  );

  it(
    'see nothing come while their updates are paused',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/review`);
      await page.getByText('1 waiting').waitFor();
      await page.getByRole('button', { name: 'Pause updates' }).click();
      await page.locator('.bar').getByText('Paused').waitFor();
      await start(3);
      const polled = (): Promise<unknown> =>
        other.waitForResponse((response) => response.url().includes('/api/reviews/queue'));
      // Who has not paused looks twice meanwhile.
      await polled();
      await polled();
      await other.getByText('3 waiting').waitFor();

      expect(await page.getByText('1 waiting').count()).toBe(1);
      await page.getByRole('button', { name: 'Resume updates' }).click();
      await page.getByText('3 waiting').waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'see in the queue what they look at, wherever in it that stands',
    async () => {
      const { page } = studio;
      await page.setViewportSize({ width: 1440, height: 400 });
      for (let count = 5; count <= 15; count += 2) await start(count);
      const last = (await queue()).at(-1)!;
      const links = page.getByRole('navigation', { name: 'Waiting' }).getByRole('link');
      await page.goto(`${studio.url}/review?item=${last.task}`);
      await links.nth(14).waitFor();

      await until(() => isInSight(links.nth(14)), { everyMs: 50 });
    },
    2 * PATIENCE_MS,
  );
});
