import { beforeAll, expect, it } from '@jest/globals';
import type { Request } from 'playwright-core';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, PATIENCE_MS, useStudio } from './support/studio.js';

const LINES = {
  ...{ kind: 'workflow', id: 'lines', name: 'Lines' },
  blocks: [
    { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'lines', rowId: 'id' } },
    { id: 'check', type: 'review', with: { title: 'Check the line', edits: 'row' } },
  ],
};
/** As often as a keyboard repeats in some seconds. */
const REPEATS = 30;

describeInBrowser('a held key', () => {
  const studio = useStudio();

  /** Requests of the page from now on. */
  const heardRequests = (method: string, path: RegExp): Request[] => {
    const heard: Request[] = [];
    studio.page.on('request', (request) => {
      if (request.method() === method && path.test(new URL(request.url()).pathname)) heard.push(request);
    });
    return heard;
  };
  const hold = async (key: string): Promise<void> => {
    for (let time = 0; time < REPEATS; time += 1) await studio.page.keyboard.down(key);
  };

  beforeAll(async () => {
    await studio.api('PUT', '/api/tables/lines', 'id,text\n1,One\n2,Two\n3,Three\n4,Four\n', {
      'content-type': 'text/csv',
    });
    await publishedOnceKnown(studio, LINES);
    await studio.api('POST', '/api/runs', { workflow: 'lines', inputs: {} });
    await studio.api('POST', '/api/prompts/word/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'word', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'Say a word.' }],
      },
    });
  }, PATIENCE_MS);

  it(
    'accepts one review, and none behind an open dialog',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/review`);
      await page.getByText('4 waiting').waitFor();
      await page.getByRole('button', { name: 'Accept', exact: true }).waitFor();
      const sent = heardRequests('POST', /^\/api\/reviews\/.+\/decision$/);

      await keyboard.down('Control');
      await keyboard.down('Enter');
      await page.getByText('Accepted. 3 to go.').waitFor();
      await page.getByRole('region', { name: 'Check the line' }).waitFor();
      await hold('Enter');
      await keyboard.up('Enter');
      await keyboard.up('Control');
      await keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await keyboard.press('ControlOrMeta+Enter');
      await keyboard.press('Escape');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
      await keyboard.press('ControlOrMeta+Enter');

      await page.getByText('Accepted. 2 to go.').waitFor();
      expect(sent).toHaveLength(2);
    },
    PATIENCE_MS,
  );

  it(
    'asks a model once: by Ctrl+Enter, by Enter on the button, and while the answer is on its way',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/prompts/word`);
      const runs = page.getByRole('button', { name: 'RUN PROMPT' });
      await runs.waitFor();
      const sent = heardRequests('POST', /^\/api\/prompt-runs$/);
      let gate = Promise.withResolvers<void>();
      await page.route('**/api/prompt-runs', async (route) => {
        await gate.promise;
        await route.continue();
      });

      await keyboard.down('Control');
      await hold('Enter');
      await keyboard.up('Enter');
      await keyboard.press('Enter');
      await keyboard.up('Control');
      await page.getByRole('button', { name: 'STOP' }).waitFor();
      expect(sent).toHaveLength(1);
      gate.resolve();
      await runs.waitFor();
      gate = Promise.withResolvers();
      await runs.focus();
      await hold('Enter');
      await keyboard.up('Enter');
      await page.getByRole('button', { name: 'STOP' }).waitFor();
      gate.resolve();
      await runs.waitFor();

      expect(sent).toHaveLength(2);
      await page.unroute('**/api/prompt-runs');
    },
    PATIENCE_MS,
  );
});
