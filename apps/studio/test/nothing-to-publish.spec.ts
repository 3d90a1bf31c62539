import { expect, it } from '@jest/globals';
import { describeInBrowser, PATIENCE_MS, useStudio } from './support/studio.js';

const definition = {
  ...{ kind: 'workflow', id: 'same', name: 'Same' },
  blocks: [{ id: 'word', type: 'transform', needs: [], with: { expression: "'a'" } }],
};

describeInBrowser('a version is made', () => {
  const studio = useStudio();

  it(
    'of what differs from the last one: as long as nothing does, the button is off',
    async () => {
      const { page } = studio;
      await studio.api('POST', '/api/workflows/same/versions', { definition });
      await page.goto(`${studio.url}/workflows/same?panel=publish`);
      const publish = page.getByRole('button', { name: 'Publish', exact: true });

      await page.getByText('Nothing differs from the version that is published.').waitFor();
      expect(await publish.isDisabled()).toBe(true);

      await page.getByLabel('Name of the workflow').fill('Another');
      await page.getByRole('button', { name: 'SAVE', exact: true }).click();
      await page.getByText('Against version 1').waitFor();
      expect(await publish.isEnabled()).toBe(true);
      await publish.click();
      await page.getByText('Version 2 is published.').waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'not of comments that changed alone: the one that is there gets them, and that is said before',
    async () => {
      const { page } = studio;
      const yaml = (why: string): string =>
        `# ${why}\nkind: workflow\nid: told\nblocks:\n  - { id: look, type: review }\n`;
      await studio.api('POST', '/api/workflows/told/versions', { yaml: yaml('Why') });
      await studio.api(
        'PUT',
        '/api/workflows/told/draft',
        { yaml: yaml('Why so') },
        { 'if-none-match': '*' },
      );
      await page.goto(`${studio.url}/workflows/told?panel=publish`);
      await page.getByText('version 1 gets this text, and stays version 1').waitFor();
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await page.getByText('Version 1 is published.').waitFor();

      expect(await studio.api('GET', '/api/workflows/told')).toMatchObject({
        version: 1,
        yaml: yaml('Why so'),
      });
    },
    PATIENCE_MS,
  );
});
