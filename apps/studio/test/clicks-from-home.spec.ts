import { FakeOpenAi } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { countClicks, type Clicks } from './support/clicks.js';
import { episodesPublished } from './support/episodes.js';
import { publishedOnceKnown, runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const shelf = {
  ...{ kind: 'workflow', id: 'shelf', name: 'Shelf' },
  blocks: [
    { id: 'rows', type: 'import', needs: [], with: { from: 'table', table: 'books', rowId: 'title' } },
    { id: 'say', type: 'prompt', with: { prompt: 'slogan' } },
    { id: 'check', type: 'evaluate', with: { evaluators: ['short'] } },
  ],
};
/** Its model refuses to say anything. */
const refused = {
  ...{
    kind: 'workflow',
    id: 'refused',
    name: 'Refused',
    inputs: { book: { type: 'string', default: 'It' } },
  },
  blocks: [{ id: 'word', type: 'prompt', needs: [], with: { prompt: 'word', inputs: { book: '{{book}}' } } }],
};
const waiting = {
  ...{ kind: 'workflow', id: 'waiting', name: 'Waiting' },
  blocks: [
    {
      ...{ id: 'script', type: 'transform', needs: [] },
      with: { expression: "{ 'lines': [{ 'speaker': 'Ana', 'text': 'Hola, Ana.' }] }" },
    },
    { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
    { id: 'hear', type: 'review', with: { title: 'Hear it', edits: 'audio' } },
  ],
};

describeInBrowser('from Home', () => {
  let model: FakeOpenAi;
  // Before the host, which is told its address.
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    model.answer = () => 'Read it now';
    model.faultOf = ({ text }) => (text.includes('One word') ? 'refusal' : undefined);
  });
  const studio = useStudio(() => ({
    DUOFACTORY_MODEL: 'openai',
    DUOFACTORY_MODEL_NAME: 'gpt-5-mini',
    DUOFACTORY_MODEL_PRICES: '{"gpt-5-mini":{"input":1,"output":8}}',
    OPENAI_API_KEY: model.apiKey,
    OPENAI_BASE_URL: model.baseUrl,
  }));
  let clicks: Clicks;
  const home = (): Promise<void> => clicks.fromHome(studio.url);
  const prompt = (id: string, text: string): Promise<unknown> =>
    studio.api('POST', `/api/prompts/${id}/versions`, {
      definition: {
        ...{ kind: 'prompt', id, model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text }],
      },
    });

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
    await prompt('slogan', 'A slogan for {{rows.title}}.');
    await prompt('word', 'One word for {{book}}.');
    await studio.api('POST', '/api/evaluators/short/versions', {
      definition: {
        ...{ kind: 'evaluator', id: 'short', type: 'rule' },
        with: { rules: [{ use: 'length', text: '{{say.text}}', min: 1, max: 5 }] },
      },
    });
    await runEnded(studio, shelf);
    await runEnded(studio, refused);
    clicks = await countClicks(studio.page);
  }, 2 * PATIENCE_MS);
  afterAll(() => model.stop());

  it(
    'a changed prompt is on a real past input in three clicks, and published with its impact seen in four',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/prompts/slogan`);
      await page.getByLabel('Text of step 1').waitFor();

      await home();
      const lately = page.getByRole('navigation', { name: 'Opened lately' });
      await lately.getByRole('link', { name: 'Prompt slogan' }).waitFor();
      await expectAccessible(page);
      await lately.getByRole('link', { name: 'Prompt slogan' }).click();
      await page.getByLabel('Text of step 1').fill('A slogan of one line for {{rows.title}}.');
      await page.getByRole('button', { name: 'Past inputs' }).click();
      await page.getByRole('button', { name: 'rows Emma' }).click();
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLTextAreaElement>('[aria-label="Value of rows.title"]')?.value === 'Emma',
      );
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('article', { name: 'Sample 1' }).getByText('Read it now').waitFor();
      await clicks.expectAtMost(3);
      await page
        .getByText(/^Saved/)
        .first()
        .waitFor();

      await home();
      await lately.getByRole('link', { name: 'Prompt slogan' }).click();
      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      const drawer = page.getByRole('complementary', { name: 'Publish version' });
      await drawer.getByText('2 inputs, 4 answers', { exact: false }).waitFor();
      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText('0 better, 2 same, 0 worse').waitFor();
      await drawer.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByText('Version 2 never changes').waitFor();
      await clicks.expectAtMost(4);
    },
    3 * PATIENCE_MS,
  );

  it(
    'a workflow is changed and run in three clicks, and an evaluator stands beside people in two',
    async () => {
      const { page } = studio;
      await home();
      await page.getByRole('link', { name: 'Shelf', exact: true }).click();
      await page.getByLabel('Name of the workflow').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('Shelf of two');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.waitForURL(/\/workflows\/shelf\/start\?version=draft$/);
      await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.locator('.head').getByText('Succeeded').waitFor();
      await clicks.expectAtMost(3);

      await page.goto(`${studio.url}/evaluators/short`);
      await page.getByRole('link', { name: 'Agreement' }).waitFor();
      await home();
      await page
        .getByRole('navigation', { name: 'Opened lately' })
        .getByRole('link', { name: 'Evaluator short' })
        .click();
      await page.getByRole('link', { name: 'Agreement' }).click();
      await page.locator('a[aria-current="page"]', { hasText: 'Agreement' }).waitFor();
      await clicks.expectAtMost(2);
    },
    2 * PATIENCE_MS,
  );

  it(
    'the error, the call and the trace of a failed task are three clicks away, and failed runs are retried in three',
    async () => {
      const { page } = studio;
      await home();
      await page.getByRole('link', { name: /failed today$/ }).click();
      const failed = page.getByRole('link', { name: /^refused@1/ });
      await failed.waitFor();
      await clicks.expectAtMost(1);
      await failed.click();
      await page.getByRole('link', { name: 'The first task that failed, of word' }).click();
      const detail = page.getByRole('region', { name: /^Task of/ });
      await detail.getByText('What to do').waitFor();
      await detail.getByRole('listitem').getByText('failed: ').waitFor();
      await detail.getByText('Trace', { exact: true }).waitFor();
      await detail.getByText('One word for It.', { exact: true }).waitFor();
      await clicks.expectAtMost(3);
      await expectAccessible(page);

      model.faultOf = () => undefined;
      await home();
      await page.getByRole('link', { name: /failed today$/ }).click();
      await page.getByLabel('Select page').check();
      await page.getByRole('button', { name: 'Retry 1' }).click();
      await page.getByText('1 retried.').waitFor();
      await clicks.expectAtMost(3);
    },
    2 * PATIENCE_MS,
  );

  it(
    'what spends is stopped in two clicks, and many courses run in four',
    async () => {
      const { page } = studio;
      await publishedOnceKnown(studio, waiting);
      const { id } = await studio.api<{ id: string }>('POST', '/api/runs', {
        workflow: 'waiting',
        inputs: {},
      });
      await home();
      await page.getByRole('link', { name: `waiting@1 ${id.slice(0, 8)}` }).click();
      await page.getByRole('button', { name: 'Cancel run' }).click();
      await page.locator('.head').getByText('Cancelled').waitFor();
      await clicks.expectAtMost(2);

      await home();
      await page.getByRole('link', { name: 'Run Refused' }).click();
      await page.getByRole('link', { name: 'Many, from a list' }).click();
      const rows = page.getByRole('textbox', { name: 'Rows' });
      await rows.click();
      await rows.fill('book\nEmma\nUlysses\n');
      const start = page.getByRole('button', { name: 'Start batch' });
      await page.getByRole('region', { name: 'Estimate' }).getByText('2 of 2').waitFor();
      await start.click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      await clicks.expectAtMost(4);
    },
    2 * PATIENCE_MS,
  );

  it(
    'a review is one click away, a line is spoken again in three, and many episodes are published in four',
    async () => {
      const { page } = studio;
      const { id } = await studio.api<{ id: string }>('POST', '/api/runs', {
        workflow: 'waiting',
        inputs: {},
      });
      await until(
        async () =>
          (await studio.api<{ reviews: { run: string }[] }>('GET', '/api/reviews')).reviews.some(
            ({ run }) => run === id,
          ),
        { everyMs: 250 },
      );
      await home();
      await page.getByRole('link', { name: 'Review', exact: true }).click();
      const player = page.getByRole('region', { name: 'Audio' });
      await player.getByRole('button', { name: 'Correct' }).waitFor();
      await clicks.expectAtMost(1);
      await player.getByRole('button', { name: 'Correct' }).click();
      const line = player.getByLabel('Line 1, Ana');
      await line.and(page.locator(':focus')).waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('Adiós, Ana.');
      await player.getByRole('button', { name: 'Speak line again' }).click();
      await page.getByRole('button', { name: 'Accept as edited' }).waitFor();
      await clicks.expectAtMost(3);

      await episodesPublished(studio, 'two', [
        ...[0, 1].map((slot) => ({
          ...{ id: `e-${slot}`, node: 'empleos', nodeName: 'Empleos', slot, title: `Empleos ${slot}` },
          ...{ wrapper: 'Slow News', viability: 0.9 },
        })),
      ]);
      await home();
      await page.getByRole('link', { name: 'Catalog', exact: true }).click();
      await page.getByLabel('Select page').check();
      await page.getByRole('button', { name: 'Promote to Prod', exact: true }).click();
      await page.getByRole('button', { name: 'Promote to Prod 2 episodes' }).click();
      await page.getByLabel('Outcome').getByText('2 promoted to Prod').waitFor();
      await clicks.expectAtMost(4);
      const { episodes } = await studio.api<{ episodes: unknown[] }>(
        'GET',
        '/api/episodes?course=en-es&environment=prod&status=published',
      );
      expect(episodes).toHaveLength(2);
    },
    3 * PATIENCE_MS,
  );
});
