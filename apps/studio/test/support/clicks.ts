import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';

/** Presses of the pointer since Home was opened: what is typed, and keys, are not counted. */
export interface Clicks {
  /** Opens Home, and counts from nothing. */
  fromHome(url: string): Promise<void>;
  expectAtMost(count: number): Promise<void>;
}

export async function countClicks(page: Page): Promise<Clicks> {
  await page.addInitScript(() => {
    Object.assign(window, { presses: 0 });
    window.addEventListener(
      'pointerdown',
      () => ((window as unknown as { presses: number }).presses += 1),
      true,
    );
  });
  const presses = (): Promise<number> =>
    page.evaluate(() => (window as unknown as { presses: number }).presses);
  return {
    fromHome: async (url) => {
      await page.goto(url);
      await page.getByRole('heading', { name: 'Home', exact: true }).waitFor();
    },
    // None would be a page that was loaded anew meanwhile, and counts nothing.
    expectAtMost: async (count) => {
      const counted = await presses();
      expect(counted).toBeGreaterThan(0);
      expect(counted).toBeLessThanOrEqual(count);
    },
  };
}
