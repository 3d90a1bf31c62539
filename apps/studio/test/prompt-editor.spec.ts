import { expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runEnded } from './support/runs.js';
import { describeInBrowser, expectAccessible, isInSight, PATIENCE_MS, useStudio } from './support/studio.js';

const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Draft {
  readonly revision: number;
  readonly definition: { name?: string; steps: { type: string; text?: string; generate?: boolean }[] };
}

describeInBrowser('the prompt editor', () => {
  const studio = useStudio(() => ({ DUOFACTORY_IMAGE_HOSTS: '127.0.0.1' }));
  const draft = (id: string): Promise<Draft> => studio.api('GET', `/api/prompts/${id}/draft`);
  const saved = (): Promise<void> => studio.page.getByText(/^Saved \d/).waitFor();
  const publish = (id: string, steps: object[]): Promise<unknown> =>
    studio.api('POST', `/api/prompts/${id}/versions`, {
      definition: { kind: 'prompt', id, model: { name: 'default' }, steps, output: 'text' },
    });
  /** The control has the focus when the key comes: no pointer is used. */
  const press = async (role: 'button' | 'link' | 'checkbox', name: string | RegExp, key = 'Enter') => {
    const control = studio.page.getByRole(role, { name, exact: typeof name === 'string' });
    await control.focus();
    await studio.page.keyboard.press(key);
  };
  const type = async (label: string, text: string): Promise<void> => {
    await studio.page.getByLabel(label, { exact: true }).focus();
    await studio.page.keyboard.press('ControlOrMeta+a');
    await studio.page.keyboard.insertText(text);
  };
  const textOf = (step: number): Promise<string> =>
    studio.page.getByLabel(`Text of step ${step}`).innerText();

  it(
    'makes a prompt of every kind of step by the keyboard alone, runs it, shows what was sent, and publishes it',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(studio.url);
      await press('link', 'Prompts');
      await page.getByText('No prompt yet').waitFor();
      await expectAccessible(page);
      await type('Id of a new prompt', 'describe-scene');
      await keyboard.press('Enter');
      await page.getByText('No variables were found in your prompt.').waitFor();
      await page.getByText('RUN YOUR PROMPT').waitFor();
      await page.getByLabel('Text of step 1').waitFor();
      await expectAccessible(page);

      await type('Name of the prompt', 'Describe a scene');
      await type('Text of step 1', 'You describe pictures for learners at level {{ the level }}.');
      await press('button', 'Write {{the_level}}');
      await page.getByLabel('Value of the_level').waitFor();
      await type('Text of step 2', '{{image:picture}} Say what you see.');
      await page.locator('.cm-lintRange-error').waitFor();
      await expectAccessible(page);
      await press('button', 'Move it to the end');
      await page.locator('.cm-lintRange-error').waitFor({ state: 'detached' });
      await press('button', '+ Create New Step');
      await type('Text of step 3', 'Now as a title.');
      await press('button', 'SWITCH TYPE of step 3');
      await page.getByText('Assistant Message').nth(1).waitFor();
      await page.getByRole('checkbox').first().focus();
      await keyboard.press('Space');
      await page.getByText('The model writes this message; the steps below see it.').waitFor();
      await press('button', '+ Create New Step');
      await type('Text of step 4', 'Now as a title.');
      await keyboard.press('Alt+ArrowUp');
      await page.getByText('Step 4 is step 3 now').waitFor();
      await keyboard.press('Alt+ArrowDown');
      await page.getByText('Step 3 is step 4 now').waitFor();
      await press('button', 'Fold step 1');
      await page.getByLabel('Text of step 1').waitFor({ state: 'detached' });
      await page.getByText('You describe pictures for learners').waitFor();
      // It is the step that is folded, wherever it goes and whoever brings it back.
      await press('button', 'Move step 1 down');
      await page.getByRole('button', { name: 'Unfold step 2' }).waitFor();
      await press('button', 'Undo');
      await page.getByRole('button', { name: 'Unfold step 1' }).waitFor();
      await press('button', 'Unfold step 1');
      await page.getByLabel('Text of step 1').waitFor();

      // Asked for early: the browser is told to hand choosers over, and one that opens before would be nobody's.
      const choosing = page.waitForEvent('filechooser');
      await type('Value of the_level', 'A1');
      const choose = page.getByRole('button', { name: 'Choose an image' });
      await choose.press('Enter');
      const chooser = await choosing;
      await chooser.setFiles({ name: 'picture.png', mimeType: 'image/png', buffer: PICTURE });
      await page.getByText('image/png, 70 bytes').waitFor();
      // It is shown: the policy of the page lets nothing of elsewhere in.
      await page.waitForFunction(
        () => document.querySelector<HTMLImageElement>('.image-value img')?.naturalWidth,
      );
      await type('Address of the image picture', 'http://10.0.0.1/map.png');
      await keyboard.press('Enter');
      await page.getByText('10.0.0.1 is not on the public web', { exact: false }).waitFor();
      await expectAccessible(page);
      const web = createServer((_request, response) =>
        response.setHeader('content-type', 'image/png').end(PICTURE),
      );
      await once(web.listen(0, '127.0.0.1'), 'listening');
      const { port } = web.address() as AddressInfo;
      await type('Address of the image picture', `http://127.0.0.1:${port}/map.png`);
      await keyboard.press('Enter');
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('.image-url input')?.value === '',
      );
      await page.getByText('image/png, 70 bytes').waitFor();
      web.close();
      await page.getByText('~$').waitFor();
      await keyboard.press('ControlOrMeta+Enter');
      const answer = page.getByRole('article', { name: 'Sample 1' });
      await answer.getByText('(offline)').waitFor();
      await answer.getByText('Step 3').waitFor();
      await expectAccessible(page);

      await press('button', 'VIEW JSON');
      const drawer = page.getByRole('complementary', { name: 'JSON' });
      await drawer.getByRole('region', { name: 'Step 3' }).getByText('for learners at level A1.').waitFor();
      await drawer.getByRole('region', { name: 'Answer' }).getByText('<answer of step 3>').waitFor();
      await drawer.getByRole('region', { name: 'Response 1' }).getByText('describe-scene@0').waitFor();
      await expectAccessible(page);
      await drawer.focus();
      await keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });

      await keyboard.press('ControlOrMeta+s');
      await saved();
      expect(await draft('describe-scene')).toMatchObject({
        definition: {
          name: 'Describe a scene',
          steps: [
            { type: 'system', text: 'You describe pictures for learners at level {{the_level}}.' },
            { type: 'user', text: ' Say what you see.\n{{image:picture}}' },
            { type: 'assistant', generate: true },
            { type: 'user', text: 'Now as a title.' },
            { type: 'assistant', generate: true },
          ],
        },
      });
      await press('button', 'PUBLISH VERSION');
      await page.getByText('It is the first version.').waitFor();
      await expectAccessible(page);
      await type('Note', 'the first one');
      await keyboard.press('Enter');
      await page.getByText('Version 1 never changes').waitFor();
      expect(await studio.api('GET', '/api/prompts/describe-scene@1')).toMatchObject({
        note: 'the first one',
      });
      await expectAccessible(page);
    },
    5 * PATIENCE_MS,
  );

  it(
    'shows the request before all of it is written, and names what is not filled yet',
    async () => {
      const { page } = studio;
      await publish('map', [{ type: 'user', text: 'A map for level {{unit.level}}. {{image:map}}' }]);
      await page.goto(`${studio.url}/prompts/map?panel=json`);
      const drawer = page.getByRole('complementary', { name: 'JSON' });
      const request = drawer.getByRole('region', { name: 'Answer' });
      await request.getByText('A map for level {{unit.level}}.').waitFor();
      await drawer.getByText('Not filled yet: unit.level, image:map').waitFor();
      await expectAccessible(page);
      await page.getByLabel('Value of unit.level').fill('A1');
      await request.getByText('A map for level A1.').waitFor();
      await drawer.getByText('Not filled yet: image:map').waitFor();

      await page.goto(`${studio.url}/prompts/unwritten?panel=json`);
      await drawer.getByText('There is no request before the prompt can be sent').waitFor();
      await drawer.getByText('Step 1: ').waitFor();
      expect(await drawer.getByRole('alert').count()).toBe(0);
      await expectAccessible(page);
    },
    2 * PATIENCE_MS,
  );

  it(
    'fills every variable from a real input by one click, completes what blocks give, and renames everywhere',
    async () => {
      const { page } = studio;
      await publish('slogan', [{ type: 'user', text: 'A slogan for {{rows.title}} by {{rows.author}}.' }]);
      await studio.api('PUT', '/api/tables/books', 'title,author\nEmma,Austen\n', {
        'content-type': 'text/csv',
      });
      await runEnded(studio, {
        ...{ kind: 'workflow', id: 'shelf' },
        blocks: [
          { id: 'rows', type: 'import', needs: [], with: { from: 'table', table: 'books' } },
          { id: 'prompt', type: 'prompt', with: { prompt: 'slogan' } },
        ],
      });
      await page.goto(`${studio.url}/prompts/slogan`);
      await page.getByLabel('Value of rows.title').waitFor();

      await page.getByRole('button', { name: 'Past inputs' }).click();
      const inputs = page.getByRole('complementary', { name: 'Past inputs' });
      await inputs.getByText('shelf, prompt ran slogan@1').waitFor();
      await expectAccessible(page);
      await inputs.getByRole('listitem').getByRole('button').click();
      await page.waitForFunction(
        () =>
          document.querySelector<HTMLTextAreaElement>('[aria-label="Value of rows.author"]')?.value ===
          'Austen',
      );
      expect(await page.getByLabel('Value of rows.title').inputValue()).toBe('Emma');

      // Whose input it is stands there until it is another one; what had been typed comes back.
      const back = page.getByRole('button', { name: 'Bring back what you had typed' });
      const whose = page.getByRole('status').filter({ hasText: 'Input of prompt' });
      await whose.waitFor();
      expect(await back.count()).toBe(0);
      await page.getByLabel('Value of rows.title').fill('Persuasion');
      const changed = whose.getByText(/, changed since$/);
      await changed.waitFor();
      await inputs.getByRole('listitem').getByRole('button').click();
      await changed.waitFor({ state: 'detached' });
      await expectValue('rows.title', 'Emma');
      await page.reload();
      await whose.waitFor();
      await expectAccessible(page);
      await back.click();
      await expectValue('rows.title', 'Persuasion');
      await whose.waitFor({ state: 'detached' });
      expect(await back.count()).toBe(0);
      await inputs.getByRole('listitem').getByRole('button').click();
      await expectValue('rows.title', 'Emma');
      await page.getByRole('button', { name: 'Forget what you had typed' }).click();
      await back.waitFor({ state: 'detached' });
      await inputs.getByRole('button', { name: 'Close' }).click();

      await page.getByLabel('Text of step 1').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('About {{rows.ti');
      await page.locator('.cm-tooltip-autocomplete').getByText('rows.title').click();
      await page.keyboard.type(' and {{rows.autor}}');
      await page.getByRole('button', { name: 'Write {{rows.author}}' }).click();
      expect(await textOf(1)).toBe('About {{rows.title}} and {{rows.author}}');
      await page.getByRole('button', { name: 'Rename rows.author' }).click();
      await page.getByLabel('New name of rows.author').fill('writer');
      await page.getByRole('button', { name: 'Rename everywhere' }).click();
      await page.getByLabel('Value of writer').waitFor();
      expect(await textOf(1)).toBe('About {{rows.title}} and {{writer}}');
      expect(await page.getByLabel('Value of writer').inputValue()).toBe('Austen');
    },
    4 * PATIENCE_MS,
  );

  it(
    'drops nothing when someone else saved meanwhile, and takes steps back after a reload',
    async () => {
      const { page } = studio;
      await publish('greet', [{ type: 'user', text: 'Say hello.' }]);
      await page.goto(`${studio.url}/prompts/greet`);
      const name = page.getByLabel('Name of the prompt');
      await name.fill('First');
      await page.keyboard.press('ControlOrMeta+s');
      await saved();
      const { definition, revision } = await draft('greet');
      await studio.api(
        'PUT',
        '/api/prompts/greet/draft',
        { definition: { ...definition, name: 'Theirs' } },
        { 'if-match': `"${revision}"`, 'x-duofactory-user': 'editor-2' },
      );
      await name.fill('Mine');
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText('editor-2 saved meanwhile and changed what you changed').waitFor();
      await expectAccessible(page);
      await page.getByRole('group', { name: 'Name, theirs' }).getByText('Theirs').waitFor();
      expect(await name.inputValue()).toBe('Mine');
      await page.getByRole('button', { name: 'Take theirs' }).click();
      await expectName('Theirs');
      await page.getByRole('button', { name: 'Undo' }).click();
      await expectName('Mine');
      await page.keyboard.press('ControlOrMeta+s');
      await saved();

      await studio.kill();
      await name.fill('Typed while it was away');
      await page.getByText(/^Not saved/).waitFor();
      await studio.restart();
      await page.reload();
      await expectName('Typed while it was away');
      await page.getByRole('button', { name: 'Undo' }).click();
      await expectName('Mine');
    },
    5 * PATIENCE_MS,
  );

  it(
    'shows what differs between versions, runs an old one, and brings it back',
    async () => {
      const { page } = studio;
      await publish('bid', [{ type: 'user', text: 'Say good morning.' }]);
      await publish('bid', [{ type: 'user', text: 'Say good evening.' }]);
      await page.goto(`${studio.url}/prompts/bid`);
      await page.getByLabel('Text of step 1').waitFor();

      await page.getByRole('button', { name: /^DRAFT/ }).click();
      await page.getByRole('button', { name: 'Open version 1' }).click();
      await page.getByText('Version 1 never changes').waitFor();
      expect(await textOf(1)).toBe('Say good morning.');
      await page.getByRole('button', { name: 'RUN PROMPT' }).click();
      await page.getByText('(offline)').waitFor();
      await page.getByRole('button', { name: 'VIEW JSON' }).click();
      await page.getByRole('region', { name: 'Response 1' }).getByText('"bid@1"').waitFor();

      await page.goto(`${studio.url}/prompts/bid?version=2&compare=1`);
      const compared = page.getByRole('region', { name: 'Version 1 and version 2' });
      await compared.locator('del', { hasText: 'morning' }).waitFor();
      await compared.locator('ins', { hasText: 'evening' }).waitFor();
      await expectAccessible(page);

      await page.goto(`${studio.url}/prompts/bid?panel=versions`);
      await page.getByRole('button', { name: /^Make it production.*version 2$/ }).click();
      await page.getByRole('button', { name: 'Take production away from version 2' }).waitFor();
      await page.getByRole('button', { name: /^Make it production.*version 1$/ }).click();
      await page.getByRole('button', { name: 'Take production away from version 1' }).waitFor();
      await page
        .getByRole('button', { name: 'Take production away from version 2' })
        .waitFor({ state: 'detached' });
      await expectAccessible(page);
      expect(await studio.api('GET', '/api/prompts/bid@production')).toMatchObject({ version: 1 });
      await page.getByRole('button', { name: 'Restore version 1' }).click();
      await page.getByText('Say good morning.').waitFor();
      await page.keyboard.press('ControlOrMeta+s');
      await saved();
      expect((await draft('bid')).definition.steps).toEqual([{ type: 'user', text: 'Say good morning.' }]);
    },
    4 * PATIENCE_MS,
  );

  it(
    'shows the answer, and what changed in a long text, without looking for it',
    async () => {
      const { page } = studio;
      const names = Array.from({ length: 14 }, (_, n) => `given${n}`);
      const steps = (more: string): object[] => [
        {
          type: 'user',
          text: `${names.map((one) => `{{${one}}}`).join(' ')}\n${'Rule. \n'.repeat(200)}${more}`,
        },
      ];
      await publish('long', steps(''));
      await page.goto(`${studio.url}/prompts/long`);
      await page.getByLabel('Value of given13').waitFor();
      for (const name of names) await page.getByLabel(`Value of ${name}`, { exact: true }).fill('x');

      await page.getByRole('button', { name: 'RUN PROMPT' }).click();
      const answer = page.getByRole('article', { name: 'Sample 1' });
      await answer.waitFor();
      expect(await isInSight(page.getByRole('heading', { name: 'Chat', exact: true }))).toBe(true);
      expect(await isInSight(answer)).toBe(true);
      await expectAccessible(page);

      await studio.api(
        'PUT',
        '/api/prompts/long/draft',
        {
          definition: {
            kind: 'prompt',
            id: 'long',
            model: { name: 'default' },
            steps: steps('And smile.'),
            output: 'text',
          },
        },
        { 'if-none-match': '*' },
      );
      await page.goto(`${studio.url}/prompts/long?panel=publish`);
      const drawer = page.getByRole('complementary', { name: 'Publish version' });
      const added = drawer.locator('ins', { hasText: 'And smile.' });
      await added.waitFor();
      expect(await isInSight(added)).toBe(true);
      await expectAccessible(page);
      await drawer.getByRole('button', { name: /characters stay/ }).click();
      await drawer.getByText('{{given0}} {{given1}}', { exact: false }).waitFor();
    },
    4 * PATIENCE_MS,
  );

  async function expectValue(variable: string, value: string): Promise<void> {
    await studio.page.waitForFunction(
      ([label, wanted]) =>
        document.querySelector<HTMLTextAreaElement>(`[aria-label="${label}"]`)?.value === wanted,
      [`Value of ${variable}`, value] as const,
    );
  }

  /** An input's value is no text of the page. */
  function expectName(name: string): Promise<unknown> {
    return studio.page.waitForFunction(
      (wanted) => document.querySelector<HTMLInputElement>('.definition-head input')?.value === wanted,
      name,
    );
  }
});
