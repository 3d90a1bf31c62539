import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { clientTypes } from '../scripts/client-types.mjs';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

describeInBrowser('from the first start to the results of the sample', () => {
  const studio = useStudio();

  it(
    'offers the sample, runs it live, and shows what came out as text',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByText('Looking to get started?').waitFor();
      // Who wants no sample begins here, too.
      await page.getByLabel('Id of a new workflow').waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'Open the DuoRadio sample' }).click();
      await page.getByRole('heading', { name: 'Run DuoRadio episode' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Start' }).click();
      // By the stream alone: nothing reloads the page.
      await page.locator('.head').getByText('Succeeded').waitFor();
      await page.getByRole('link', { name: 'script', exact: true }).click();
      await page
        .getByRole('complementary', { name: 'Block script' })
        .getByRole('cell')
        .getByText('Succeeded')
        .first()
        .waitFor();
      await expectAccessible(page);

      await page.getByRole('navigation', { name: 'Views of the run' }).getByText('Results').click();
      await page
        .getByRole('region', { name: 'Payload' })
        .getByText('es-a1-cafe', { exact: true })
        .first()
        .waitFor();
      await page.getByText('script prompt').click();
      await page.locator('dl.lines dt').filter({ visible: true }).first().waitFor();
      expect(await page.getByRole('main').innerText()).not.toMatch(/[{}]/);
      await expectAccessible(page);

      await page.getByRole('link', { name: 'Runs', exact: true }).click();
      await page.getByRole('table').getByText('duoradio@1').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Home' }).click();
      await page.getByRole('table').first().getByText('DuoRadio episode').waitFor();
      await expectAccessible(page);
    },
    5 * PATIENCE_MS,
  );

  it(
    'keeps what was typed wrong, and says at its field why',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/duoradio/start`);
      await page.getByLabel('Course').fill('en-es');
      await page.getByRole('button', { name: 'Start' }).click();

      await page.getByText('Required: a string').waitFor();
      expect(await page.getByLabel('Course').inputValue()).toBe('en-es');
      expect(await page.getByLabel('Node').getAttribute('aria-invalid')).toBe('true');
    },
    PATIENCE_MS,
  );

  it(
    'stays readable while the server is gone, and goes on when it is back',
    async () => {
      const { page } = studio;
      const [run] = (await studio.api<{ runs: { id: string }[] }>('GET', '/api/runs')).runs;
      await page.goto(`${studio.url}/runs/${run!.id}`);
      await page.getByRole('link', { name: 'script', exact: true }).waitFor();
      await page.getByText('Live', { exact: true }).waitFor();

      await studio.kill();
      await page.getByText('Not live').waitFor();
      await page.getByRole('link', { name: 'script', exact: true }).waitFor();
      await page.locator('.head').getByText('Succeeded').waitFor();

      await studio.restart();
      await page.getByText('Live', { exact: true }).waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'is one run, however often its start is sent: an answer that is lost, and a reload, begin no second one',
    async () => {
      const { page } = studio;
      const runs = async (): Promise<{ id: string }[]> =>
        (await studio.api<{ runs: { id: string }[] }>('GET', '/api/runs')).runs;
      const before = await runs();
      const { inputs } = await studio.api<{ inputs: object }>('GET', `/api/runs/${before[0]!.id}`);
      await page.goto(
        `${studio.url}/workflows/duoradio/start?inputs=${encodeURIComponent(JSON.stringify(inputs))}`,
      );
      await page.route('**/api/runs', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        await route.fetch();
        return route.abort();
      });
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText('The server was not reached').waitFor();
      await page.unroute('**/api/runs');
      await page.reload();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);

      expect(await runs()).toHaveLength(before.length + 1);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is written against the API that the host has now',
    async () => {
      const written = await readFile(resolve(import.meta.dirname, '../src/api/schema.ts'), 'utf8');
      const types = await clientTypes(await studio.api('GET', '/api/openapi.json'));

      // Stale: run `npm run studio:client`.
      expect(types).toBe(written);
    },
    PATIENCE_MS,
  );
});
