import { useEffect, useSyncExternalStore } from 'react';

/** Fields in sight whose text cannot be read yet: the document has the last that could. */
let fields = 0;
const listeners = new Set<() => void>();

function count(change: number): void {
  fields += change;
  for (const listener of listeners) listener();
}

/** Of the field that calls it. */
export function useNotTakenOver(isUnread: boolean): void {
  useEffect(() => {
    if (!isUnread) return undefined;
    count(1);
    return () => count(-1);
  }, [isUnread]);
}

/** Whether a text in sight is in no document. */
export const useIsTextUnread = (): boolean => useSyncExternalStore(subscribe, () => fields > 0);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
