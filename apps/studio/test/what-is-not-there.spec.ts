import { beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const definition = {
  ...{ kind: 'workflow', id: 'known', name: 'Known' },
  blocks: [{ id: 'say', type: 'transform', needs: [], with: { expression: "{ 'said': 1 }" } }],
};
const rule = {
  ...{ kind: 'evaluator', id: 'short', type: 'rule' },
  with: { rules: [{ use: 'length', text: '{{script}}', max: 100 }] },
};

describeInBrowser('what is not there', () => {
  const studio = useStudio();
  beforeAll(async () => {
    await runEnded(studio, definition);
    await studio.api('POST', '/api/prompts/hello/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'hello', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'Say hello.' }],
      },
    });
    await studio.api('POST', '/api/evaluators/short/versions', { definition: rule });
  }, PATIENCE_MS);

  it.each([
    ['a run', () => `/runs/${randomUUID()}`, 'There is no such run', 'To Runs', 'Runs'],
    ['a run of no id', () => '/runs/nowhere', 'There is no such run', 'To Runs', 'Runs'],
    ['a screen', () => `/batches/${randomUUID()}`, 'There is no such screen', 'To Home', 'Home'],
    [
      'an environment',
      () => '/catalog/moon/en-es',
      'There is no such environment',
      'To Prod',
      'DuoRadio / Prod',
    ],
    ['a prompt', () => '/prompts/No%20Id', 'There is no such prompt', 'To Prompts', 'Prompts'],
    ['a workflow', () => '/workflows/No%20Id', 'There is no such workflow', 'To Home', 'Home'],
    [
      'an evaluator',
      () => '/evaluators/No%20Id',
      'There is no such evaluator',
      'To Evaluators',
      'Evaluators',
    ],
    [
      'a golden set',
      () => '/golden-sets/No%20Id',
      'There is no such golden set',
      'To Evaluators',
      'Evaluators',
    ],
    [
      'a version of a prompt',
      () => '/prompts/hello?version=9',
      'There is no such version',
      'To Prompts',
      'Prompts',
    ],
    [
      'a version of an evaluator',
      () => '/evaluators/short?version=9',
      'There is no such version',
      'To Evaluators',
      'Evaluators',
    ],
    ['a workflow to start', () => '/workflows/nothing/start', 'There is nothing to run', 'To Home', 'Home'],
    [
      'a version to start',
      () => '/workflows/known/start?version=9',
      'There is no such version',
      'To the latest version',
      'Run Known',
    ],
  ])(
    'is said plainly of %s, with a way on',
    async (_what, path, title, way, there) => {
      const { page } = studio;
      await page.goto(`${studio.url}${path()}`);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await expectAccessible(page);
      expect(await page.locator('main').getByRole('button', { name: 'Retry' }).count()).toBe(0);
      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
      await page.locator('main').getByRole('link', { name: way }).click();

      await page.getByRole('heading', { name: there, exact: true }).first().waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'is said plainly of an episode, in its drawer',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es?episode=${randomUUID()}`);
      const drawer = page.getByRole('complementary', { name: 'Episode' });
      await drawer.getByText('There is no such episode in Dev').waitFor();
      await expectAccessible(page);
      await drawer.getByRole('button', { name: 'Close' }).click();

      await drawer.waitFor({ state: 'detached' });
    },
    PATIENCE_MS,
  );

  it(
    'and may be begun has ways on beside what begins it',
    async () => {
      const { page } = studio;
      for (const [path, way] of [
        ['/prompts/mistyped', 'Prompts'],
        ['/workflows/mistyped', 'Home'],
        ['/evaluators/mistyped', 'Evaluators'],
      ] as const) {
        await page.goto(`${studio.url}${path}`);
        await page.locator('main').getByText('yet: what you type creates it').waitFor();

        await page
          .locator('main .notice')
          .getByRole('link', { name: `To ${way}` })
          .click();
        await page.getByRole('heading', { level: 1, name: way, exact: true }).waitFor();
      }
    },
    PATIENCE_MS,
  );
});
