import { TcpProxy } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** Longer than the silence that a stream may keep. */
const SILENT_MS = 45_000;

describeInBrowser('while the server is away', () => {
  const studio = useStudio();
  let proxy: TcpProxy;

  beforeAll(async () => {
    const { hostname: host, port } = new URL(studio.url);
    proxy = await TcpProxy.open({ host, port: Number(port) });
  });
  afterAll(() => proxy?.close());

  it(
    'a screen whose code is not there yet leaves the page standing, and is shown when the server is back',
    async () => {
      const page = await studio.context.newPage();
      // Otherwise its code is fetched in the first quiet moment.
      await page.addInitScript(() => {
        window.requestIdleCallback = () => 0;
      });
      await page.goto(proxy.through(`${studio.url}/`));
      await page.getByRole('heading', { name: 'Looking to get started?' }).waitFor();

      proxy.cut();
      await page.locator('.rail').getByRole('link', { name: 'Prompts' }).click();
      await page.getByText('Not live').waitFor();
      await page.locator('.rail').getByRole('link', { name: 'Prompts' }).waitFor();
      const toldAway = await page.getByText('The server is not reached').count();
      proxy.mend();

      await page.getByRole('heading', { name: 'Prompts' }).waitFor();
      expect(toldAway).toBe(1);
      await page.close();
    },
    2 * PATIENCE_MS,
  );

  it(
    'in silence, the screen says that it is not live any more, and recovers',
    async () => {
      const page = await studio.context.newPage();
      await page.clock.install();
      await page.goto(proxy.through(`${studio.url}/operations`));
      const live = page.locator('.bar').getByText('Live', { exact: true });
      await live.waitFor();

      proxy.hold();
      await page.clock.fastForward(SILENT_MS);
      await page.getByText('Not live').waitFor();
      await page.getByRole('heading', { name: 'Operations' }).waitFor();
      proxy.mend();

      await live.waitFor();
      await page.close();
    },
    2 * PATIENCE_MS,
  );

  it(
    'a run that is mistyped is said not to be there, and costs nobody the live stream',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/runs/xx`);
      await page.getByText('There is no such run').waitFor();
      await page.locator('.bar').getByText('Live', { exact: true }).waitFor();
      await expectAccessible(page);
      await page.goto(`${studio.url}/operations?letter=nope`);
      await page.getByRole('heading', { name: 'Operations' }).waitFor();

      expect(await page.title()).toBe('Operations - DuoFactory');
      expect(await page.locator('.drawer').count()).toBe(0);
    },
    2 * PATIENCE_MS,
  );

  it(
    'updates wait while a person has paused them, and places are gone to by their names',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/`);
      await page.getByRole('button', { name: 'Pause updates' }).click();
      await page.locator('.bar').getByText('Paused').waitFor();
      await page.getByRole('button', { name: 'Resume updates' }).click();
      await page.locator('.bar').getByText('Live', { exact: true }).waitFor();

      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await expectAccessible(page);
      await page.getByLabel('Keys without Ctrl or Cmd do something').uncheck();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
      await page.keyboard.press('?');
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Go to' }).waitFor();
      expect(await page.getByRole('dialog', { name: 'Keys' }).count()).toBe(0);
      await expectAccessible(page);
      await page.keyboard.type('oper');
      await page.keyboard.press('Enter');

      await page.getByRole('heading', { name: 'Operations' }).waitFor();
    },
    2 * PATIENCE_MS,
  );
});
