import { beforeAll, expect, it } from '@jest/globals';
import { episodesPublished } from './support/episodes.js';
import { describeInBrowser, PATIENCE_MS, useStudio } from './support/studio.js';

const MARKUP = '<img src="https://evil.example/x.png" onerror="window.hacked=1"><b>bold</b>';
const SCRIPT = '<script>window.hacked=1</script>';
const FORMULA = '=HYPERLINK("https://evil.example","press")';
const LINK = 'javascript:window.hacked=1 https://evil.example/press';

describeInBrowser('hostile text', () => {
  const studio = useStudio();
  const calls: string[] = [];

  beforeAll(async () => {
    studio.page.on('request', (request) => calls.push(request.url()));
    await studio.api('PUT', '/api/tables/hostile', [
      {
        [MARKUP]: FORMULA,
        en: MARKUP,
        es: LINK,
        section_type: 'intro',
        variability_type: 'semi_fixed',
        wrapper_name: SCRIPT,
      },
      {
        [MARKUP]: LINK,
        en: `1a) ${MARKUP} 1b) ${LINK}`,
        es: '',
        section_type: SCRIPT,
        variability_type: 'semi_fixed',
        wrapper_name: FORMULA,
      },
    ]);
    await episodesPublished(studio, 'episodes', [
      { id: '1', node: 'n', nodeName: MARKUP, slot: 1, wrapper: LINK, title: SCRIPT, viability: 1 },
      { id: '2', node: 'n', nodeName: MARKUP, slot: 2, wrapper: MARKUP, title: FORMULA, viability: 0 },
    ]);
  }, 3 * PATIENCE_MS);

  /** Nothing of it was run, nothing was asked of elsewhere, and nothing leads there. */
  const expectInert = async (): Promise<void> => {
    const { page } = studio;
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await page.locator('main img, main script, main b').count()).toBe(0);
    expect(await page.locator('a[href*="evil.example"], a[href^="javascript:"]').count()).toBe(0);
    expect(calls.filter((url) => url.includes('evil.example'))).toEqual([]);
  };

  it(
    'of a table stays text: in cells, in alternatives and in names of columns',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/sources?table=hostile`);
      const rows = page.getByRole('region', { name: 'Table of rows' });
      for (const text of [MARKUP, SCRIPT, FORMULA, LINK])
        await rows.getByText(text, { exact: true }).first().waitFor();
      await rows.getByText('1b', { exact: true }).waitFor();

      await expectInert();
    },
    2 * PATIENCE_MS,
  );

  it(
    'of an episode stays text: in its row, its node and its drawer, and in a file of it no formula',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es`);
      const table = page.getByRole('table');
      for (const text of [SCRIPT, FORMULA, LINK, MARKUP])
        await table.getByText(text, { exact: false }).first().waitFor();
      await table.getByRole('link', { name: SCRIPT, exact: true }).click();
      const drawer = page.getByRole('complementary', { name: 'Episode' });
      await drawer.getByRole('heading', { name: SCRIPT }).waitFor();
      await drawer.getByText(MARKUP).waitFor();
      await expectInert();

      await page.getByLabel('Select page').check();
      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      const stream = await (await file).createReadStream();
      const parts: Buffer[] = [];
      for await (const part of stream) parts.push(part as Buffer);
      const text = Buffer.concat(parts).toString();
      expect(text).toContain(`"'=HYPERLINK(`);
      expect(text).not.toMatch(/(^|,)"?=/m);
    },
    2 * PATIENCE_MS,
  );
});
