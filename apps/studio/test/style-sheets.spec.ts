import { expect, it } from '@jest/globals';
import { glob, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

const SOURCES = resolve(import.meta.dirname, '../src');
/** A rule of nothing but one class, or a list of such. */
const LONE_CLASS = /^(\.[\w-]+(?:,\s*\.[\w-]+)*)\s*\{/gm;

/** Rooms whose sheets others build upon. */
const SHARED = /^(frame|definitions)\//;

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

it('a class of a screen that is loaded later means nothing elsewhere: what is in sight does not move then', async () => {
  const sheets = new Map<string, string>();
  for await (const file of glob('**/*.css', { cwd: SOURCES }))
    sheets.set(file, await readFile(resolve(SOURCES, file), 'utf8'));
  const meant = [...sheets].flatMap(([file, text]) =>
    SHARED.test(file)
      ? []
      : [...text.matchAll(LONE_CLASS)].flatMap(([, list]) =>
          list!
            .split(/,\s*/)
            .flatMap((name) =>
              [...sheets]
                .filter(([other, told]) => other !== file && selects(told, name))
                .map(([other]) => ({ name, file, other })),
            ),
        ),
  );

  expect(meant).toEqual([]);
});

function selects(text: string, name: string): boolean {
  const selectors = [...text.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(/[^{}]+(?=\{)/g)];
  return selectors.some(([selector]) => new RegExp(`\\${name}(?![\\w-])`).test(selector));
}
