import { beforeAll, expect, it } from '@jest/globals';
import { until } from '@duofactory/testing/network';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const asked = {
  ...{ kind: 'workflow', id: 'asked', name: 'Asked' },
  blocks: [
    { id: 'greet', type: 'transform', needs: [], with: { expression: "{ 'text': 'Hola' }" } },
    { id: 'ask', type: 'review', with: { title: 'Is it good?' } },
    { id: 'end', type: 'transform', with: { expression: "{ 'text': greet.text & '!' }" } },
  ],
};

describeInBrowser('the results of a run', () => {
  const studio = useStudio();
  let run: string;

  beforeAll(async () => {
    await publishedOnceKnown(studio, asked);
    ({ id: run } = await studio.api<{ id: string }>('POST', '/api/runs', { workflow: 'asked', inputs: {} }));
  }, PATIENCE_MS);

  it(
    'are not called missing while it goes on, and come by themselves, and go out as a file',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/runs/${run}?view=results`);
      await page.getByText('Nothing has come out of this block yet').waitFor();
      await expectAccessible(page);

      let task: string | undefined;
      await until(
        async () => {
          const { reviews } = await studio.api<{ reviews: { task: string }[] }>('GET', '/api/reviews');
          task = reviews[0]?.task;
          return task !== undefined;
        },
        { everyMs: 100 },
      );
      await studio.api('POST', `/api/reviews/${task}/decision`, { decision: 'approve' });
      await page.getByRole('region', { name: 'Payload' }).getByText('Hola!').first().waitFor();
      expect(await page.getByText('Nothing has come out').count()).toBe(0);
      await expectAccessible(page);

      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      const stream = await (await file).createReadStream();
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      expect(Buffer.concat(parts).toString()).toBe('{"key":"","state":"ok","result":{"text":"Hola!"}}\n');
    },
    2 * PATIENCE_MS,
  );
});
