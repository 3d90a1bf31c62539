import { beforeAll, expect, it } from '@jest/globals';
import type { Request } from 'playwright-core';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const episode = {
  ...{ kind: 'workflow', id: 'heard', name: 'Heard' },
  blocks: [
    {
      ...{ id: 'script', type: 'transform', needs: [] },
      with: {
        expression:
          "{ 'lines': [{ 'speaker': 'Host', 'text': 'Hola.' }, { 'speaker': 'Guest', 'text': '¿Un café?' }] }",
      },
    },
    { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
    { id: 'check', type: 'review', with: { title: 'Hear the episode', edits: 'audio' } },
  ],
};

describeInBrowser('what a person does to a review', () => {
  const studio = useStudio();
  const decisions: { decision: string; comment?: string; edits?: { lines: { text: string }[] } }[] = [];

  beforeAll(async () => {
    await publishedOnceKnown(studio, episode);
    for (let run = 0; run < 2; run += 1)
      await studio.api('POST', '/api/runs', { workflow: 'heard', inputs: {} });
    studio.page.on('request', (request: Request) => {
      if (request.method() === 'POST' && request.url().endsWith('/decision'))
        decisions.push(request.postDataJSON() as (typeof decisions)[number]);
    });
  }, PATIENCE_MS);

  it(
    'is sent with it: a corrected line that nobody has spoken is not accepted over, and a reload keeps it',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/review`);
      await page.getByText('2 waiting').waitFor();
      const item = page.getByRole('region', { name: 'Hear the episode' });
      const field = item.getByLabel('Line 1, Host');
      await item.locator('.mouth').waitFor();
      await keyboard.press('l');
      await field.fill('Buenos días.');
      await keyboard.press('Escape');
      await keyboard.press('ControlOrMeta+Enter');
      await item.getByText('Line 1 is corrected and not spoken yet').waitFor();
      expect(await item.getByRole('button', { name: 'Accept', exact: true }).isDisabled()).toBe(true);
      await page.waitForFunction(() => document.activeElement?.matches('.correct input'));
      await expectAccessible(page);

      await page.reload();
      await field.waitFor();
      expect(await field.inputValue()).toBe('Buenos días.');
      await field.focus();
      await keyboard.press('ControlOrMeta+Enter');
      await item.locator('.said-line').getByText('Buenos').waitFor();
      expect(decisions).toEqual([]);
      await keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Accepted as edited. 1 to go.').waitFor();

      expect(decisions.map(({ edits }) => edits?.lines.map(({ text }) => text))).toEqual([
        ['Buenos días.', '¿Un café?'],
      ]);
      await keyboard.press('z');
      await page.getByText('Taken back.').waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'is there again when a decision is taken back, of each of two within their ten seconds',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      const item = page.getByRole('region', { name: 'Hear the episode' });
      await item.getByRole('button', { name: 'Accept as edited' }).waitFor();
      await page.getByText('2 waiting').waitFor();
      await keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Accepted as edited. 1 to go.').waitFor();
      await item.getByRole('button', { name: 'Accept', exact: true }).waitFor();
      await keyboard.press('r');
      await keyboard.type('Too dull');
      await keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Rejected. Nothing more waits.').waitFor();

      await keyboard.press('z');
      await item.getByLabel('Reason').waitFor();
      const reason = await item.getByLabel('Reason').inputValue();
      await keyboard.press('z');
      await item.getByRole('button', { name: 'Accept as edited' }).waitFor();

      expect(reason).toBe('Too dull');
      await item.locator('.said-line').getByText('Buenos').waitFor();
      await page.getByText('2 waiting').waitFor();
    },
    2 * PATIENCE_MS,
  );
});
