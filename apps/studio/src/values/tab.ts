import { isStored } from './kept.js';

/**
 * Which tab of the browser this is, and which are gone. It stays itself by a reload; a copy of a tab, which begins with
 * what the other one kept, is another one.
 */
const ID = 'duofactory-tab';
const LEFT = 'duofactory-tab-left';
const LOCK = 'duofactory-tab/';

export const tab = begin();

let living: ReadonlySet<string> | undefined;

/** Looks which tabs there are. */
export async function lookForTabs(): Promise<void> {
  if (!('locks' in navigator)) return;
  const { held = [] } = await navigator.locks.query();
  living = new Set(held.map(({ name = '' }) => name).filter((name) => name.startsWith(LOCK)));
}

/** Whether it was closed, as far as is known. Without locks (an address that is not secure) nobody knows. */
export const isGone = (other: string): boolean =>
  other !== tab && living !== undefined && !living.has(`${LOCK}${other}`);

function begin(): string {
  const before = sessionStorage.getItem(ID);
  // What another tab was copied from has not been left.
  const isBack = before !== null && sessionStorage.getItem(LEFT) !== null;
  const id = isBack ? before : crypto.randomUUID();
  isStored(sessionStorage, ID, id);
  sessionStorage.removeItem(LEFT);
  window.addEventListener('pagehide', () => isStored(sessionStorage, LEFT, 'yes'));
  window.addEventListener('pageshow', () => sessionStorage.removeItem(LEFT));
  if ('locks' in navigator)
    void navigator.locks.request(`${LOCK}${id}`, () => new Promise<never>(() => undefined));
  return id;
}

void lookForTabs();
window.addEventListener('focus', () => void lookForTabs());
