import { KeptChoice } from '../values/kept.js';

/** What the server takes for a name of a person. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+-]{0,59}$/u;

export const isUserName = (name: string): boolean => NAME.test(name);

/** Where nobody said a name, two browsers are still two: what one looks at, the other leaves alone. */
const unnamed = new KeptChoice<string | undefined>('duofactory-browser', (kept) =>
  typeof kept === 'string' && isUserName(kept) ? kept : undefined,
);

function nameOfBrowser(): string {
  if (unnamed.value === undefined) unnamed.choose(`local-${crypto.randomUUID().slice(0, 4)}`);
  return unnamed.value ?? 'local';
}

/** Who acts in this browser, as the person says: believed, until there are roles. */
export const actingUser = new KeptChoice<string>('duofactory-user', (kept) =>
  typeof kept === 'string' && isUserName(kept) ? kept : nameOfBrowser(),
);

/** A name as a header carries it, which is ASCII. */
export const headerOf = (name: string): string => encodeURIComponent(name);
