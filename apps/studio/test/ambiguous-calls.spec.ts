import { FakeOpenAi } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** Two samples: two calls, both out when the host dies. */
const definition = {
  ...{ kind: 'workflow', id: 'shelf', name: 'Shelf' },
  blocks: [{ id: 'slogan', type: 'prompt', needs: [], times: 2, with: { prompt: 'slogan' } }],
};

describeInBrowser('calls whose end nobody saw', () => {
  let model: FakeOpenAi;
  // Before the host, which is told its address.
  beforeAll(async () => {
    model = await FakeOpenAi.start();
    model.answer = () => 'Asked again';
  });
  const studio = useStudio(() => ({
    DUOFACTORY_MODEL: 'openai',
    DUOFACTORY_MODEL_NAME: 'gpt-5-mini',
    OPENAI_API_KEY: model.apiKey,
    OPENAI_BASE_URL: model.baseUrl,
    DUOFACTORY_AMBIGUOUS_CALLS: 'hold',
    DUOFACTORY_LEDGER_LEASE_MS: '1000',
  }));
  let run: string;

  beforeAll(async () => {
    const steps = [{ type: 'user', text: 'A slogan for a shelf of books.' }];
    await studio.api('POST', '/api/prompts/slogan/versions', {
      definition: { kind: 'prompt', id: 'slogan', model: { name: 'default' }, steps, output: 'text' },
    });
    await publishedOnceKnown(studio, definition);
    let answerNow = (): void => undefined;
    model.until = new Promise((resolve) => (answerNow = () => resolve(undefined)));
    run = (await studio.api<{ id: string }>('POST', '/api/runs', { workflow: 'shelf', inputs: {} })).id;
    await until(async () => model.calls.length === 2, { everyMs: 20 });
    await studio.kill();
    model.until = Promise.resolve();
    answerNow();
    await studio.restart();
  }, 2 * PATIENCE_MS);

  afterAll(() => model.stop());

  it(
    'hold the run, and are decided one by one: one happened, the other is asked again; then the run goes on',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/runs/${run}`);
      await page.locator('.head').getByText('Paused').waitFor();
      await page.getByText('Nobody saw the end of call').waitFor();

      await page.getByRole('navigation', { name: 'Screens' }).getByText('Operations').click();
      const calls = page.getByRole('region', { name: 'Ambiguous calls' });
      const first = calls.getByRole('article', { name: 'Call of slogan' }).first();
      await first.getByText('Ambiguous', { exact: true }).waitFor();
      await first.getByText('slogan@1').waitFor();
      expect(await calls.getByRole('article').count()).toBe(2);
      // By this name the vendor's log has it.
      const named = await calls.locator('code').allInnerTexts();
      expect(named.sort()).toEqual(model.calls.map(({ clientRequestId }) => clientRequestId).sort());
      await expectAccessible(page);

      await first.getByRole('button', { name: 'It happened' }).click();
      const answer = first.getByLabel('What the model said');
      await answer.waitFor();
      expect(await first.getByRole('button', { name: 'Keep this answer' }).isDisabled()).toBe(true);
      await expectAccessible(page);
      await answer.fill('As the log of the vendor <b>has</b> it');
      await page.reload();
      await answer.waitFor();
      expect(await answer.inputValue()).toBe('As the log of the vendor <b>has</b> it');
      await first.getByRole('button', { name: 'Keep this answer' }).click();
      await page.getByText('It happened: its answer is kept.').waitFor();
      await calls.getByRole('article').nth(1).waitFor({ state: 'detached' });
      await calls.getByRole('button', { name: 'It did not: ask again' }).click();
      await page.getByText('It did not happen: asked again.').waitFor();
      await calls.getByText('None: the end of every paid call was seen.').waitFor();

      await page.goto(`${studio.url}/runs/${run}?view=results&block=slogan`);
      await page.locator('.head').getByText('Succeeded').waitFor();
      const { payloads } = await studio.api<{ payloads: { blockResults: { slogan: { text: string } } }[] }>(
        'GET',
        `/api/runs/${run}/results?block=slogan`,
      );
      expect(payloads.map(({ blockResults }) => blockResults.slogan.text).sort()).toEqual([
        'As the log of the vendor <b>has</b> it',
        'Asked again',
      ]);
      // Only the one that did not happen was asked for once more.
      expect(model.calls).toHaveLength(3);
    },
    3 * PATIENCE_MS,
  );
});
