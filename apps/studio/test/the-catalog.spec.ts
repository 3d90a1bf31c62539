import { beforeAll, expect, it } from '@jest/globals';
import { episodesHeard, episodesPublished, type EpisodeRow } from './support/episodes.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const PER_NODE = 60;
const ALL = 2 * PER_NODE;
/** A page of the list. */
const READ = 100;
const MOST_ROWS = 80;

const rowsOf = (node: string, nodeName: string): EpisodeRow[] =>
  Array.from({ length: PER_NODE }, (_, slot) => ({
    ...{ id: `${node}-${slot}`, node, nodeName, slot, title: `${nodeName} ${slot}` },
    wrapper: slot % 2 === 0 ? 'Lucy Is Listening' : 'Slow News',
    viability: slot < 10 ? 0.95 : 0.8,
  }));

interface Episode {
  readonly id: string;
  readonly title: string;
  readonly slot: number;
  readonly status: string;
}

describeInBrowser('the catalog', () => {
  const studio = useStudio();
  const episodes = async (query: string): Promise<Episode[]> =>
    (
      await studio.api<{ episodes: Episode[] }>(
        'GET',
        `/api/episodes?course=en-es&order=place&limit=200&${query}`,
      )
    ).episodes;

  beforeAll(async () => {
    await episodesPublished(studio, 'many', [
      ...rowsOf('empleos', 'Empleos'),
      ...rowsOf('encuentros', 'Encuentros'),
    ]);
  }, 3 * PATIENCE_MS);

  it(
    'shows a course by node and slot, few rows of it in the page, and narrows it down by its address',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Catalog', exact: true }).click();
      await page.waitForURL(/\/catalog\/dev\/en-es$/);
      await page.getByRole('heading', { name: 'DuoRadio / Dev' }).waitFor();
      await page.getByText(`${ALL} episodes`, { exact: true }).waitFor();
      const table = page.getByRole('table');
      await table.getByRole('link', { name: 'Empleos 0', exact: true }).waitFor();
      await table.getByText('(A1 - empleos)').waitFor();
      expect(await page.getByLabel('Course').locator('option').allInnerTexts()).toEqual(['EN < ES']);
      await expectAccessible(page);

      const grid = page.getByRole('region', { name: 'Table of episodes' });
      // The name of a node stays in sight while its episodes pass, and far below the other one does.
      await grid.evaluate((element) => element.scrollTo({ top: 20 * 33 }));
      await table.getByRole('link', { name: 'Empleos 25', exact: true }).waitFor();
      expect(await table.getByText('(A1 - empleos)').isVisible()).toBe(true);
      expect(await table.locator('tbody tr:not(.room)').count()).toBeLessThan(MOST_ROWS);

      await page.getByRole('button', { name: 'FILTER' }).click();
      await page.getByLabel('Name has').fill('ENCUENTROS 1');
      await page.getByLabel('Wrapper', { exact: true }).selectOption('Slow News');
      await page.getByText('6 episodes', { exact: true }).first().waitFor();
      await page.waitForURL(/name=ENCUENTROS/);
      await expectAccessible(page);
      await page.reload();
      await page.getByText('6 episodes', { exact: true }).first().waitFor();
      expect(await page.getByLabel('Name has').inputValue()).toBe('ENCUENTROS 1');
      await page.getByLabel('Viability from').fill('0,9');
      await page.getByText('"0,9" is no number: write it like 1.5').waitFor();
      expect(new URL(page.url()).searchParams.has('minViability')).toBe(false);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText(`${ALL} episodes`, { exact: true }).waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'tells the page from all that match, and promotes, retires and publishes many',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es`);
      await page.getByLabel('Select page').check();
      await page.getByText(`${READ} selected`, { exact: true }).waitFor();
      await page.getByText('Wrapper: 2 values').waitFor();
      await page.getByRole('button', { name: `Select all ${ALL} that match` }).click();
      await page.getByText(`${ALL} selected`, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Promote to Prod' }).click();
      const asking = page.getByRole('group', { name: 'Promote to Prod' });
      await expectAccessible(page);
      await asking.getByRole('button', { name: `Promote to Prod ${ALL} episodes` }).click();
      const outcome = page.getByLabel('Outcome');
      await outcome.getByText(`${ALL} promoted to Prod`).waitFor();
      await page.getByLabel('Environment').selectOption('Prod');
      await page.getByRole('heading', { name: 'DuoRadio / Prod' }).waitFor();
      await page.getByText(`${ALL} episodes`, { exact: true }).waitFor();
      expect(await episodes('environment=prod&status=published')).toHaveLength(ALL);

      await page.goto(`${studio.url}/catalog/prod/en-es?minViability=0.9`);
      await page.getByText('20 episodes', { exact: true }).waitFor();
      // Of the filters, not of the course.
      await page.getByLabel('Select Empleos 0', { exact: true }).check();
      await page.getByRole('button', { name: 'Select all 20 that match' }).click();
      await page.getByRole('button', { name: 'Retire' }).click();
      await page.getByRole('button', { name: 'Retire 20 episodes' }).click();
      await outcome.getByText('20 retired in Prod').waitFor();
      expect(await episodes('environment=prod&status=unpublished')).toHaveLength(20);
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText('Empty slot').first().waitFor();
      await expectAccessible(page);

      await page.goto(`${studio.url}/catalog/prod/en-es`);
      await page.getByLabel('Select page').check();
      await page.getByRole('button', { name: `Select all ${ALL} that match` }).click();
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await outcome.getByText('20 published in Prod').waitFor();
      await outcome.getByText(`${ALL - 20} as they were`, { exact: false }).waitFor();
      expect(await episodes('environment=prod&status=published')).toHaveLength(ALL);
    },
    3 * PATIENCE_MS,
  );

  it(
    'is walked and chosen from by keys, past what is in the page',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/catalog/dev/en-es`);
      await page.getByRole('link', { name: 'Empleos 0', exact: true }).waitFor();
      const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');

      await keyboard.press('j');
      await page.getByRole('link', { name: 'Empleos 0', exact: true }).and(page.locator(':focus')).waitFor();
      await keyboard.press('x');
      await page.getByText('1 selected', { exact: true }).waitFor();
      for (let i = 0; i < 40; i += 1) await keyboard.press('j');
      const far = page.getByRole('link', { name: 'Empleos 40', exact: true }).and(page.locator(':focus'));
      await far.waitFor();
      const [row, grid] = await Promise.all([
        far.boundingBox(),
        page.getByRole('region', { name: 'Table of episodes' }).boundingBox(),
      ]);
      expect(row!.y).toBeGreaterThan(grid!.y);
      expect(row!.y + row!.height).toBeLessThan(grid!.y + grid!.height);
      await keyboard.press('k');
      await keyboard.press('x');
      await page.getByText('2 selected', { exact: true }).waitFor();
      expect(await page.getByLabel('Select Empleos 39').isChecked()).toBe(true);
      // Tab and the pointer move the place from which keys go on.
      await page.getByLabel('Select Empleos 30').focus();
      await keyboard.press('j');
      await page.waitForFunction(() => document.activeElement?.textContent === 'Empleos 31');
      await keyboard.press('Enter');
      await page.getByRole('complementary', { name: 'Episode' }).waitFor();
      expect(await focused()).toBe('Empleos 31');
    },
    2 * PATIENCE_MS,
  );

  it(
    'shows what others change, without a reload',
    async () => {
      const { page } = studio;
      const [one] = await episodes('node=empleos&slot=11');
      await page.goto(`${studio.url}/catalog/dev/en-es?node=empleos&slot=11`);
      const row = page.getByRole('row').filter({ has: page.getByLabel('Select Empleos 11') });
      await row.getByText('Published').waitFor();
      await page.getByText('Live', { exact: true }).waitFor();

      await studio.api('POST', '/api/episodes/actions', { action: 'unpublish', episodes: [one!.id] });
      await row.getByText('Retired').waitFor();
      await studio.api('POST', '/api/episodes/actions', { action: 'publish', episodes: [one!.id] });
      await row.getByText('Published').waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'has people review what is chosen once more: what has a review waits for them, what has none says so',
    async () => {
      const { page } = studio;
      const row = { ...rowsOf('escuela', 'Escuela')[0]!, title: 'Escuela 0' };
      await episodesHeard(studio, 'heard', [row]);
      await page.goto(`${studio.url}/catalog/dev/en-es?slot=0`);
      await page.getByLabel('Select Escuela 0').check();
      await page.getByLabel('Select Encuentros 0').check();
      await page.getByRole('button', { name: 'Review', exact: true }).click();
      const outcome = page.getByLabel('Outcome');
      await outcome.getByText('1 waits for a person').waitFor();
      await outcome.getByText('no block of type review above "episode"', { exact: false }).waitFor();
      await expectAccessible(page);

      await outcome.getByRole('link', { name: 'To Review' }).click();
      const item = page.getByRole('region', { name: 'Hear the show' });
      await item.getByRole('button', { name: 'Correct line 1' }).click();
      await item.getByLabel('Line 1, Ana').fill('¿Tienes trabajo?');
      await item.getByRole('button', { name: 'Speak line again' }).click();
      await item.getByRole('button', { name: 'Accept as edited' }).click();
      await page.getByText('Accepted as edited. Nothing more waits.').waitFor();

      await page.goto(`${studio.url}/catalog/dev/en-es?node=escuela`);
      await page.getByRole('link', { name: 'Escuela 0', exact: true }).click();
      const drawer = page.getByRole('complementary', { name: 'Episode' });
      await drawer.getByText('¿Tienes trabajo?').first().waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'finds a slot taken: offers the swap in the row, and to replace what has it',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es?node=empleos`);
      await page.getByRole('button', { name: 'Slot 0 of Empleos 0: change' }).click();
      const field = page.getByLabel('Slot of Empleos 0');
      await field.fill('1');
      await field.press('Enter');
      await page.getByText('Slot 1 has “Empleos 1” (Slow News).').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Swap' }).click();
      await page.getByRole('button', { name: 'Slot 1 of Empleos 0: change' }).waitFor();
      await page.getByRole('button', { name: 'Slot 0 of Empleos 1: change' }).waitFor();

      const rival = { ...rowsOf('empleos', 'Empleos')[5]!, id: 'rival', wrapper: 'Cooking', title: 'Rival' };
      const [five] = await episodes('node=empleos&slot=5');
      await studio.api('POST', '/api/episodes/actions', { action: 'unpublish', episodes: [five!.id] });
      await episodesPublished(studio, 'rivals', [rival]);
      await page.goto(`${studio.url}/catalog/dev/en-es?node=empleos&slot=5`);
      await page.getByLabel('Select Empleos 5').check();
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      const outcome = page.getByLabel('Outcome');
      await outcome.getByText('slot 5 has “Rival” (Cooking)', { exact: false }).waitFor();
      await outcome.getByText('0 published in Dev, 1 refused.').waitFor();
      await expectAccessible(page);
      await outcome.getByRole('button', { name: 'Replace what has the slot' }).click();
      await outcome.getByText('1 published in Dev').waitFor();
      const now = await episodes('node=empleos&slot=5&status=published');
      expect(now.map(({ title }) => title)).toEqual(['Empleos 5']);
    },
    3 * PATIENCE_MS,
  );

  it(
    'renames in the row, shows all of an episode, and rolls it back',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es?node=encuentros&slot=7`);
      await page.getByRole('button', { name: 'Rename Encuentros 7' }).click();
      const field = page.getByLabel('Name of Encuentros 7');
      await field.fill(' ');
      await field.press('Enter');
      await page.getByText('Write a name of 1 to 200 characters').waitFor();
      await field.fill('<b>Otro</b>');
      await field.press('Enter');
      await page.getByRole('link', { name: '<b>Otro</b>', exact: true }).click();

      const drawer = page.getByRole('complementary', { name: 'Episode' });
      await drawer.getByText('¿Tiene trabajo?').first().waitFor();
      await drawer.getByText('Exercises (1)').click();
      await drawer.getByText('trabajo (right)').waitFor();
      await drawer.getByText('Provenance').click();
      await drawer.getByText('row=encuentros-7').first().waitFor();
      await drawer.getByText('History').click();
      await drawer.getByText('Readers have it').waitFor();
      await expectAccessible(page);
      await drawer.getByRole('button', { name: 'Roll back to version 1' }).click();
      await drawer.getByRole('heading', { name: 'Encuentros 7' }).waitFor();
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
    },
    3 * PATIENCE_MS,
  );

  it(
    'is heard in two clicks from Home',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByRole('link', { name: 'Catalog', exact: true }).click();
      const sound = page.waitForResponse(/\/api\/episodes\/[^/]+\/audio/);
      await page.getByRole('button', { name: 'Play Empleos 1', exact: true }).click();

      const heard = await sound;
      expect([200, 206]).toContain(heard.status());
      expect(heard.headers()['content-type']).toMatch(/^audio\//);
    },
    PATIENCE_MS,
  );

  it(
    'regenerates from a block, by the run that made it',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/catalog/dev/en-es?node=empleos&slot=2`);
      await page.getByLabel('Select Empleos 2').check();
      await page.getByRole('button', { name: 'Regenerate…' }).click();
      await page.getByLabel('From block').selectOption('audio');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Regenerate by 1 run' }).click();
      await page.getByRole('link', { name: /^Run .* began$/ }).click();

      await page.getByRole('heading', { name: /^shows@/ }).waitFor();
    },
    2 * PATIENCE_MS,
  );

  it(
    'recalls what a row went into, after a look, in both environments',
    async () => {
      const { page } = studio;
      const [three] = await episodes('node=encuentros&slot=3');
      await page.goto(`${studio.url}/catalog/prod/en-es?node=encuentros&episode=${three!.id}`);
      const drawer = page.getByRole('complementary', { name: 'Episode' });
      await drawer.getByText('Recall', { exact: true }).click();
      await drawer
        .getByLabel('Every episode that this went into')
        .selectOption({ label: 'Source row row=encuentros-3' });
      await drawer.getByRole('button', { name: 'See what it would take back' }).click();
      await drawer.getByText('2 episodes would be taken back', { exact: false }).waitFor();
      expect(await episodes('environment=prod&node=encuentros&status=recalled')).toEqual([]);
      await expectAccessible(page);

      await drawer.getByLabel('Reason').fill('It says "vos"');
      await page.reload();
      await drawer.getByText('Recall', { exact: true }).click();
      await drawer.getByRole('button', { name: 'See what it would take back' }).click();
      expect(await drawer.getByLabel('Reason').inputValue()).toBe('It says "vos"');
      await drawer.getByRole('button', { name: 'Recall 2 episodes' }).click();
      await drawer.getByText('Recalled: 2 episodes', { exact: false }).waitFor();
      await drawer.getByText('(recalled)').waitFor();

      for (const environment of ['dev', 'prod'])
        expect(
          (await episodes(`environment=${environment}&status=recalled`)).map(({ title }) => title),
        ).toEqual(['Encuentros 3']);
      const { recalls } = await studio.api<{ recalls: { reason: string }[] }>('GET', '/api/recalls');
      expect(recalls.map(({ reason }) => reason)).toEqual(['It says "vos"']);
    },
    2 * PATIENCE_MS,
  );
});
