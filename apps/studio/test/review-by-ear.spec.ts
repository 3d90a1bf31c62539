import { until } from '@duofactory/testing/network';
import { beforeAll, expect, it } from '@jest/globals';
import { publishedOnceKnown } from './support/runs.js';
import { describeInBrowser, expectAccessible, PATIENCE_MS, useStudio } from './support/studio.js';

/** The mouth may be so far from the sound. */
const IN_STEP_MS = 80;

/** A short episode; a person hears it, and what is spoken again goes on. */
const episode = {
  ...{ kind: 'workflow', id: 'heard', name: 'Heard' },
  blocks: [
    {
      ...{ id: 'script', type: 'transform', needs: [] },
      with: {
        expression:
          "{ 'lines': [{ 'speaker': 'Host', 'text': 'Hola, buenos días.' }, { 'speaker': 'Guest', 'text': '¿Quieres un café con leche?' }] }",
      },
    },
    { id: 'audio', type: 'speech', with: { lines: '{{script.lines}}', language: 'es' } },
    { id: 'check', type: 'review', with: { title: 'Hear the episode', edits: 'audio' } },
    {
      ...{ id: 'said', type: 'transform' },
      with: { expression: "{ 'text': audio.lines[1].text, 'object': audio.audio.object }" },
    },
  ],
};
/** Three samples of a title, of which a person takes one. */
const titles = {
  ...{ kind: 'workflow', id: 'titles', name: 'Titles' },
  blocks: [
    { id: 'title', type: 'prompt', needs: [], times: 3, with: { prompt: 'a-title' } },
    { id: 'choose', type: 'review', with: { title: 'Choose a title', edits: 'title' } },
  ],
};
const prompt = {
  kind: 'prompt',
  id: 'a-title',
  model: { name: 'default' },
  output: 'text' as const,
  steps: [{ type: 'user', text: 'Give a title to an episode about a café' }],
};

interface Shown {
  readonly at: number;
  readonly viseme: string;
}

describeInBrowser('an episode is reviewed by ear', () => {
  const studio = useStudio();
  let run: string;

  const hasEnded = async (): Promise<boolean> =>
    (await studio.api<{ endedAt: string | null }>('GET', `/api/runs/${run}`)).endedAt !== null;
  const start = async (workflow: string): Promise<string> =>
    (await studio.api<{ id: string }>('POST', '/api/runs', { workflow, inputs: {} })).id;

  beforeAll(async () => {
    await publishedOnceKnown(studio, episode);
    run = await start('heard');
  }, PATIENCE_MS);

  it(
    'by the keyboard alone: its mouth in step with the sound, a line corrected, spoken again and passed on',
    async () => {
      const { page } = studio;
      const { keyboard } = page;
      await page.goto(`${studio.url}/`);
      await page.getByRole('link', { name: 'Review', exact: true }).focus();
      await keyboard.press('Enter');
      const item = page.getByRole('region', { name: 'Hear the episode' });
      const player = item.getByRole('region', { name: 'Audio' });
      const audio = player.locator('audio');
      await player.locator('.mouth[data-viseme="sil"]').waitFor();
      await page.waitForFunction(() => (document.querySelector('audio')?.readyState ?? 0) >= 4);
      await player.getByText(/^Measured: lines at -\d.* dBFS, .* mouth shapes$/).waitFor();
      await expectAccessible(page);
      const { reviews } = await studio.api<{
        reviews: {
          payload: { audio: { lines: { visemes: { id: string; startMs: number; endMs: number }[] }[] } };
        }[];
      }>('GET', '/api/reviews');
      const visemes = reviews[0]!.payload.audio.lines.flatMap((line) => line.visemes);
      // Each change of the mouth, with the time of the sound at which it is seen.
      await page.evaluate(() => {
        const sound = document.querySelector('audio')!;
        const mouth = document.querySelector('.mouth')!;
        const seen: { at: number; viseme: string }[] = [];
        const words: string[] = [];
        Object.assign(window, { seen, words });
        new MutationObserver(() =>
          seen.push({ at: sound.currentTime * 1000, viseme: mouth.getAttribute('data-viseme')! }),
        ).observe(mouth, { attributes: true, attributeFilter: ['data-viseme'] });
        new MutationObserver(() =>
          words.push(document.querySelector('.word.now')?.textContent ?? ''),
        ).observe(document.querySelector('.transcript')!, {
          attributes: true,
          attributeFilter: ['class'],
          subtree: true,
        });
      });

      await keyboard.press(' ');
      await page.waitForFunction(() => document.querySelector('audio')!.ended);

      const seen = await page.evaluate(() => (window as unknown as { seen: Shown[] }).seen);
      const isIn = ({ at, viseme }: Shown): boolean =>
        visemes.some(
          ({ id, startMs, endMs }) => id === viseme && at >= startMs - IN_STEP_MS && at < endMs + IN_STEP_MS,
        ) || viseme === 'sil';
      expect(await page.evaluate(() => (window as unknown as { words: string[] }).words)).toContain('café');
      expect(seen.filter((one) => !isIn(one))).toEqual([]);
      expect(new Set(seen.map(({ viseme }) => viseme)).size).toBeGreaterThan(5);

      // Where it is put, it shows what is said there.
      const open = visemes.find(({ id, startMs, endMs }) => id === 'a' && endMs - startMs > 40)!;
      await audio.evaluate(
        (sound: HTMLAudioElement, at) => {
          sound.currentTime = at;
        },
        (open.startMs + open.endMs) / 2000,
      );
      await player.locator('.mouth[data-viseme="a"]').waitFor();
      const at = (): Promise<number> => audio.evaluate((sound: HTMLAudioElement) => sound.currentTime);
      await audio.evaluate((sound: HTMLAudioElement) => {
        sound.currentTime = 2.5;
      });
      await keyboard.press('ArrowLeft');
      await page.waitForFunction(() => document.querySelector('audio')!.currentTime === 0.5);
      await keyboard.press('ArrowRight');
      expect(await at()).toBe(2.5);
      await keyboard.press('[');
      await player.getByText('0.75x').waitFor();
      await keyboard.press(']');
      await player.getByText('1x', { exact: true }).waitFor();
      await keyboard.press('ArrowUp');
      await player.locator('.said-line.now[data-line="0"]').waitFor();
      await page.waitForFunction(() => document.querySelector('audio')!.paused);
      await keyboard.press('ArrowDown');
      await player.locator('.said-line.now[data-line="1"]').waitFor();

      await keyboard.press('l');
      const field = player.getByLabel('Line 2, Guest');
      await field.waitFor();
      await expectAccessible(page);
      await field.fill('');
      await keyboard.press('Enter');
      await player.locator('input[aria-invalid="true"]').waitFor();
      await keyboard.type('Quiero dos tés, por favor.');
      await keyboard.press('Enter');
      await player.locator('.said-line').getByText('Quiero').first().waitFor();
      await item.getByRole('button', { name: 'Accept as edited' }).waitFor();
      await keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Accepted as edited. Nothing more waits.').waitFor();

      await until(hasEnded, { everyMs: 250 });
      const { payloads } = await studio.api<{
        payloads: { blockResults: { said: { text: string; object: string } } }[];
      }>('GET', `/api/runs/${run}/results?block=said`);
      const { said } = payloads[0]!.blockResults;
      expect(said.text).toBe('Quiero dos tés, por favor.');
      const spoken = await fetch(`${studio.url}/api/speech/audio/${said.object.split('/').at(-1)}`);
      expect(spoken.headers.get('content-type')).toBe('audio/ogg');
    },
    3 * PATIENCE_MS,
  );

  it(
    'beside its other samples, blind: the better one goes on, the other ends',
    async () => {
      const { page } = studio;
      await studio.api('POST', '/api/prompts/a-title/versions', { definition: prompt });
      await publishedOnceKnown(studio, titles);
      run = await start('titles');
      await page.goto(`${studio.url}/review`);
      await page.getByText('3 waiting').waitFor();
      await page.getByRole('button', { name: 'Side by side' }).waitFor();

      await page.keyboard.press('b');
      const pair = page.getByRole('region', { name: 'Side by side' });
      await pair.getByRole('article', { name: 'Sample B' }).waitFor();
      await expectAccessible(page);
      await page.keyboard.press('h');
      expect(await pair.getByRole('checkbox', { name: 'Blind' }).isChecked()).toBe(true);
      expect(await pair.locator('article small').count()).toBe(0);
      await page.keyboard.press('2');
      await page.getByText('B accepted, the other rejected. 1 to go.').waitFor();
      await page.getByRole('region', { name: 'Choose a title' }).waitFor();
      await page.keyboard.press('r');
      await page.getByLabel('Reason').fill('One is enough');
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByText('Rejected. Nothing more waits.').waitFor();

      await until(hasEnded, { everyMs: 250 });
      const { payloads } = await studio.api<{
        payloads: { blockResults: { choose: { decision: string; comment: string } } }[];
      }>('GET', `/api/runs/${run}/results?block=choose`);
      expect(payloads.map(({ blockResults }) => blockResults.choose)).toMatchObject([
        { decision: 'approved', comment: expect.stringContaining('Better than') },
      ]);
    },
    3 * PATIENCE_MS,
  );
});
