import { beforeEach, describe, expect, it } from '@jest/globals';
import { KeptChoice } from './kept.js';

/** As a browser's, with room for so many characters. */
class RoomFor implements Storage {
  readonly #texts = new Map<string, string>();
  constructor(private readonly room: number) {}

  get length(): number {
    return this.#texts.size;
  }
  key(n: number): string | null {
    return [...this.#texts.keys()][n] ?? null;
  }
  getItem(key: string): string | null {
    return this.#texts.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    if (text.length > this.room) throw new DOMException('The quota has been exceeded', 'QuotaExceededError');
    this.#texts.set(key, text);
  }
  removeItem(key: string): void {
    this.#texts.delete(key);
  }
  clear(): void {
    this.#texts.clear();
  }
}

describe('a choice that the browser keeps', () => {
  const chosen = (): KeptChoice<string> =>
    new KeptChoice('choice', (kept) => (typeof kept === 'string' ? kept : 'none'));
  const give = (browser: number, tab: number): void => {
    globalThis.localStorage = new RoomFor(browser);
    globalThis.sessionStorage = new RoomFor(tab);
  };

  beforeEach(() => give(100, 100));

  it('is there after a reload', () => {
    chosen().choose('dark');

    expect(chosen().value).toBe('dark');
  });

  it('lasts as long as the tab where the browser has no room, and goes back to the browser when it has', () => {
    give(0, 100);
    chosen().choose('dark');
    expect(chosen().value).toBe('dark');

    globalThis.localStorage = new RoomFor(100);
    chosen().choose('light');

    globalThis.sessionStorage = new RoomFor(0);
    expect(chosen().value).toBe('light');
  });

  it('holds on the page where nothing has room, and those who follow it are told', () => {
    give(0, 0);
    const choice = chosen();
    const told: string[] = [];
    choice.follow(() => told.push(choice.value));

    choice.choose('dark');
    choice.choose('light');

    expect(told).toEqual(['dark', 'light']);
  });
});
