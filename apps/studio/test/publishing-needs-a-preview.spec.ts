import { beforeAll, expect, it } from '@jest/globals';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

describeInBrowser('where the preview is demanded', () => {
  const studio = useStudio(() => ({ DUOFACTORY_PUBLISH_POLICY: 'preview' }));
  const slogan = (text: string) => ({
    ...{ kind: 'prompt', id: 'slogan', model: { name: 'default' }, output: 'text' },
    steps: [{ type: 'user', text }],
  });
  const publish = async (): Promise<unknown> => {
    const { revision } = await studio.api<{ revision: number }>('GET', '/api/prompts/slogan/draft');
    return studio.api('POST', '/api/prompts/slogan/draft/publish', {}, { 'if-match': `"${revision}"` });
  };

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/books', 'title\nEmma\nUlysses\n', { 'content-type': 'text/csv' });
    const isNew = { 'if-none-match': '*' };
    const first = { definition: slogan('A slogan for {{rows.title}}.') };
    await studio.api('PUT', '/api/prompts/slogan/draft', first, isNew);
    // There is nothing yet that it could be compared with.
    await publish();
    await runEnded(studio, {
      ...{ kind: 'workflow', id: 'shelf', name: 'Shelf' },
      blocks: [
        { id: 'rows', type: 'import', needs: [], with: { from: 'table', table: 'books', rowId: 'title' } },
        { id: 'say', type: 'prompt', with: { prompt: 'slogan' } },
      ],
    });
    await studio.api(
      'PUT',
      '/api/prompts/slogan/draft',
      { definition: slogan('One line for {{rows.title}}.') },
      isNew,
    );
  }, 2 * PATIENCE_MS);

  it(
    'a draft is published once it was compared as it is now, and not before',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/prompts/slogan?panel=publish`);
      const drawer = page.getByRole('complementary', { name: 'Publish version' });
      await drawer.getByText('2 inputs, 4 answers').waitFor();
      await drawer.getByRole('button', { name: 'Publish', exact: true }).click();
      await drawer
        .getByText('was not compared with version 1 on past inputs yet', { exact: false })
        .waitFor();
      await expectAccessible(page);

      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText(/of 2 answers differ/).waitFor();
      // What was compared is not what is published: it has changed since.
      await page.getByLabel('Text of step 1').click();
      await page.keyboard.press('ControlOrMeta+End');
      await page.keyboard.insertText(' Be kind.');
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText(/^Saved \d/).waitFor();
      await expect(publish()).rejects.toThrow('preview-needed');

      await drawer.getByRole('button', { name: 'Compare' }).click();
      await drawer.getByText(/of 2 answers differ/).waitFor();
      await drawer.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByText('Version 2 never changes').waitFor();
      const { comparisons } = await studio.api<{ comparisons: object[] }>(
        'GET',
        '/api/prompt-comparisons?prompt=slogan&since=1',
      );
      expect(comparisons).toMatchObject([
        { since: 1, inputs: 2, unjudged: 2 },
        { since: 1, inputs: 2, unjudged: 2 },
      ]);
    },
    3 * PATIENCE_MS,
  );
});
