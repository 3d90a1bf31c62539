import { useSyncExternalStore } from 'react';

const KEPT_AS = 'duofactory-single-keys';
const onChange = new Set<() => void>();

/** Keys without Ctrl or Cmd: who dictates, or hits keys by chance, switches them off (WCAG 2.1.4). */
export const singleKeysAreOn = (): boolean => localStorage.getItem(KEPT_AS) !== 'off';

export function switchSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(KEPT_AS);
  else localStorage.setItem(KEPT_AS, 'off');
  for (const listener of onChange) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore((listener) => {
    onChange.add(listener);
    return () => onChange.delete(listener);
  }, singleKeysAreOn);
}
