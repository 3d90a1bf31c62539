import { keepTyping, readTyping } from './typing.js';

/** A text that waits until it can be read, or counts, and what stands there meanwhile. */
interface Waiting {
  readonly text: string;
  readonly over: string;
}

/** Where another thing stands there by now, nothing waits. */
export function waitingText(place: string, shown: string): string | undefined {
  const waiting = readTyping(place) as Waiting | undefined;
  return waiting?.over === shown ? waiting.text : undefined;
}

/** Kept at its place, over a reload too; undefined: nothing waits there any more. */
export function keepWaiting(place: string, waiting: Waiting | undefined): void {
  keepTyping(place, waiting);
}
