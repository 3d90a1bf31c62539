import { useEffect, useRef, useState, type RefObject } from 'react';
import { useTyping } from './typing.js';

export interface InlineEdit {
  /** undefined: nobody edits. */
  readonly typed: string | undefined;
  readonly type: (text: string) => void;
  readonly open: (text: string) => void;
  /** It was sent, or taken back. */
  readonly close: () => void;
  /** Of the button that opens it. */
  readonly opener: RefObject<HTMLButtonElement | null>;
  /** A press opened it; what a reload brought back leaves the focus where it is. */
  readonly isPressed: boolean;
}

/**
 * A text that is edited where it stands. What is typed survives a reload, and a list that scrolls its row out of sight;
 * where the field had the focus, the button that opened it has it afterwards.
 */
export function useInlineEdit(place: string): InlineEdit {
  const [typed, type, forget] = useTyping<string | null>(place, () => null);
  const [isPressed, setPressed] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const hasClosed = useRef(false);
  useEffect(() => {
    if (typed !== null || !hasClosed.current) return;
    hasClosed.current = false;
    // The field is gone, and took the focus with it; whoever went elsewhere meanwhile stays there.
    if (document.activeElement === document.body) opener.current?.focus();
  }, [typed]);
  return {
    typed: typed ?? undefined,
    type,
    open: (text) => {
      setPressed(true);
      type(text);
    },
    close: () => {
      hasClosed.current = true;
      setPressed(false);
      type(null);
      forget();
    },
    opener,
    isPressed,
  };
}
