import { expect, it } from '@jest/globals';
import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const SOURCES = resolve(import.meta.dirname, '../src');
/** A rule of nothing but one class, or a list of such. */
const LONE_CLASS = /^(\.[\w-]+(?:,\s*\.[\w-]+)*)\s*\{/gm;

it('a class is told what it looks like by one style sheet: screens that were opened before change no other', async () => {
  const told = new Map<string, Set<string>>();
  for await (const file of glob('**/*.css', { cwd: SOURCES })) {
    const text = await readFile(resolve(SOURCES, file), 'utf8');
    for (const [, list] of text.matchAll(LONE_CLASS))
      for (const name of list!.split(/,\s*/)) told.set(name, (told.get(name) ?? new Set()).add(file));
  }

  expect(told.size).toBeGreaterThan(50);
  expect([...told].filter(([, files]) => files.size > 1).map(([name, files]) => [name, ...files])).toEqual(
    [],
  );
});
