import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'prettier';

/** The types of the API, as `src/api/schema.ts` holds them. Words are left out: better ones make no client stale. */
export async function clientTypes(description) {
  const source = astToString(await openapiTS(JSON.stringify(withoutWords(description))));
  const head =
    '// Written by `npm run studio:client` from the OpenAPI document of the host. Never edited by hand.\n\n';
  return format(head + source, {
    parser: 'typescript',
    singleQuote: true,
    printWidth: 110,
    trailingComma: 'all',
  });
}

function withoutWords(value) {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(
    ([name, member]) =>
      !(WORDS.has(name) && typeof member === 'string') && name !== 'example' && name !== 'examples',
  );
  // Services are described in the order in which they started.
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, withoutWords(member)]),
  );
}

const WORDS = new Set(['description', 'summary']);
