import { defaultKeymap } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { keymap } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useTextEditor } from '../draft/use-text-editor.js';

interface JsonEditorProps {
  readonly label: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly onChange: (text: string) => void;
}

/** JSON as text; what is none is underlined. Tab leaves it, as everywhere. */
export default function JsonEditor(of: JsonEditorProps) {
  const { host } = useTextEditor({ ...of, extensions: EXTENSIONS });
  return <div className="step-text" ref={host} />;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: 'var(--text)' },
]);

const EXTENSIONS = [
  // The screen runs the prompt.
  keymap.of([{ key: 'Mod-Enter', run: () => true }, ...defaultKeymap]),
  json(),
  linter(jsonParseLinter()),
  syntaxHighlighting(COLOURS),
];
