import { until } from '@duofactory/testing/network';
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const lines = {
  ...{ kind: 'workflow', id: 'lines', name: 'Lines' },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'lines', rowId: 'id' } },
    { id: 'check', type: 'review', with: { title: 'Check the line', edits: 'row' } },
  ],
};

interface Waiting {
  readonly task: string;
  readonly assignees: readonly string[];
}

describeInBrowser('a review that is assigned', () => {
  const studio = useStudio();
  const decisions: { decision: string; comment?: string }[] = [];

  const queue = async (): Promise<Waiting[]> =>
    (await studio.api<{ reviews: Waiting[] }>('GET', '/api/reviews/queue')).reviews;
  const item = () => studio.page.getByRole('region', { name: 'Check the line' });
  const accept = () => item().getByRole('button', { name: 'Accept', exact: true });

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/lines', 'id,text\n1,One\n2,Two\n', { 'content-type': 'text/csv' });
    await publishedOnceKnown(studio, lines);
    await studio.api('POST', '/api/runs', { workflow: 'lines', inputs: {} });
    await until(async () => (await queue()).length === 2, { everyMs: 100 });
    studio.page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/decision'))
        decisions.push(request.postDataJSON() as (typeof decisions)[number]);
    });
    await studio.page.goto(`${studio.url}/review`);
    await studio.page.getByRole('button', { name: /change your name/ }).click();
    await studio.page.getByLabel(/^Your name/).fill('Ana');
    await studio.page.keyboard.press('ControlOrMeta+Enter');
    await studio.page.getByRole('button', { name: 'as Ana' }).waitFor();
  }, PATIENCE_MS);
  beforeEach(() => void decisions.splice(0));

  it(
    'is for those whom Ctrl+Enter in its field names, and is open to nobody else',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const { task } = (await queue())[0]!;
      await page.goto(`${studio.url}/review?item=${task}`);
      await accept().waitFor();
      await item().getByRole('button', { name: 'Assign…' }).click();
      await item()
        .getByLabel(/^Who may decide/)
        .fill('Pia, Tom');
      await keyboard.press('ControlOrMeta+Enter');
      await item().getByText('For Pia, Tom', { exact: true }).waitFor();
      await item().getByText('It is for Pia, Tom, not for Ana.').waitFor();
      await expectAccessible(page);
      for (const key of ['1', 'e', 'r', 'c', 'ControlOrMeta+Enter']) await keyboard.press(key);

      expect(await item().getByRole('textbox').count()).toBe(0);
      expect(await item().getByRole('button', { name: 'Retry' }).count()).toBe(0);
      expect(await accept().count()).toBe(0);
      await item().getByRole('button', { name: 'Assign to me' }).click();
      // Whoever sees it may press it: no longer held back by what was answered before.
      await accept().waitFor();
      expect(await accept().isEnabled()).toBe(true);
      await keyboard.press('1');
      await page.getByText('Accepted. 1 to go.').waitFor();
      expect(decisions).toEqual([expect.objectContaining({ decision: 'approve' })]);
    },
    2 * PATIENCE_MS,
  );

  it(
    'takes with it a comment that is seen',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await accept().waitFor();
      await keyboard.press('c');
      await item().getByLabel('Comment').fill('Well said');
      await keyboard.press('Escape');
      await item().getByText('Goes with the acceptance: Well said').waitFor();
      await expectAccessible(page);
      await keyboard.press('1');
      await page.getByText('Accepted. Nothing more waits.').waitFor();

      expect(decisions).toEqual([expect.objectContaining({ decision: 'approve', comment: 'Well said' })]);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is taken back after a reload, too, as long as it may be',
    async () => {
      const { page } = studio;
      await page.reload();
      await page.getByRole('button', { name: 'Undo (Z)' }).waitFor();
      await page.keyboard.press('z');
      await page.getByText('Taken back.').waitFor();

      await accept().waitFor();
      expect(await queue()).toHaveLength(1);
    },
    2 * PATIENCE_MS,
  );
});
