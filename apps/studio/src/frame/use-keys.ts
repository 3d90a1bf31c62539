import { useEffect, useRef } from 'react';
import { singleKeysAreOn } from './single-keys.js';

/** `ctrl+Enter` also means Cmd+Enter. */
export type Keys = Readonly<Record<string, () => void>>;

const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
/** By Space and by Enter. */
const PRESSED_BY_KEYS = 'button, summary, a, input';
const OPEN_DIALOG = '[role="dialog"][aria-modal="true"]';

/** What a field does itself with them is what is meant while a person types in it. */
const OF_FIELDS = new Set(['z', 'y', 'a', 'c', 'v', 'x']);

/** Keys that go from one thing to the next, and do so while they are held. */
const GO_ON_WHILE_HELD = new Set(['j', 'k', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

/**
 * Keys of a screen. Chords and Escape apart, they mean nothing while a person types; Space presses a button first. One
 * press acts once, however long the key is held, and nothing acts behind an open dialog. In a form Ctrl+Enter sends that
 * form, and means nothing else.
 */
export function useKeys(keys: Keys, of: { overDialogs?: boolean } = {}): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  const { overDialogs = false } = of;
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      if (altKey || event.defaultPrevented || !(target instanceof Element)) return;
      if (!overDialogs && isDialogOpen()) return;
      const isChord = ctrlKey || metaKey;
      const isForField = isChord ? OF_FIELDS.has(key) : key !== 'Escape';
      if (isForField && target.matches(TYPING)) return;
      if (!isChord && key.length === 1 && !singleKeysAreOn.value) return;
      if (key === ' ' && target.closest(PRESSED_BY_KEYS)) return;
      const send = isChord && key === 'Enter' ? sendingOf(target) : undefined;
      const act = send ? () => send.click() : current.current[isChord ? `ctrl+${key}` : key];
      if (!act) return;
      event.preventDefault();
      if (!event.repeat || (!isChord && GO_ON_WHILE_HELD.has(key))) act();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [overDialogs]);
}

/** What a click sends the form with in which it stands; undefined: it stands in none that is sent. */
const sendingOf = (target: Element): HTMLButtonElement | undefined =>
  target.closest('form')?.querySelector<HTMLButtonElement>('button[type="submit"]') ?? undefined;

/** What is behind it is not meant by a key. */
export const isDialogOpen = (): boolean => document.querySelector(OPEN_DIALOG) !== null;

/** A held Enter presses a button, and sends a form, once: the browser would do it again and again. */
export function useEnterPressesOnce(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, repeat, target } = event;
      if (key === 'Enter' && repeat && target instanceof Element && target.closest(PRESSED_BY_KEYS))
        event.preventDefault();
    };
    window.addEventListener('keydown', hear, { capture: true });
    return () => window.removeEventListener('keydown', hear, { capture: true });
  }, []);
}
