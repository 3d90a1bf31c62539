import { useEffect, useState } from 'react';

interface EditKeys {
  readonly save: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Runs or submits. */
  readonly go?: () => void;
  /** A text editor with undo steps of its own is open. */
  readonly isText: boolean;
}

/** Ctrl or Cmd with S saves, with Z takes back, with Shift and Z brings again, with Enter goes. */
export function useEditKeys(of: EditKeys): void {
  const [keys] = useState(() => ({ current: of }));
  keys.current = of;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      const key = event.key.toLowerCase();
      const { save, undo, redo, go, isText } = keys.current;
      if (key === 's') save();
      else if (key === 'enter' && go) go();
      else if (isText) return;
      else if (key === 'z' && event.shiftKey) redo();
      else if (key === 'z') undo();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [keys]);
}
