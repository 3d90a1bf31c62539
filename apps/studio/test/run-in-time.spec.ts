import { expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const workflow = {
  ...{ kind: 'workflow', id: 'greet', name: 'Greet' },
  inputs: { name: { type: 'string' } },
  blocks: [
    {
      ...{ id: 'word', type: 'split', needs: [] },
      with: { list: ['one', 'two', 'three'] },
    },
    {
      ...{ id: 'hello', type: 'transform' },
      with: { expression: "{ 'text': name & ' says ' & word.value }" },
    },
  ],
};

describeInBrowser('a run in time', () => {
  const studio = useStudio();
  let run: string;

  it(
    'shows when tasks waited and worked, whole or a stretch of it, by pointer or keys',
    async () => {
      const { page } = studio;
      run = await runEnded(studio, workflow, { name: 'north' });
      await page.goto(`${studio.url}/runs/${run}`);
      await page.getByRole('navigation', { name: 'Views of the run' }).getByText('Timeline').click();
      const blocks = page.getByRole('region', { name: 'Time of blocks' });
      const tasks = page.getByRole('region', { name: 'Longest tasks' });
      await blocks.getByRole('row', { name: 'hello 3' }).waitFor();
      expect(await tasks.getByRole('row').count()).toBe(1 + 1 + 3);
      expect(await tasks.locator('.stretch.queued').count()).toBeGreaterThan(0);
      // As long as its time is, or as thin as can still be seen.
      const drawn = await tasks.locator('.lane .stretch').evaluateAll((all) =>
        all.map((one) => ({
          wide: one.getBoundingClientRect().width,
          share: (parseFloat((one as HTMLElement).style.width) / 100) * one.parentElement!.clientWidth,
        })),
      );
      expect(drawn.filter(({ wide, share }) => Math.abs(wide - Math.max(2, share)) > 1)).toEqual([]);
      await expectAccessible(page);

      // Before the last blocks began there is the first one alone.
      const to = page.getByRole('slider', { name: 'To' });
      await to.focus();
      await page.keyboard.press('Home');
      await page.waitForFunction(() => document.querySelectorAll('.timeline .lane').length < 4);
      // Of the address: a colleague sees the same stretch.
      await page.waitForURL(/from=\d+&to=\d+/);
      const few = await page.locator('.timeline .lane').count();
      await page.reload();
      await page.waitForFunction(
        (lanes) => document.querySelectorAll('.timeline .lane').length === lanes,
        few,
      );
      await page.getByRole('button', { name: 'Whole run' }).click();
      await page.waitForFunction(() => document.querySelectorAll('.timeline .lane').length === 4);
      await page.getByLabel('Tasks of').selectOption('word');
      await page.waitForFunction(() => document.querySelectorAll('.timeline .lane').length === 1);
      await page.waitForURL(({ search }) => search === '?view=timeline&block=word');
    },
    2 * PATIENCE_MS,
  );

  it(
    'begins again from a block or a payload, with an edited input, and says what that takes over',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/runs/${run}?view=lineage&block=hello&key=word%3D2`);
      await page.getByRole('button', { name: 'Rerun from here' }).click();
      const dialog = page.getByRole('dialog', { name: 'Rerun' });
      await dialog.getByText('Only what comes of word 2 is asked for again.').waitFor();
      await dialog.getByRole('row', { name: 'hello 2 0 1' }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');

      await page.goto(`${studio.url}/runs/${run}?block=word`);
      await page
        .getByRole('complementary', { name: 'Block word' })
        .getByRole('button', { name: 'Rerun from here' })
        .click();
      expect(await dialog.getByLabel('From').inputValue()).toBe('word');
      // As a start asks for them; as JSON, too, and what is typed one way stands in the other.
      const inputs = dialog.getByRole('group', { name: 'Inputs' });
      await inputs.getByLabel('Name').fill('north-west');
      expect(await inputs.getByRole('textbox').count()).toBe(1);
      await inputs.getByRole('button', { name: 'Edit all of them as JSON' }).click();
      const json = inputs.getByLabel('Inputs as JSON');
      expect(JSON.parse(await json.inputValue())).toMatchObject({ name: 'north-west' });
      await json.fill('{ "name": ');
      await dialog.getByText('This is no JSON object').waitFor();
      await json.fill('{ "name": "east" }');
      await inputs.getByRole('button', { name: 'Edit them as fields' }).click();
      expect(await inputs.getByLabel('Name').inputValue()).toBe('east');
      await expectAccessible(page);
      await inputs.getByLabel('Name').fill('south');
      await dialog.getByRole('button', { name: 'Start rerun' }).click();
      await page.locator('.head').getByText('Succeeded').waitFor();
      await page.locator('.facts').getByText('south').waitFor();
    },
    2 * PATIENCE_MS,
  );
});
