import { useEffect, useState } from 'react';
import { isDialogOpen } from '../frame/use-keys.js';

interface EditKeys {
  readonly save: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Runs or submits. */
  readonly go?: () => void;
  /** A version is shown: there is nothing to take back. */
  readonly isReadOnly?: boolean;
}

/**
 * Ctrl or Cmd with S saves, with Z takes back, with Shift and Z brings again, with Enter goes. Held, steps go on and the
 * others act once; behind an open dialog none does anything.
 */
export function useEditKeys(of: EditKeys): void {
  const [keys] = useState(() => ({ current: of }));
  keys.current = of;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((!event.ctrlKey && !event.metaKey) || isDialogOpen()) return;
      const key = event.key.toLowerCase();
      const { save, undo, redo, go, isReadOnly } = keys.current;
      const once = (act: () => void): void => {
        if (!event.repeat) act();
      };
      if (key === 's') once(save);
      else if (key === 'enter' && go) once(go);
      else if (isReadOnly) return;
      else if (key === 'z' && event.shiftKey) redo();
      else if (key === 'z') undo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [keys]);
}
