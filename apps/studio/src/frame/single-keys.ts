import { KeptChoice } from '../values/kept.js';

/** Keys without Ctrl or Cmd: who dictates, or hits keys by chance, switches them off (WCAG 2.1.4). */
export const singleKeysAreOn = new KeptChoice('duofactory-single-keys', (kept) => kept !== false);
