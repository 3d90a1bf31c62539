import { until } from '@duofactory/testing/network';
import { beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown, runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

const greeting = {
  ...{ kind: 'workflow', id: 'greet', name: 'Greet' },
  inputs: { name: { type: 'string' }, times: { type: 'integer', default: 2 } },
  blocks: [
    { id: 'hello', type: 'transform', needs: [], with: { expression: "{ 'text': 'Hello ' & name }" } },
  ],
};

describeInBrowser('a start is told before it is one', () => {
  const studio = useStudio();

  beforeAll(async () => {
    await runEnded(studio, greeting, { name: 'north' });
    await studio.api('POST', '/api/prompts/greeting/versions', {
      definition: {
        ...{ kind: 'prompt', id: 'greeting', model: { name: 'default' }, output: 'text' },
        steps: [{ type: 'user', text: 'Greet {{name}}.' }],
      },
    });
    await studio.api('PUT', '/api/budgets/a-day', { per: 'day', amount: 5 });
  }, PATIENCE_MS);

  it(
    'one run: what past ones came to, block by block, and what budgets leave',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/greet/start`);
      const estimate = page.getByRole('region', { name: 'Estimate' });
      await estimate.getByText('Once the inputs fit').waitFor();
      await page.getByLabel('Name').fill('south');

      await estimate.getByText('From 1 past run').waitFor();
      await estimate.getByRole('row', { name: 'hello transform 1 ~$0.00' }).waitFor();
      await estimate.getByText('Budget a-day (per day) has $5.00 left').waitFor();
      await expectAccessible(page);
    },
    PATIENCE_MS,
  );

  it(
    'what rules judge costs nothing before its first run, and what a model judges is not known',
    async () => {
      const { page } = studio;
      const evaluator = (id: string, more: object): Promise<unknown> =>
        studio.api('POST', `/api/evaluators/${id}/versions`, {
          definition: { kind: 'evaluator', id, ...more },
        });
      const rules = [{ use: 'length', text: '{{hello.text}}', max: 80 }];
      await evaluator('short', { type: 'rule', with: { rules } });
      await evaluator('warm', { type: 'model', with: { prompt: 'greeting', scale: [1, 5] } });
      const judge = (id: string, evaluators: string[]): object => ({
        ...{ id, type: 'evaluate', needs: ['hello'], with: { evaluators } },
      });
      await publishedOnceKnown(studio, {
        ...{ ...greeting, id: 'judged' },
        blocks: [...greeting.blocks, judge('ruled', ['short']), judge('asked', ['short', 'warm'])],
      });
      await page.goto(`${studio.url}/workflows/judged/start`);
      await page.getByLabel('Name').fill('south');

      const estimate = page.getByRole('region', { name: 'Estimate' });
      await estimate.getByRole('row', { name: /^ruled .*~\$0\.00 a payload$/ }).waitFor();
      await estimate.getByRole('row', { name: /^asked .*price unknown$/ }).waitFor();
    },
    PATIENCE_MS,
  );

  it(
    'what is typed survives a reload, and a version other than the latest says what it is bound to',
    async () => {
      const { page } = studio;
      const ask = { id: 'say', type: 'prompt', needs: [], with: { prompt: 'greeting' } };
      await publishedOnceKnown(studio, { ...greeting, blocks: [...greeting.blocks, ask] });
      await page.goto(`${studio.url}/workflows/greet/start`);
      await page.getByLabel('Name').fill('east');
      await page.getByLabel('Times').fill('1,5');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.getByText('"1,5" is no number: write it like 12').waitFor();
      await page.getByLabel('Times').fill('3');
      await page.reload();

      const estimate = page.getByRole('region', { name: 'Estimate' });
      await estimate.getByText('uses greeting@1').waitFor();
      expect(await page.getByLabel('Name').inputValue()).toBe('east');
      expect(await page.getByLabel('Times').inputValue()).toBe('3');
      await page.getByLabel('Version').selectOption('Version 1');
      await estimate.getByRole('row', { name: 'say' }).waitFor({ state: 'detached' });
      await estimate.getByRole('row', { name: 'hello' }).waitFor();
      expect(await page.getByLabel('Name').inputValue()).toBe('east');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('.head').getByText('Succeeded').waitFor();

      const { runs } = await studio.api<{ runs: object[] }>('GET', '/api/runs?workflow=greet&limit=1');
      expect(runs[0]).toMatchObject({ version: 1, inputs: { name: 'east', times: 3 } });
      await page.goto(`${studio.url}/workflows/greet/start`);
      await page.getByLabel('Times').waitFor();
      expect(await page.getByLabel('Name').inputValue()).toBe('');
    },
    2 * PATIENCE_MS,
  );

  it(
    'the clock and events: next times are told before there is a schedule, and each fault stands at its field',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/greet`);
      await page.getByRole('button', { name: 'SCHEDULE' }).click();
      const panel = page.getByRole('complementary', { name: 'Schedule and triggers' });
      await panel.getByRole('button', { name: 'New schedule' }).click();
      const form = panel.getByRole('form', { name: 'New schedule' });
      await form.getByLabel('Time zone').fill('Europe/Nowhere');
      await form.getByText('"Europe/Nowhere" is no time zone').waitFor();
      await form.getByLabel('Time zone').fill('Europe/Madrid');
      await form.getByRole('textbox', { name: 'Times', exact: true }).first().fill('daily');
      await form.getByText('Not a cron expression').waitFor();
      await form.getByRole('textbox', { name: 'Times', exact: true }).first().fill('30 6 * * 1');
      await form
        .getByRole('list', { name: 'Next times' })
        .getByText(/Mon.*6:30/)
        .first()
        .waitFor();
      await form.getByLabel('Id').fill('mondays');
      await form.getByRole('button', { name: 'Make schedule' }).click();
      await form.getByText('Required: a string').waitFor();
      await expectAccessible(page);
      await form.getByLabel('Name').fill('monday');
      await form.getByRole('button', { name: 'Make schedule' }).click();
      await panel.getByRole('list', { name: 'Next times of mondays' }).getByText(/6:30/).first().waitFor();

      const shown = () => studio.api('GET', '/api/schedules/mondays');
      expect(await shown()).toMatchObject({
        ...{ workflow: 'greet', cron: '30 6 * * 1', timeZone: 'Europe/Madrid', paused: false },
        inputs: { name: 'monday', times: 2 },
      });
      await panel.getByRole('button', { name: 'Pause mondays' }).click();
      await panel.getByText('Paused', { exact: true }).waitFor();
      await panel.getByRole('button', { name: 'Edit mondays' }).click();
      await panel.getByLabel('Starts').selectOption('Version 1');
      await panel.getByRole('button', { name: 'Save schedule' }).click();
      await panel.getByText('starts version 1').waitFor();
      expect(await shown()).toMatchObject({ workflow: 'greet@1', paused: true });
      // A new one replaces nobody's.
      await panel.getByRole('button', { name: 'New schedule' }).click();
      await form.getByLabel('Id').fill('mondays');
      await form.getByLabel('Name').fill('other');
      await form.getByRole('button', { name: 'Make schedule' }).click();
      await form.getByText('There is a schedule "mondays" already').waitFor();
      await form.getByRole('button', { name: 'Close' }).click();

      await panel.getByRole('button', { name: 'New trigger' }).click();
      const trigger = panel.getByRole('form', { name: 'New trigger' });
      await trigger.getByLabel('Id').fill('on-unit');
      await trigger.getByLabel('Topic').fill('elsewhere');
      await trigger.getByLabel('Type of the event').fill('org.example.unit-changed.v1');
      await trigger.getByLabel('Only if').fill('data.(');
      await trigger.getByLabel('Input name').fill('{{data.unit}}');
      await trigger.getByRole('button', { name: 'Make trigger' }).click();
      await trigger.getByText('Not listened to: it is one of').waitFor();
      expect(await trigger.getByLabel('Only if').getAttribute('aria-invalid')).toBe('true');
      await expectAccessible(page);
      await trigger.getByLabel('Topic').fill('duofactory.content');
      await trigger.getByLabel('Only if').fill('');
      await trigger.getByRole('button', { name: 'Make trigger' }).click();
      await panel.getByText('on duofactory.content').waitFor();
      await panel.getByRole('button', { name: 'Pause on-unit' }).click();
      await panel.getByRole('button', { name: 'Resume on-unit' }).waitFor();
      expect(await studio.api('GET', '/api/triggers/on-unit')).toMatchObject({
        ...{ inputs: { name: '{{data.unit}}' }, when: null, source: null, paused: true },
      });

      await panel.getByRole('button', { name: 'Delete mondays' }).click();
      await panel.getByRole('button', { name: 'Delete it for good mondays' }).click();
      await panel.getByText('The clock starts nothing of it yet.').waitFor();
      await expectAccessible(page);
      await expect(shown()).rejects.toThrow('unknown-schedule');
    },
    2 * PATIENCE_MS,
  );

  it(
    'an id that cannot be one is said at its field, with one that can',
    async () => {
      const { page } = studio;
      await page.goto(studio.url);
      await page.getByLabel('Id of a new workflow').fill('My Shows');
      await page.getByText('Small letters, digits and "-" only, such as my-shows').waitFor();
      expect(await page.getByRole('button', { name: 'New workflow' }).isDisabled()).toBe(true);
      await expectAccessible(page);
    },
    PATIENCE_MS,
  );

  it(
    'many: each row is tried dry, a bad one is named, those done before cost nothing',
    async () => {
      const { page } = studio;
      await page.goto(`${studio.url}/workflows/greet/start`);
      await page.getByRole('link', { name: 'Many, from a list' }).click();
      const estimate = page.getByRole('region', { name: 'Estimate' });
      const rows = page.getByRole('textbox', { name: 'Rows' });
      const start = page.getByRole('button', { name: 'Start batch' });
      await rows.fill('name,times\nnorth,2\neast,often\nwest,3\n');
      const faults = page.getByRole('list', { name: 'What is wrong with the rows' });
      await faults.getByText('Row 2, times: "often" is no integer').waitFor();
      expect(await start.isDisabled()).toBe(true);
      await expectAccessible(page);

      await rows.fill('name,times\nnorth,2\neast,1\nwest,3\n');
      await estimate.getByText('2 of 3').waitFor();
      await estimate.getByText('1: $0 (reused)').waitFor();
      await page.getByLabel('Inputs that ran before').selectOption('all');
      await estimate.getByText('3 of 3').waitFor();
      await rows.fill('[{"name":"up"},{"name":7}]');
      await faults.getByText('Row 2, name').waitFor();
      await rows.fill('[{"name":"up"},{"name":"down"}]');
      await page.getByLabel('Runs at a time').fill('0');
      await start.click();
      await page.locator('input[aria-invalid="true"]').waitFor();
      await page.getByLabel('Runs at a time').fill('1');
      // What is no amount is no start without a cap.
      await page.getByLabel('Cap in US dollars').fill('1,5');
      await page.getByText('"1,5" is no number: write it like 1.5').waitFor();
      expect(await start.isDisabled()).toBe(true);
      await expectAccessible(page);
      await page.getByLabel('Cap in US dollars').fill('3');
      await rows.fill('[{"name":"up"},]');
      await page.getByText('This is no JSON', { exact: false }).waitFor();
      expect(await rows.getAttribute('aria-invalid')).toBe('true');
      await rows.fill('[{"name":"up"},{"name":"down"}]');
      await start.click();

      await page.getByRole('heading', { name: 'Runs' }).waitFor();
      const ended = async (): Promise<boolean> => {
        const { batches } = await studio.api<{
          batches: { status: string; maxCost: number; concurrency: number; items: { completed: number } }[];
        }>('GET', '/api/batches');
        return batches.length === 1 && batches[0]!.maxCost === 3 && batches[0]!.items.completed === 2;
      };
      await until(ended, { everyMs: 250 });
    },
    2 * PATIENCE_MS,
  );

  it(
    'many are one batch, however often their start is sent: an answer that is lost, and a reload, begin no second one',
    async () => {
      const { page } = studio;
      const batches = async (): Promise<readonly object[]> =>
        (await studio.api<{ batches: object[] }>('GET', '/api/batches')).batches;
      const before = await batches();
      await page.goto(`${studio.url}/workflows/greet/start?rows=list`);
      await page.getByRole('textbox', { name: 'Rows' }).fill('name,times\nover,2\nunder,1\n');
      await page.route('**/api/batches', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        await route.fetch();
        return route.abort();
      });
      const start = page.getByRole('button', { name: 'Start batch' });
      await start.click();
      await page.getByText('The server was not reached').waitFor();
      await page.unroute('**/api/batches');
      await page.reload();
      await start.click();
      await page.getByRole('heading', { name: 'Runs' }).waitFor();

      expect(await batches()).toHaveLength(before.length + 1);
    },
    2 * PATIENCE_MS,
  );
});
