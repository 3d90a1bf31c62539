import { defaultKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** JSON as text; what is none is underlined. Tab leaves it, as everywhere. */
export default function JsonEditor(props: JsonEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef(props);
  now.current = props;
  const { label, text, readOnly } = props;
  useEffect(() => {
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: now.current.text,
        extensions: [
          keymap.of([{ key: 'Mod-Enter', run: () => true }, ...defaultKeymap]),
          json(),
          linter(jsonParseLinter()),
          syntaxHighlighting(COLOURS),
          EditorView.lineWrapping,
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
  }, [label, readOnly]);
  useEffect(() => {
    const editor = view.current!;
    if (editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  return <div className="step-text" ref={host} />;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--text)' },
]);
