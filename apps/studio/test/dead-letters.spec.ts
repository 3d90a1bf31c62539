import { until } from '@duofactory/testing/network';
import { beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown, runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const blocks = (expression: string) => [
  { id: 'word', type: 'transform', needs: [], with: { expression: `{ 'text': ${expression} }` } },
];
const first = { kind: 'workflow', id: 'first', blocks: blocks("'one'") };
const second = {
  ...{ kind: 'workflow', id: 'second', inputs: { after: { type: 'string' } } },
  blocks: blocks('after'),
};

describeInBrowser('dead letters', () => {
  const studio = useStudio();
  const trigger = (after: string): Promise<unknown> =>
    studio.api('PUT', '/api/triggers/then', {
      ...{ topic: 'duofactory.runs', type: 'run-completed.v1', when: "data.workflow = 'first'" },
      ...{ workflow: 'second', inputs: { after } },
    });
  const count = async (path: string, name: string): Promise<number> =>
    (await studio.api<Record<string, unknown[]>>('GET', path))[name]!.length;

  beforeAll(async () => {
    await publishedOnceKnown(studio, second);
    await trigger('{{data.nothing}}');
    await runEnded(studio, first);
    await until(async () => (await count('/api/dead-letters', 'deadLetters')) > 0, { everyMs: 250 });
  }, 2 * PATIENCE_MS);

  it(
    'stand beside what fails and what waits, by block type, with a way to the last failure',
    async () => {
      const { page } = studio;
      await publishedOnceKnown(studio, {
        ...{ kind: 'workflow', id: 'broken' },
        blocks: [
          { id: 'word', type: 'transform', needs: [], with: { expression: "$error('No <i>word</i>')" } },
          { id: 'ask', type: 'review' },
        ],
      });
      const { id } = await studio.api<{ id: string }>('POST', '/api/runs', {
        workflow: 'broken',
        inputs: {},
      });
      await until(
        async () => (await studio.api<{ endedAt: string | null }>('GET', `/api/runs/${id}`)).endedAt !== null,
        { everyMs: 250 },
      );
      await publishedOnceKnown(studio, {
        ...{ kind: 'workflow', id: 'asking' },
        blocks: [{ id: 'ask', type: 'review', needs: [] }],
      });
      await studio.api('POST', '/api/runs', { workflow: 'asking', inputs: {} });

      await page.goto(`${studio.url}/operations`);
      const table = page.getByRole('region', { name: 'Table of block types' });
      const failing = table.getByRole('row', { name: /^transform/ });
      await failing.getByText(/^1 \(50\s?%\)$/).waitFor();
      // What fails most stands first.
      expect(await table.locator('tbody tr').first().innerText()).toMatch(/^transform/);
      const waiting = table.getByRole('row', { name: /^review/ });
      await waiting.getByRole('cell', { name: '1', exact: true }).first().waitFor();
      await waiting.locator('time').waitFor();
      await expectAccessible(page);
      // The oldest of a queue leads to its run.
      await waiting.getByRole('link', { name: /^Oldest of asking, ask/ }).click();
      await page.getByRole('heading', { name: /^asking@1/ }).waitFor();
      await page.getByRole('complementary', { name: 'Block ask' }).waitFor();
      await page.goBack();

      await failing.getByRole('link', { name: 'Failed broken, word' }).click();
      await page.getByRole('complementary', { name: 'Block word' }).getByText('No <i>word</i>').waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'are listed with their reason, seen as they came, and sent again in three clicks from Home',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Operations', exact: true }).click();
      await page.getByRole('link', { name: /^duofactory\.runs/ }).click();
      const letter = page.getByRole('complementary', { name: 'Dead letter' });
      await letter.getByText('nothing', { exact: false }).first().waitFor();
      await letter.getByText('first', { exact: true }).waitFor();
      await expectAccessible(page);
      expect(await page.getByRole('main').innerText()).not.toMatch(/"workflow"/);
      // What it is of is one click away.
      await letter.getByRole('link', { name: /^Run [0-9a-f]{8}$/ }).click();
      await page.getByRole('heading', { name: /^first@1/ }).waitFor();
      await page.goBack();

      await trigger('{{data.run}}');
      await letter.getByRole('button', { name: 'Redrive' }).click();

      await page.getByText('Sent again to duofactory.runs.').waitFor();
      await page.getByText('None: every message was handled.', { exact: false }).waitFor();
      await expectAccessible(page);
      await until(async () => (await count('/api/runs?workflow=second', 'runs')) === 1, { everyMs: 250 });

      // The next one comes by itself.
      await trigger('{{data.nothing}}');
      await runEnded(studio, first);
      await page.getByRole('link', { name: /^duofactory\.runs/ }).waitFor();

      // Those that come while one looks move no row.
      const table = page.getByRole('region', { name: 'Dead letters' });
      await runEnded(studio, first);
      await table.getByRole('button', { name: 'Show 1 new' }).click();
      await table.getByRole('row').nth(2).waitFor();
      await table.getByLabel('Select page').check();
      const chosen = page.getByRole('group', { name: 'Chosen messages' });
      await chosen.getByText('2 selected').waitFor();
      await expectAccessible(page);
      await trigger('{{data.run}}');
      await chosen.getByRole('button', { name: 'Redrive 2' }).click();
      await page.getByText('None: every message was handled.', { exact: false }).waitFor();
      await until(async () => (await count('/api/runs?workflow=second', 'runs')) === 3, { everyMs: 250 });
    },
    3 * PATIENCE_MS,
  );
});
