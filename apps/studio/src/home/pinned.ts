import { useSyncExternalStore } from 'react';

const KEPT_AS = 'duofactory-pinned-workflows';
const onChange = new Set<() => void>();
let pinned: readonly string[] = readKept();

function readKept(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** Workflows that this person keeps at the top, in this browser. */
export function usePinned(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      onChange.add(listener);
      return () => onChange.delete(listener);
    },
    () => pinned,
  );
}

export function pin(id: string, on: boolean): void {
  pinned = on ? [...pinned, id] : pinned.filter((one) => one !== id);
  localStorage.setItem(KEPT_AS, JSON.stringify(pinned));
  for (const listener of onChange) listener();
}
