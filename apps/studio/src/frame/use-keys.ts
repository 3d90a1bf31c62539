import { useEffect, useRef } from 'react';
import { singleKeysAreOn } from './single-keys.js';

/** `ctrl+Enter` also means Cmd+Enter. */
export type Keys = Readonly<Record<string, () => void>>;

const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
const PRESSED_BY_SPACE = 'button, summary, a, input';

/** What a field does itself with them is what is meant while a person types in it. */
const OF_FIELDS = new Set(['z', 'y', 'a', 'c', 'v', 'x']);

/** Keys of a screen. Chords and Escape apart, they mean nothing while a person types; Space presses a button first. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      if (altKey || event.defaultPrevented || !(target instanceof Element)) return;
      const isChord = ctrlKey || metaKey;
      const isForField = isChord ? OF_FIELDS.has(key) : key !== 'Escape';
      if (isForField && target.matches(TYPING)) return;
      if (!isChord && key.length === 1 && !singleKeysAreOn.value) return;
      if (key === ' ' && target.closest(PRESSED_BY_SPACE)) return;
      const act = current.current[isChord ? `ctrl+${key}` : key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}
