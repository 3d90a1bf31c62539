import { invalidSource } from './source-problems.js';

const ID = /^[a-z0-9][a-z0-9-]{0,127}$/;

/** Refuses what cannot be the id of a table or of course data. */
export function checkSourceId(id: string): void {
  if (ID.test(id)) return;
  throw invalidSource('invalid-id', 'An id is kebab-case: letters a-z, digits and "-"', [
    { field: 'id', message: 'Must be kebab-case: small letters, digits and hyphens' },
  ]);
}
