import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import './yaml-editor.css';

/** The document as text. Tab leaves it, as everywhere. */
export default function YamlEditor({
  label,
  text,
  onChange,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const tell = useRef(onChange);
  tell.current = onChange;
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    const editor = new EditorView({
      parent: host.current!,
      state: EditorState.create({
        doc: text,
        extensions: extensions({ scheme, label }, (typed) => tell.current(typed)),
      }),
    });
    view.current = editor;
    return () => editor.destroy();
    // The text of a later render is brought in below: a new editor would lose the place.
  }, [scheme, label]);
  useEffect(() => {
    const editor = view.current!;
    if (editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  return <div className="yaml" ref={host} />;
}

function extensions(
  { scheme, label }: { scheme: 'light' | 'dark'; label: string },
  onChange: (text: string) => void,
): Extension {
  return [
    lineNumbers(),
    history(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    yaml(),
    syntaxHighlighting(scheme === 'dark' ? DARK : LIGHT),
    syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.theme({}, { dark: scheme === 'dark' }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
  ];
}

const LIGHT = HighlightStyle.define([
  { tag: tags.propertyName, color: '#3b4cca' },
  { tag: tags.definition(tags.propertyName), color: '#3b4cca' },
  { tag: tags.comment, color: '#5f6b7a' },
  { tag: [tags.string, tags.content], color: '#1c2026' },
  { tag: tags.labelName, color: '#7a3fc0' },
]);
const DARK = HighlightStyle.define([
  { tag: tags.propertyName, color: '#9aa8ff' },
  { tag: tags.definition(tags.propertyName), color: '#9aa8ff' },
  { tag: tags.comment, color: '#a9b3c0' },
  { tag: [tags.string, tags.content], color: '#e6e9ee' },
  { tag: tags.labelName, color: '#c39bff' },
]);
