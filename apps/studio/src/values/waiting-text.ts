import { useMemo, useSyncExternalStore } from 'react';
import { isObject } from './is-object.js';
import { keepTyping, readTyping, typingsUnder } from './typing.js';

/** A text that waits until it can be read, or counts, and what stands there meanwhile. */
export interface Waiting {
  readonly text: string;
  readonly over: string;
}

/** Where another thing stands there by now, nothing waits. */
export function waitingText(place: string, shown: string): string | undefined {
  const waiting = readTyping(place) as Waiting | undefined;
  return waiting?.over === shown ? waiting.text : undefined;
}

let changes = 0;
const listeners = new Set<() => void>();

/** Kept at its place, over a reload too; undefined: nothing waits there any more. */
export function keepWaiting(place: string, waiting: Waiting | undefined): void {
  keepTyping(place, waiting);
  changes += 1;
  for (const listener of listeners) listener();
}

/** All that wait below a place, in sight or not. `document`: what they wait for; another one forgets some. */
export function useWaitingUnder(
  place: string,
  document: unknown,
): readonly (Waiting & { readonly place: string })[] {
  const known = useSyncExternalStore(subscribe, () => changes);
  return useMemo(
    () =>
      typingsUnder(place).flatMap(({ place: at, value }) =>
        isWaiting(value) ? [{ ...value, place: at }] : [],
      ),
    [place, document, known],
  );
}

const isWaiting = (value: unknown): value is Waiting =>
  isObject(value) && typeof value['text'] === 'string' && typeof value['over'] === 'string';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
