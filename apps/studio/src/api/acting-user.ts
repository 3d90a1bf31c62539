import { KeptChoice } from '../values/kept.js';

/** What a header may carry, and a history shows well. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,59}$/;

export const isUserName = (name: string): boolean => NAME.test(name);

/** Who acts in this browser, as the person says: believed, until there are roles. undefined: nobody said. */
export const actingUser = new KeptChoice('duofactory-user', (kept) =>
  typeof kept === 'string' && isUserName(kept) ? kept : undefined,
);
