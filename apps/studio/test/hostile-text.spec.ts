import { beforeAll, expect, it } from '@jest/globals';
import { episodesPublished } from './support/episodes.js';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, PATIENCE_MS, useStudio } from './support/studio.js';

const MARKUP = '<img src="https://evil.example/x.png" onerror="window.hacked=1"><b>bold</b>';
const SCRIPT = '<script>window.hacked=1</script>';
const FORMULA = '=HYPERLINK("https://evil.example","press")';
/** Would write what follows it from right to left. */
const TURNED = 'abc\u202edef ';
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
    // Keys of payloads stand in addresses of our own.
    const away = await page.evaluate(() =>
      [...document.links].filter(({ origin }) => origin !== location.origin).map(({ href }) => href),
    );
    expect(away).toEqual([]);
    expect(calls.filter((url) => /^https?:/.test(url) && new URL(url).origin !== studio.url)).toEqual([]);
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

  it(
    'of a run stays text: in its name, inputs, keys, errors and results, wherever they are shown, and before a person',
    async () => {
      const { page } = studio;
      await studio.api('PUT', '/api/tables/keys', [
        { id: MARKUP, says: `${LINK} ${TURNED}end` },
        { id: FORMULA, says: SCRIPT },
      ]);
      await publishedOnceKnown(studio, {
        ...{ kind: 'workflow', id: 'hostile-run', name: MARKUP, inputs: { say: { type: 'string' } } },
        blocks: [
          { id: 'row', type: 'import', needs: [], with: { from: 'table', table: 'keys', rowId: 'id' } },
          {
            ...{ id: 'said', type: 'transform', onError: 'drop' },
            with: {
              expression: `row.id = '${FORMULA}' ? $error(row.says) : { 'text': row.says, 'id': row.id }`,
            },
          },
          {
            ...{ id: 'script', type: 'transform', needs: ['said'] },
            with: { expression: "{ 'lines': [{ 'speaker': said.id, 'text': said.text }] }" },
          },
          {
            id: 'ask',
            type: 'review',
            needs: ['said'],
            with: { title: `${TURNED}${SCRIPT}`, edits: 'said' },
          },
        ],
      });
      const { id } = await studio.api<{ id: string }>('POST', '/api/runs', {
        workflow: 'hostile-run',
        inputs: { say: `${TURNED}${MARKUP}` },
      });
      const main = page.getByRole('main');

      await page.goto(`${studio.url}/review`);
      await main
        .getByRole('region', { name: `abc\ufffddef ${SCRIPT}` })
        .getByText(`${LINK} abc\ufffddef end`)
        .first()
        .waitFor();
      await main.getByText(MARKUP).first().waitFor();
      await expectInert();

      await page.goto(studio.url);
      await main.getByRole('link', { name: MARKUP, exact: true }).waitFor();
      await main.getByText('say abc\ufffddef <img', { exact: false }).first().waitFor();
      await expectInert();

      await page.goto(`${studio.url}/runs/${id}?block=said`);
      const tasks = page.getByRole('complementary', { name: 'Block said' });
      await tasks.getByText(SCRIPT).waitFor();
      await tasks.getByRole('link', { name: /^row <img src=/ }).waitFor();
      await expectInert();
      await tasks.getByRole('link', { name: /^Lineage of row <img src=/ }).click();
      await page.getByRole('region', { name: 'Block said' }).getByText(LINK).first().waitFor();
      await expectInert();
      await page.goto(`${studio.url}/runs/${id}?view=results&block=said`);
      await page.getByRole('region', { name: 'Payload' }).getByText(LINK).first().waitFor();
      await expectInert();
      // Lines of an episode are drawn in a way of their own: by whom, and what.
      await page.goto(`${studio.url}/runs/${id}?view=results&block=script`);
      const lines = page.getByRole('region', { name: 'Payload' }).locator('dl.lines');
      await lines.locator('dt').getByText(MARKUP, { exact: true }).waitFor();
      await lines.locator('dd').getByText(`${LINK} abc\ufffddef end`, { exact: true }).waitFor();
      await expectInert();
    },
    2 * PATIENCE_MS,
  );

  it(
    'that is spoken stays text, and turns nothing between its words or in an editor',
    async () => {
      const { page } = studio;
      const turned = 'Hola \u202e amigos';
      await publishedOnceKnown(studio, {
        ...{ kind: 'workflow', id: 'hostile-speech' },
        blocks: [
          {
            ...{ id: 'script', type: 'transform', needs: [] },
            with: { expression: `{ 'lines': [{ 'speaker': 'Ana', 'text': '${turned}' }] }` },
          },
          { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
          { id: 'hear', type: 'review', with: { title: 'Hear it', edits: 'audio' } },
        ],
      });
      await studio.api('POST', '/api/runs', { workflow: 'hostile-speech', inputs: {} });
      await page.goto(`${studio.url}/review`);
      await page.getByRole('link', { name: /Hear it/ }).click();
      const said = page.getByRole('list', { name: 'Transcript' }).getByRole('paragraph');
      await said.waitFor();
      expect(await said.innerText()).toBe('Hola \ufffd amigos');

      await page.goto(`${studio.url}/workflows/hostile-speech?view=yaml`);
      const editor = page.getByLabel('The workflow as YAML');
      await editor.locator('.cm-specialChar').waitFor();
      expect(await editor.innerText()).not.toContain('\u202e');
    },
    2 * PATIENCE_MS,
  );
});
