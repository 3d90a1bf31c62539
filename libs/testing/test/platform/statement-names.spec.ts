import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');
const NAMED = /name: '([a-z-]+)',\s*text(?:: ([\w.[\]]+))?/g;

/** By name, the places that give it a text: a file and the constant in it. */
function statementsOf(folders: readonly string[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const file of globSync(
    folders.map((folder) => `${folder}/src/**/*.ts`),
    { cwd: ROOT },
  )) {
    for (const [, name, text = ''] of readFileSync(resolve(ROOT, file), 'utf8').matchAll(NAMED)) {
      const known = places.get(name!) ?? new Set();
      places.set(name!, known.add(`${file} ${text}`));
    }
  }
  return places;
}

/** A connection refuses a second text under a name that it knows: at the second of two commands, and only then. */
describe('the names of prepared statements', () => {
  const services = globSync('services/*', { cwd: ROOT });

  it.each(services)('are each of one statement: %s', (service) => {
    const statements = statementsOf([service, 'libs/platform', 'libs/messaging', 'libs/block-kit']);

    expect(statements.size).toBeGreaterThan(0);
    expect([...statements].filter(([, places]) => places.size > 1)).toEqual([]);
  });
});
