import { TcpProxy, until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const TABS = 8;

/** It goes on as a person lets it. */
const workflow = {
  ...{ kind: 'workflow', id: 'gates', name: 'Gates' },
  blocks: [
    { id: 'first', type: 'review', needs: [] },
    { id: 'second', type: 'review' },
  ],
};

describeInBrowser('a run is seen live', () => {
  const studio = useStudio();
  let proxy: TcpProxy;
  let run: string;

  const decide = async (block: string): Promise<void> => {
    let task: string | undefined;
    const waits = async (): Promise<boolean> => {
      const { reviews } = await studio.api<{ reviews: { task: string; block: string }[] }>(
        'GET',
        '/api/reviews',
      );
      task = reviews.find((one) => one.block === block)?.task;
      return task !== undefined;
    };
    await until(waits, { everyMs: 100 });
    await studio.api('POST', `/api/reviews/${task}/decision`, { decision: 'approve' });
  };

  beforeAll(async () => {
    const { hostname: host, port } = new URL(studio.url);
    proxy = await TcpProxy.open({ host, port: Number(port) });
    await publishedOnceKnown(studio, workflow);
    run = (await studio.api<{ id: string }>('POST', '/api/runs', { workflow: 'gates', inputs: {} })).id;
  }, PATIENCE_MS);
  afterAll(() => proxy?.close());

  it(
    'in eight tabs on one stream, which is cut, and resumed without a loss',
    async () => {
      const { context, page } = studio;
      const streaming = new Set<Page>();
      context.on('request', (request) => {
        if (request.resourceType() === 'eventsource') streaming.add(request.frame().page());
      });
      const others = await Promise.all(Array.from({ length: TABS - 1 }, () => context.newPage()));
      const tabs = [page, ...others];
      const inAll = (look: (tab: Page) => Promise<unknown>): Promise<unknown> => Promise.all(tabs.map(look));

      await inAll((tab) => tab.goto(proxy.through(`${studio.url}/runs/${run}`)));
      await inAll((tab) => tab.locator('.bar').getByText('Live', { exact: true }).waitFor());
      await inAll((tab) =>
        tab
          .getByRole('row', { name: /^first/ })
          .getByText('In review')
          .waitFor(),
      );
      await inAll((tab) => tab.locator('.head').getByText('In review').waitFor());
      await expectAccessible(page);
      await decide('first');
      await inAll((tab) =>
        tab
          .getByRole('row', { name: /^first/ })
          .getByText('Succeeded')
          .waitFor(),
      );

      expect(streaming.size).toBe(1);

      proxy.cut();
      await inAll((tab) => tab.getByText('Not live').waitFor());
      await inAll((tab) =>
        tab
          .getByRole('row', { name: /^second/ })
          .getByText('In review')
          .waitFor(),
      );
      await expectAccessible(page);
      // Nobody is told of this one.
      await decide('second');
      proxy.mend();
      await inAll((tab) => tab.locator('.bar').getByText('Live', { exact: true }).waitFor());
      await inAll((tab) => tab.locator('.head').getByText('Succeeded').waitFor());

      // The one that has the stream goes: another takes it.
      const [leader] = streaming;
      await leader!.close();
      await until(async () => streaming.size === 2, { everyMs: 50 });
      await Promise.all(
        tabs
          .filter((tab) => tab !== leader)
          .map((tab) => tab.locator('.bar').getByText('Live', { exact: true }).waitFor()),
      );
    },
    4 * PATIENCE_MS,
  );

  it(
    'says in every list that it waits for people, and is found by that',
    async () => {
      const { context, url } = studio;
      const page = await context.newPage();
      await studio.api('POST', '/api/runs', { workflow: 'gates', inputs: {} });
      await page.goto(url);
      await page
        .getByRole('row', { name: /^Pin Gates/ })
        .getByText('In review')
        .waitFor();
      await page.getByRole('region', { name: 'Recent runs' }).getByText('In review').waitFor();
      await page.getByRole('link', { name: 'All runs' }).click();
      const list = page.getByRole('region', { name: 'Runs' });
      await list.getByText('Succeeded').nth(1).waitFor();

      await list.getByLabel('Status').selectOption({ label: 'Running' });
      await list.getByText('No run fits these filters.').waitFor();
      await list.getByLabel('Status').selectOption({ label: 'In review' });
      await list.getByRole('row', { name: /^Select gates@1/ }).waitFor();

      expect(new URL(page.url()).search).toBe('?status=in-review');
      expect(await list.getByRole('row', { name: /^Select gates@1/ }).count()).toBe(1);
      await decide('first');
      await decide('second');
      await list
        .getByRole('row', { name: /^Select gates@1/ })
        .getByText('Succeeded')
        .waitFor();
    },
    PATIENCE_MS,
  );
});
