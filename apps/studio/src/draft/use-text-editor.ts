import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightSpecialChars } from '@codemirror/view';
import { useEffect, useRef, type RefObject } from 'react';

/** What turns the direction of a text, or is not seen, stands there as a dot that says what it is, and turns nothing. */
const HIDDEN_SEEN = highlightSpecialChars({ addSpecialChars: /[\u202a-\u202c\u2068]/g });

interface EditedText {
  readonly label: string;
  readonly text: string;
  readonly readOnly?: boolean;
  readonly onChange: (text: string) => void;
  /** Of this kind of text. What they need of a later render they read from a ref: another list is another editor. */
  readonly extensions: Extension;
}

/** The life of a text editor in its host: made once, brought up to a text that changes elsewhere, told of what is typed. */
export function useTextEditor(of: EditedText): {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly view: RefObject<EditorView | undefined>;
} {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef(of);
  now.current = of;
  const { label, text, readOnly = false, extensions } = of;
  useEffect(() => {
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: now.current.text,
        extensions: [
          extensions,
          EditorView.lineWrapping,
          HIDDEN_SEEN,
          EditorState.readOnly.of(readOnly),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true', tabindex: '0' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            const typed = state.doc.toString();
            if (docChanged && typed !== now.current.text) now.current.onChange(typed);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The text of a later render is brought in below: a new editor would lose the place.
  }, [extensions, label, readOnly]);
  useEffect(() => {
    const editor = view.current!;
    const shown = editor.state.doc.toString();
    if (shown === text) return;
    // The editor has no other breaks of lines than these.
    editor.dispatch({ changes: differenceOf(shown, text.replaceAll(/\r\n?/g, '\n')) });
  }, [text]);
  return { host, view };
}

/** What differs alone, so that the cursor stays at its place. */
function differenceOf(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from += 1;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
