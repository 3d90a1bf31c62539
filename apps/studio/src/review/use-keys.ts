import { useEffect, useRef } from 'react';

/** `ctrl+Enter` also means Cmd+Enter. */
export type Keys = Readonly<Record<string, () => void>>;

const TYPING = 'input, textarea, select, [contenteditable="true"]';

/** Keys of a screen. Single letters mean nothing while a person types. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      if (altKey || event.defaultPrevented) return;
      const isChord = ctrlKey || metaKey;
      const isLetter = key.length === 1 && !isChord;
      if (isLetter && target instanceof Element && target.matches(TYPING)) return;
      const act = current.current[isChord ? `ctrl+${key}` : key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}
