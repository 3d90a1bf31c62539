import { kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { until } from '@duofactory/testing/network';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const root = resolve(import.meta.dirname, '../../..');
const NODE = resolve(root, 'node_modules/.bin/node');
const kafka = await kafkaIfAvailable();

(kafka ? describeInBrowser : describe.skip)('a block type of another service', () => {
  const brokers = kafka?.brokers.join(',') ?? '';
  const studio = useStudio(() => ({
    ...{ DUOFACTORY_BUS: 'kafka', DUOFACTORY_KAFKA_BROKERS: brokers, DUOFACTORY_KAFKA_PARTITIONS: '2' },
  }));
  const database = useEmptyDatabase();
  let service: ChildProcess;

  beforeAll(() => {
    service = spawn(NODE, [resolve(root, 'examples/custom-block-typescript/main.ts')], {
      env: {
        ...process.env,
        ...{ DUOFACTORY_BUS: 'kafka', DUOFACTORY_KAFKA_BROKERS: brokers, DUOFACTORY_KAFKA_PARTITIONS: '2' },
        ...{
          DUOFACTORY_DATABASE_URL: database.url,
          DUOFACTORY_HTTP_PORT: '0',
          DUOFACTORY_LOG_LEVEL: 'error',
        },
      },
      stdio: 'ignore',
    });
  });
  afterAll(async () => {
    const ended = once(service, 'close');
    service.kill();
    await ended;
    await kafka?.stop();
  }, PATIENCE_MS);

  it(
    'stands in the palette, with a form of its own, and runs',
    async () => {
      const { page } = studio;
      const isAnnounced = async (): Promise<boolean> => {
        const { blockTypes } = await studio.api<{ blockTypes: { manifest: { type: string } }[] }>(
          'GET',
          '/api/block-types',
        );
        return blockTypes.some(({ manifest }) => manifest.type === 'shout');
      };
      await until(isAnnounced, { everyMs: 250 });
      await page.goto(`${studio.url}/workflows/loud`);
      await page.getByText('No block yet').waitFor();

      // Found by its title or its name, by the keyboard.
      await page.getByRole('combobox', { name: 'CUSTOM' }).focus();
      await page.keyboard.type('shou');
      await page.getByRole('option', { name: 'shout' }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Enter');
      const form = page.getByRole('complementary', { name: 'Settings of shout' });
      await form.getByLabel(/^Text/).fill('hola');
      await expectAccessible(page);
      await page.getByText(/^Saved \d/).waitFor();
      await page.getByRole('button', { name: 'SAVE AND RUN' }).click();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('.head').getByText('Succeeded').waitFor();
      const { runs } = await studio.api<{ runs: { id: string }[] }>(
        'GET',
        '/api/runs?workflow=loud&tests=with',
      );
      const { payloads } = await studio.api<{ payloads: { blockResults: object }[] }>(
        'GET',
        `/api/runs/${runs[0]!.id}/results`,
      );

      expect(payloads).toMatchObject([{ blockResults: { shout: { text: 'HOLA' } } }]);
    },
    3 * PATIENCE_MS,
  );
});
