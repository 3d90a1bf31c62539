import { beforeAll, expect, it } from '@jest/globals';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const line = (text: string) => ({ script: { lines: [{ speaker: 'Host', text }] } });

describeInBrowser('an evaluator beside people', () => {
  const studio = useStudio();

  beforeAll(async () => {
    await studio.api('POST', '/api/evaluators/short/versions', {
      definition: {
        ...{ kind: 'evaluator', id: 'short', type: 'rule', passAt: 0.9 },
        with: {
          rules: [
            { use: 'length', text: '{{script.lines}}', min: 1, max: 5 },
            { use: 'banned-words', text: '{{script.lines}}', words: ['dull'] },
          ],
        },
      },
    });
    await studio.api('POST', '/api/golden-sets/greetings/versions', {
      definition: {
        ...{ kind: 'golden-set', id: 'greetings', name: 'Greetings', evaluators: ['short'] },
        cases: [
          {
            id: 'brief',
            verdict: 'pass',
            course: 'en-es',
            judgedOn: '2026-11-30',
            given: line('Hello there.'),
          },
          { id: 'kind', verdict: 'pass', course: 'en-es', given: line('Good morning to you.') },
          { id: 'dull', verdict: 'fail', course: 'fr-en', given: line('A dull day.') },
          // Short, and people do not like it.
          { id: 'rude', verdict: 'fail', note: 'Nobody says so.', given: line('Go away.') },
          { id: 'warm', verdict: 'pass', given: line('Come in and have a cup of tea with all of us.') },
        ],
      },
    });
  }, PATIENCE_MS);

  it(
    'tells where they agree, opens what they do not agree on, and shows what another threshold would pass',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      // Two clicks from Home.
      await page.getByRole('link', { name: 'Evaluators', exact: true }).click();
      await page.getByRole('link', { name: 'Greetings' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'short', exact: true }).click();
      await page.getByLabel('The evaluator as YAML').waitFor();
      await page.getByRole('link', { name: 'Agreement' }).click();
      const times = page.getByLabel('Times that each is asked');
      await times.fill('2,5');
      await page.getByText('"2,5" is no number').waitFor();
      expect(await page.getByRole('button', { name: 'Run the test' }).isDisabled()).toBe(true);
      await times.fill('2');
      await page.getByRole('button', { name: 'Run the test' }).click();
      const agreement = page.getByRole('region', { name: 'Agreement', exact: true });
      await agreement.getByText('3 of 5 would pass').waitFor();
      await page.getByText('short@1 on greetings@1: 5 cases').waitFor();
      await agreement.getByText('Kappa (n = 5)').waitFor();
      await agreement.getByText(/^0\.17 \(95 % /).waitFor();
      const matrix = agreement.getByRole('table', { name: 'How often' });
      expect(await matrix.getByRole('cell').allInnerTexts()).toEqual(['', '2', '1', '1', '1']);
      // A rule never changes its mind.
      await agreement.getByText('Flips (n = 5)').waitFor();
      await agreement.getByText(/^0\.00 \(95 % 0\.00\.\./).waitFor();
      await agreement.getByText('Flips (0)').waitFor();
      const courses = agreement.getByRole('region', { name: 'By course' });
      await courses.getByRole('row', { name: /^en-es 2 not defined 1\.00/ }).waitFor();
      await courses.getByRole('row', { name: /^fr-en 1 not defined 1\.00/ }).waitFor();
      await agreement.getByRole('region', { name: 'By week' }).getByText('2026-W49').waitFor();
      await expectAccessible(page);

      const passes = agreement.getByRole('region', { name: 'False passes' });
      await passes.getByRole('button', { name: 'rude' }).click();
      await passes.getByRole('region', { name: 'Case rude' }).getByText('Nobody says so.').waitFor();
      await agreement.getByRole('region', { name: 'False fails' }).getByText('warm').waitFor();
      await expectAccessible(page);

      await agreement.getByRole('slider').focus();
      await page.keyboard.press('Home');
      await agreement.getByText('5 of 5 would pass, 2 otherwise than now').waitFor();
      expect(await matrix.getByRole('cell').allInnerTexts()).toEqual(['', '3', '0', '2', '0']);
      // Of the address: a colleague sees the same.
      await page.waitForURL(/passAt=0/);
      await page.reload();
      await agreement.getByText('5 of 5 would pass').waitFor();

      const field = agreement.getByLabel('Threshold as a number');
      await field.fill('');
      await agreement.getByText('Write a number from 0 to 1').waitFor();
      await field.fill('much');
      await agreement.getByText('"much" is no number').waitFor();
      await field.fill('2');
      await agreement.getByText('It must be 0 to 1').waitFor();
      await expectAccessible(page);
      expect(new URL(page.url()).searchParams.get('passAt')).toBe('0');
      await field.fill('0.50');
      await page.waitForURL(/passAt=0\.5/);
      expect(await field.inputValue()).toBe('0.50');
    },
    4 * PATIENCE_MS,
  );

  it(
    'is edited by its threshold and weights or as text, which say the same, and published with a note',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/evaluators/short`);
      const text = page.getByLabel('The evaluator as YAML');
      await text.waitFor();
      await page.getByLabel('Passes at').fill('0.8');
      await text.getByText('passAt: 0.8').waitFor();
      await page.getByLabel('Weight of length').fill('3');
      await text.getByText('weight: 3').waitFor();
      await page.getByLabel('Passes at').fill('7');
      await page.getByRole('heading', { name: 'Problems (1)' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByRole('heading', { name: /^Problems/ }).waitFor({ state: 'detached' });
      // What is no number is said at once and stays as it is typed, in the draft too.
      await page.getByLabel('Passes at').fill('0,8');
      await page.getByText('"0,8" is no number: write it like 1.5').waitFor();
      await text.getByText('passAt: 0,8').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      expect(await page.getByLabel('Passes at').inputValue()).toBe('0.8');

      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      const drawer = page.getByRole('complementary', { name: 'Publish version' });
      await drawer.getByText('golden-set greetings').waitFor();
      await drawer.getByText('Against version 1').waitFor();
      await expectAccessible(page);
      await drawer.getByLabel('Note').fill('stricter');
      await drawer.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByText('Version 2 never changes').waitFor();
      const { definition } = await studio.api<{ definition: { with: { rules: object[] } } }>(
        'GET',
        '/api/evaluators/short',
      );
      expect(definition.with.rules[0]).toMatchObject({ use: 'length', weight: 3 });
    },
    4 * PATIENCE_MS,
  );

  it(
    'is tested by a golden set that people write',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/golden-sets/greetings`);
      await page.getByLabel('The golden set as YAML').getByText('Nobody says so.').waitFor();
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );
});
