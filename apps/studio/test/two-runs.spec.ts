import { expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const workflow = {
  ...{ kind: 'workflow', id: 'greet', name: 'Greet' },
  inputs: { name: { type: 'string' } },
  blocks: [
    { ...{ id: 'word', type: 'split', needs: [] }, with: { list: ['one', 'two'] } },
    {
      ...{ id: 'hello', type: 'transform' },
      with: { expression: "{ 'text': word.value = 'one' ? 'One' : name & ' says two' }" },
    },
  ],
};

describeInBrowser('two runs beside each other', () => {
  const studio = useStudio();

  it(
    'are chosen, compared by key, and show what came out differently',
    async () => {
      const { page } = studio;
      const first = await runEnded(studio, workflow, { name: 'north' });
      const second = await runEnded(studio, workflow, { name: 'south' });
      await page.goto(`${studio.url}/runs/${second}`);
      await page.getByRole('navigation', { name: 'Views of the run' }).getByText('Compare').click();
      await page.getByLabel('Compare with').selectOption(first);

      const payloads = page.getByRole('region', { name: 'Payloads' });
      await payloads.getByRole('row', { name: /word 1 .*Same/ }).waitFor();
      await payloads.getByRole('row', { name: /word 2 .*Different/ }).waitFor();
      // What differs is shown first.
      await page.getByRole('region', { name: 'This run' }).getByText('south says two').waitFor();
      await page.getByRole('region', { name: 'The other' }).getByText('north says two').waitFor();
      await expectAccessible(page);

      await payloads.getByRole('link', { name: 'word 1' }).click();
      await page.getByRole('region', { name: 'The other' }).getByText('One').waitFor();
      const { searchParams } = new URL(page.url());
      expect(Object.fromEntries(searchParams)).toMatchObject({
        view: 'compare',
        with: first,
        block: 'hello',
      });
      await page.getByLabel('Block').selectOption('word');
      await payloads.getByRole('row', { name: /Same/ }).first().waitFor();
      expect(await payloads.getByRole('row').count()).toBe(1 + 2);
    },
    2 * PATIENCE_MS,
  );
});
