/** What an address says of a screen, with one part of it anew; undefined: without it. */
export function withPart<Search extends object, Name extends keyof Search>(
  search: Search,
  name: Name,
  value: Search[Name] | undefined,
): Search {
  const { [name]: _, ...rest } = search;
  return (value === undefined ? rest : { ...rest, [name]: value }) as Search;
}

/** What an address does say of a screen. */
export const withoutUnset = <Search extends object>(search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Search;
