import { useSyncExternalStore } from 'react';

const KEPT_AS = 'duofactory-user';
/** What a header may carry, and a history shows well. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,59}$/;
const listeners = new Set<() => void>();

/** Who acts in this browser, as the person says: believed, until there are roles. undefined: nobody said. */
export function actingUser(): string | undefined {
  const kept = localStorage.getItem(KEPT_AS);
  return kept !== null && NAME.test(kept) ? kept : undefined;
}

export const isUserName = (name: string): boolean => NAME.test(name);

export function becomeUser(name: string): void {
  localStorage.setItem(KEPT_AS, name);
  for (const listener of listeners) listener();
}

export function useActingUser(): string | undefined {
  return useSyncExternalStore((onChange) => {
    listeners.add(onChange);
    return () => listeners.delete(onChange);
  }, actingUser);
}
