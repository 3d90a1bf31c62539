import { beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { until } from '@duofactory/testing/network';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** Three lines; a person looks at each. */
const definition = {
  ...{ kind: 'workflow', id: 'lines', name: 'Lines' },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'lines', rowId: 'id' } },
    { id: 'script', type: 'transform', with: { expression: "{ 'text': row.text }" } },
    { id: 'check', type: 'review', with: { title: 'Check the line', edits: 'script' } },
  ],
};
const TABLE = 'id,text\n1,One\n2,Two\n3,Three\n';

interface Waiting {
  readonly task: string;
  readonly key: string;
  readonly claimedBy: string | null;
}

describeInBrowser('a review beside others', () => {
  const studio = useStudio();
  let queue: readonly Waiting[];

  const waiting = async (): Promise<readonly Waiting[]> =>
    (await studio.api<{ reviews: readonly Waiting[] }>('GET', '/api/reviews/queue')).reviews;

  /** Three that wait, and nothing else. */
  beforeEach(async () => {
    await studio.api('PUT', '/api/tables/lines', TABLE, { 'content-type': 'text/csv' });
    await publishedOnceKnown(studio, definition);
    // Whoever looks at one decides it.
    for (const { task, claimedBy } of queue === undefined ? [] : await waiting())
      await studio.api(
        'POST',
        `/api/reviews/${task}/decision`,
        { decision: 'reject' },
        { 'x-duofactory-user': claimedBy ?? 'local' },
      );
    await studio.api('POST', '/api/runs', { workflow: 'lines', inputs: {} });
    await until(async () => (queue = await waiting()).length === 3, { everyMs: 250 });
  }, PATIENCE_MS);

  it(
    'stays on the screen with what was typed when somebody else decides it, and no key decides anything then',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/review`);
      const item = page.getByRole('region', { name: 'Check the line' });
      await item.getByRole('button', { name: 'Edit and accept' }).waitFor();
      await page.keyboard.press('e');
      await item.locator('textarea').first().fill('Typed by hand');

      // It is this person's to decide: they do so in another window.
      const me = JSON.parse(await page.evaluate(() => localStorage.getItem('duofactory-browser')!)) as string;
      await studio.api(
        'POST',
        `/api/reviews/${queue[0]!.task}/decision`,
        { decision: 'approve' },
        { 'x-duofactory-user': me },
      );
      await item.getByText(`${me} approved this meanwhile.`, { exact: false }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('ControlOrMeta+Enter');

      expect(await item.locator('textarea').first().inputValue()).toBe('Typed by hand');
      expect((await waiting()).map(({ task }) => task)).toEqual([queue[1]!.task, queue[2]!.task]);
      await item.getByRole('button', { name: 'To the next one' }).click();
      await page.waitForURL(new RegExp(queue[1]!.task));
      await item.getByRole('button', { name: 'Accept', exact: true }).waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'keeps what was typed while another is looked at, and over a reload; fields undo by themselves',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/review`);
      const item = page.getByRole('region', { name: 'Check the line' });
      await item.getByRole('button', { name: 'Edit and accept' }).waitFor();
      await keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Accepted. 2 to go.').waitFor();
      await page.waitForURL(new RegExp(queue[1]!.task));
      await keyboard.press('e');
      const field = item.locator('textarea').first();
      await field.focus();
      await keyboard.press('End');
      await keyboard.type(' kept');
      // What was decided just now could be taken back: not from within a field.
      await keyboard.press('ControlOrMeta+z');
      expect(await field.inputValue()).not.toMatch(/ kept$/);
      expect(await page.getByText('Taken back.').count()).toBe(0);
      await keyboard.type(' kept');
      await keyboard.press('Escape');

      await keyboard.press('s');
      await page.waitForURL(new RegExp(queue[2]!.task));
      await item.getByRole('button', { name: 'Accept', exact: true }).waitFor();
      await keyboard.press('k');
      await item.getByRole('button', { name: 'Accept as edited' }).waitFor();
      await page.reload();
      await item.getByRole('button', { name: 'Accept as edited' }).waitFor();
      expect(await item.locator('.content').innerText()).toMatch(/ kept/);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is there at once after the one before: it was read ahead',
    async () => {
      const { page } = studio;
      const read = page.waitForResponse((response) => response.url().endsWith(queue[1]!.task));
      await page.goto(`${studio.url}/review`);
      const content = page.getByRole('region', { name: 'Check the line' }).locator('.content');
      await read;
      // From now on nothing of it could be read.
      await page.route(`**/api/reviews/${queue[1]!.task}`, (route) => route.abort());

      await page.keyboard.press('s');
      await page.waitForURL(new RegExp(queue[1]!.task));
      const text = { 'row=1': 'One', 'row=2': 'Two', 'row=3': 'Three' }[queue[1]!.key]!;
      await content.getByText(text, { exact: true }).waitFor();
      await page.unroute(`**/api/reviews/${queue[1]!.task}`);
    },
    PATIENCE_MS,
  );

  it(
    'that the address names and that there is not is said to be none',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/review?item=${randomUUID()}`);
      await page.getByText('There is no such review.').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'To the first that waits' }).click();
      await page.getByRole('region', { name: 'Check the line' }).waitFor();
    },
    PATIENCE_MS,
  );

  // The last one: what another person looks at here stays theirs for a quarter of an hour.
  it(
    'is given to a person, who finds it among theirs, and whom nobody else forestalls',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/review?item=${queue[1]!.task}`);
      const item = page.getByRole('region', { name: 'Check the line' });
      await item.getByText('For everybody').waitFor();
      await item.getByRole('button', { name: 'Assign…' }).focus();
      await keyboard.press('Enter');
      await keyboard.type('<Ana>');
      await keyboard.press('Enter');
      await item.getByText(/ust be names of letters, digits/).waitFor();
      await expectAccessible(page);
      await keyboard.press('ControlOrMeta+a');
      await keyboard.type('Ana');
      await page.reload();
      const names = item.getByLabel(/^Who may decide/);
      await names.waitFor();
      expect(await names.inputValue()).toBe('Ana');
      await names.press('Enter');
      await item.getByText('For Ana', { exact: true }).waitFor();
      await item.getByText('It is for Ana, not for local', { exact: false }).waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'as local' }).click();
      await page.getByLabel(/^Your name/).fill('Ana');
      await keyboard.press('Enter');
      await page.getByRole('link', { name: 'Mine', exact: true }).click();
      await page.getByText('1 waiting').waitFor();
      await item.getByText('For Ana', { exact: true }).waitFor();
      await expectAccessible(page);
      expect(new URL(page.url()).searchParams.get('queue')).toBe('mine');
      await keyboard.press('1');

      await page.getByText('Nothing is assigned to Ana.').waitFor();
      await page.getByRole('link', { name: 'All that waits' }).click();
      await page.getByText('2 waiting').waitFor();
      await page.evaluate(() => localStorage.removeItem('duofactory-user'));
    },
    2 * PATIENCE_MS,
  );
});
