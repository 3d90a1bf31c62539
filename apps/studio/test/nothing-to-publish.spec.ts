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
});
