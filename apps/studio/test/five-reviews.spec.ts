import { until } from '@duofactory/testing/network';
import { beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** Five lines; a person looks at each, and what was edited goes on. */
const definition = {
  ...{ kind: 'workflow', id: 'lines', name: 'Lines', inputs: { course: { type: 'string' } } },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'lines', rowId: 'id' } },
    {
      ...{ id: 'script', type: 'transform' },
      with: { expression: "{ 'lines': [{ 'speaker': 'Ana', 'text': row.text }] }" },
    },
    { id: 'check', type: 'review', with: { title: 'Check the line', edits: 'script' } },
    { id: 'said', type: 'transform', with: { expression: "{ 'text': script.lines[0].text }" } },
  ],
};
const TABLE = 'id,text\n1,One\n2,Two\n3,Three\n4,Four\n5,<b>Five</b>\n';

describeInBrowser('five reviews', () => {
  const studio = useStudio();
  let run: string;
  /** As they wait: in the order in which they came to be asked. */
  let texts: string[];

  beforeAll(async () => {
    await studio.api('POST', '/api/golden-sets/lines/versions', {
      definition: {
        ...{ kind: 'golden-set', id: 'lines', name: 'Lines', evaluators: ['short'] },
        cases: [{ id: 'known', verdict: 'pass', given: { row: { text: 'Zero' } } }],
      },
    });
    await studio.api('PUT', '/api/tables/lines', TABLE, { 'content-type': 'text/csv' });
    await publishedOnceKnown(studio, definition);
    run = (
      await studio.api<{ id: string }>('POST', '/api/runs', {
        workflow: 'lines',
        inputs: { course: 'en-es' },
      })
    ).id;
  }, PATIENCE_MS);

  it(
    'are decided by the keyboard alone: accepted, edited, skipped, rejected with a reason',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const item = page.getByRole('region', { name: 'Check the line' });
      const content = item.locator('.content');
      const said = (word: string): Promise<void> => page.getByRole('status').getByText(word).waitFor();
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Review', exact: true }).focus();
      await keyboard.press('Enter');
      await page.getByText('5 waiting').waitFor();
      const { reviews } = await studio.api<{ reviews: { payload: { row: { text: string } } }[] }>(
        'GET',
        '/api/reviews',
      );
      texts = reviews.map(({ payload }) => payload.row.text);
      const shown = (place: number): Promise<void> =>
        content.getByText(texts[place]!, { exact: true }).waitFor();
      await shown(0);
      await expectAccessible(page);

      await keyboard.press('1');
      await said('Accepted. 4 to go.');

      await shown(1);
      await keyboard.press('2');
      const field = item.getByLabel('Lines 1 Ana');
      await field.waitFor();
      await expectAccessible(page);
      await field.focus();
      await keyboard.press('End');
      await keyboard.type(', said better');
      await keyboard.press('ControlOrMeta+Enter');
      await said('Accepted as edited. 3 to go.');

      await shown(2);
      const isFree = async (place: number): Promise<boolean> => {
        const { reviews: left } = await studio.api<{
          reviews: { payload: { row: { text: string } }; claimedBy: string | null }[];
        }>('GET', '/api/reviews');
        return left.find(({ payload }) => payload.row.text === texts[place])!.claimedBy === null;
      };
      await until(async () => !(await isFree(2)), { everyMs: 50 });
      await keyboard.press('5');
      await shown(3);
      await until(() => isFree(2), { everyMs: 50 });
      await keyboard.press('ArrowLeft');
      await shown(2);
      await keyboard.press('ArrowRight');
      await shown(3);
      await keyboard.press('3');
      await item.getByLabel('Reason').waitFor();
      await keyboard.type('It is dull');
      await keyboard.press('Escape');
      await keyboard.press('g');
      await item.getByLabel('Golden set', { exact: true }).waitFor();
      await keyboard.press('r');
      await expectAccessible(page);
      await keyboard.press('ControlOrMeta+Enter');
      await said('Rejected. 2 to go.');

      await shown(4);
      await keyboard.press('k');
      await shown(2);
      await keyboard.press('ControlOrMeta+Enter');
      await said('Accepted. 1 to go.');
      await shown(4);
      await keyboard.press('r');
      await item.getByLabel('Reason').fill('Too hasty');
      await keyboard.press('ControlOrMeta+Enter');
      await said('Rejected. Nothing more waits.');
      await page.keyboard.press('z');
      await said('Taken back.');
      await shown(4);
      await keyboard.press('c');
      await item.getByLabel('Comment').waitFor();
      await keyboard.type('Short and good');
      await keyboard.press('ControlOrMeta+Enter');
      await said('Accepted. Nothing more waits.');
      await page.getByText('Nothing waits for a person.').waitFor();
      await expectAccessible(page);
    },
    3 * PATIENCE_MS,
  );

  it(
    'make cases of a golden set of what a person decided, once each, in its draft',
    async () => {
      const { page } = studio;
      const { definition: draft } = await studio.api<{ definition: { cases: object[] } }>(
        'GET',
        '/api/golden-sets/lines/draft',
      );

      expect(draft.cases).toEqual([
        { id: 'known', verdict: 'pass', given: { row: { text: 'Zero' } } },
        {
          ...{ id: expect.stringMatching(/^review-/), verdict: 'fail', note: 'It is dull', course: 'en-es' },
          judgedOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
          given: expect.objectContaining({
            row: expect.objectContaining({ text: texts[3] }),
            script: { lines: [{ speaker: 'Ana', text: texts[3] }] },
          }),
        },
      ]);
      await page.goto(`${studio.url}/golden-sets/lines`);
      await page.getByLabel('The golden set as YAML').getByText('It is dull').waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'let go on what was accepted, as it was edited, and end what was rejected',
    async () => {
      const hasEnded = async (): Promise<boolean> =>
        (await studio.api<{ endedAt: string | null }>('GET', `/api/runs/${run}`)).endedAt !== null;
      await until(hasEnded, { everyMs: 250 });

      const { payloads } = await studio.api<{ payloads: { blockResults: { said: { text: string } } }[] }>(
        'GET',
        `/api/runs/${run}/results?block=said`,
      );

      // One of them has markup: what a sheet says is text.
      const [accepted, edited, skipped, , last] = texts;
      expect(payloads.map(({ blockResults }) => blockResults.said.text).sort()).toEqual(
        [accepted, `${edited}, said better`, skipped, last].sort(),
      );
    },
    PATIENCE_MS,
  );
});
