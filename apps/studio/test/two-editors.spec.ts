import { TcpProxy, until } from '@duofactory/testing/network';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

interface Draft {
  readonly revision: number;
  readonly definition: { steps: { type: string; text: string }[]; model: object };
}

describeInBrowser('two editors of one draft', () => {
  const studio = useStudio(() => ({ DUOFACTORY_PUBLISH_POLICY: 'second-person' }));
  let others: BrowserContext;
  let other: Page;

  beforeAll(async () => {
    others = await studio.context.browser()!.newContext({ viewport: { width: 1440, height: 900 } });
    others.setDefaultTimeout(PATIENCE_MS);
    other = await others.newPage();
  }, PATIENCE_MS);
  afterAll(() => others?.close(), PATIENCE_MS);

  const draft = (id: string): Promise<Draft> => studio.api('GET', `/api/prompts/${id}/draft`);
  const saved = (page: Page): Promise<void> => page.getByText(/^Saved \d/).waitFor();
  const step = (page: Page, n: number) => page.getByLabel(`Text of step ${n}`);
  const write = async (page: Page, n: number, text: string): Promise<void> => {
    await step(page, n).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(text);
  };
  const save = async (page: Page): Promise<void> => {
    await page.keyboard.press('ControlOrMeta+s');
    await saved(page);
  };
  const publish = (id: string): Promise<unknown> =>
    studio.api('POST', `/api/prompts/${id}/versions`, {
      definition: {
        ...{ kind: 'prompt', id, model: { name: 'default' }, output: 'text' },
        steps: [
          { type: 'system', text: 'Be kind.' },
          { type: 'user', text: 'Say hello.' },
        ],
      },
    });

  it(
    'come together by step; what both changed is asked, and no typing is dropped',
    async () => {
      const { page } = studio;
      await publish('greet');
      for (const each of [page, other]) {
        await each.goto(`${studio.url}/prompts/greet`);
        await step(each, 2).waitFor();
      }

      // Each says who they are, and sees the other before they clash.
      for (const [each, name] of [
        [page, 'ana'],
        [other, 'ben'],
      ] as const) {
        await each.getByRole('button', { name: /change your name/ }).click();
        await each.getByLabel('Your name', { exact: false }).fill(name);
        await each.keyboard.press('Enter');
        await each.getByRole('button', { name: `as ${name}` }).waitFor();
      }

      // Each changes another step: both are there, and Undo takes back nothing of the other.
      await write(page, 1, 'Be kind and short.');
      await other.getByText('ana is editing').waitFor();
      await save(page);
      await write(other, 2, 'Say hello to {{name}}.');
      await page.getByText('ben is editing').waitFor();
      await save(other);
      await other.getByText('ana saved meanwhile. It is in the text here').waitFor();
      await other.getByText('Step 1, text').waitFor();
      expect((await draft('greet')).definition.steps.map(({ text }) => text)).toEqual([
        'Be kind and short.',
        'Say hello to {{name}}.',
      ]);
      await expectAccessible(other);
      await other.getByRole('button', { name: 'Undo' }).click();
      await other.waitForFunction(() => document.body.innerText.includes('Say hello.'));
      expect(await step(other, 1).innerText()).toBe('Be kind and short.');
      await other.getByRole('button', { name: 'Redo' }).click();

      // Both change one step.
      await write(page, 1, 'Be kind, short and true.');
      await write(other, 1, 'Be funny.');
      await save(other);
      await page.keyboard.press('ControlOrMeta+s');
      const both = page.getByRole('alert', { name: 'Changed by both' });
      await both.getByRole('heading', { name: 'Step 1, text' }).waitFor();
      await both.getByRole('group', { name: 'Step 1, text, theirs' }).getByText('Be funny.').waitFor();
      await expectAccessible(page);
      expect(await step(page, 1).innerText()).toBe('Be kind, short and true.');
      // A reload in the middle of it forgets nothing of it.
      await page.reload();
      await both.getByRole('group', { name: 'Step 1, text, theirs' }).getByText('Be funny.').waitFor();
      await both.getByRole('button', { name: 'Keep mine of Step 1' }).click();
      await saved(page);
      expect((await draft('greet')).definition.steps.map(({ text }) => text)).toEqual([
        'Be kind, short and true.',
        'Say hello to {{name}}.',
      ]);

      // Whoever publishes sees what each of them changed.
      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      await page.getByText('Against version 1, by ana and ben').waitFor();
      const ofBen = page.getByRole('region', { name: /^Changes of ben/ }).first();
      await ofBen.locator('ins', { hasText: '{{name}}' }).waitFor();
      await expectAccessible(page);
      await page.goto(studio.url);
      await other.getByText('ana is editing').waitFor({ state: 'detached' });
    },
    5 * PATIENCE_MS,
  );

  it(
    'do not clash over what one of them had saved before',
    async () => {
      const { page } = studio;
      await publish('twice');
      for (const each of [page, other]) {
        await each.goto(`${studio.url}/prompts/twice`);
        await step(each, 2).waitFor();
      }
      await write(page, 1, 'Be brief.');
      await save(page);
      await write(other, 2, 'Say goodbye.');
      await save(other);
      await write(page, 1, 'Be very brief.');
      await save(page);

      expect((await draft('twice')).definition.steps.map(({ text }) => text)).toEqual([
        'Be very brief.',
        'Say goodbye.',
      ]);
    },
    3 * PATIENCE_MS,
  );

  it(
    'are seen by whoever comes later, and gone for whoever was cut off while they left',
    async () => {
      const { page } = studio;
      await publish('seen');
      const { hostname: host, port } = new URL(studio.url);
      const proxy = await TcpProxy.open({ host, port: Number(port) });
      await page.goto(`${studio.url}/prompts/seen`);
      await other.goto(proxy.through(`${studio.url}/prompts/seen`));
      for (const each of [page, other]) await step(each, 2).waitFor();
      await write(page, 1, 'Be kind and quick.');
      await other.getByText('ana is editing').waitFor();

      // It watches what the first tab of its browser watches already: nothing is told anew.
      const later = await others.newPage();
      await later.goto(proxy.through(`${studio.url}/prompts/seen`));
      await later.getByText('ana is editing').waitFor();

      proxy.cut();
      await other.getByText('Not live').waitFor();
      await page.goto(studio.url);
      await until(
        async () => {
          const { editors } = await studio.api<{ editors: unknown[] }>(
            'GET',
            '/api/editors?place=prompts/seen',
          );
          return editors.length === 0;
        },
        { everyMs: 50 },
      );
      proxy.mend();
      for (const each of [other, later])
        await each.getByText('ana is editing').waitFor({ state: 'detached' });
      await later.close();
      await other.goto('about:blank');
      await proxy.close();
    },
    3 * PATIENCE_MS,
  );

  it(
    'go on where one of them published meanwhile',
    async () => {
      const { page } = studio;
      await publish('part');
      for (const each of [page, other]) {
        await each.goto(`${studio.url}/prompts/part`);
        await step(each, 2).waitFor();
      }
      await write(page, 1, 'Be kind and short.');
      await save(page);
      await other.reload();
      await step(other, 1).getByText('Be kind and short.').waitFor();
      const { revision } = await draft('part');
      await studio.api('POST', '/api/prompts/part/draft/publish', {}, { 'if-match': `"${revision}"` });

      await write(other, 2, 'Say good morning.');
      await save(other);
      expect((await draft('part')).definition.steps.map(({ text }) => text)).toEqual([
        'Be kind and short.',
        'Say good morning.',
      ]);
      await other.getByText('Version 2', { exact: false }).first().waitFor();
    },
    3 * PATIENCE_MS,
  );

  it(
    'publish what they saw: what another saved after that does not go out unseen',
    async () => {
      const { page } = studio;
      await publish('looked-at');
      await page.goto(`${studio.url}/prompts/looked-at`);
      await step(page, 1).waitFor();
      await write(page, 1, 'Be kind and short.');
      await save(page);
      await page.getByRole('button', { name: 'PUBLISH VERSION' }).click();
      await page.getByRole('region', { name: /^Changes of / }).waitFor();
      const { revision, definition } = await draft('looked-at');
      const [first, second] = definition.steps;
      const unseen = { ...definition, steps: [first, { ...second, text: 'Say something rude.' }] };
      await studio.api(...(['PUT', '/api/prompts/looked-at/draft', { definition: unseen }] as const), {
        'if-match': `"${revision}"`,
        'x-duofactory-user': 'ben',
      });
      const answered = page.waitForResponse((response) => response.url().endsWith('/draft/publish'));

      await page.getByRole('button', { name: 'Publish', exact: true }).click();

      expect((await answered).status()).toBe(412);
      await page.getByText('ben saved meanwhile. It is in the text here').waitFor();
      await page.getByRole('alert').getByText('(draft-changed)').waitFor();
      const ofBen = page.getByRole('region', { name: /^Changes of ben/ });
      await ofBen.locator('ins', { hasText: 'rude' }).waitFor();
      expect(await studio.api('GET', '/api/prompts/looked-at')).toMatchObject({ version: 1 });
    },
    2 * PATIENCE_MS,
  );

  it(
    'publish what another has changed, where the policy wants a second person',
    async () => {
      const { page } = studio;
      await publish('seen-by-two');
      await page.goto(`${studio.url}/prompts/seen-by-two`);
      await step(page, 1).waitFor();
      await write(page, 1, 'Be kind and short.');
      await save(page);
      const publishing = async (each: Page): Promise<void> => {
        await each.getByRole('button', { name: 'PUBLISH VERSION' }).click();
        await each.getByRole('button', { name: 'Publish', exact: true }).click();
      };
      await publishing(page);
      await page.getByRole('alert').getByText('Changed by ana since the last version').waitFor();
      await expectAccessible(page);

      await other.goto(`${studio.url}/prompts/seen-by-two`);
      await step(other, 1).getByText('Be kind and short.').waitFor();
      await publishing(other);
      await other.getByText('Version 2', { exact: false }).first().waitFor();
      const { version } = await studio.api<{ version: number }>('GET', '/api/prompts/seen-by-two');
      expect(version).toBe(2);
    },
    3 * PATIENCE_MS,
  );
});
