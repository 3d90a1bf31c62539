import { defaultKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useComputedColorScheme } from '@mantine/core';
import { useTextEditor } from './use-text-editor.js';
import './yaml-editor.css';

/** The document as text. Tab leaves it, as everywhere; steps back are those of the draft, which outlive a reload. */
export default function YamlEditor(of: { label: string; text: string; onChange: (text: string) => void }) {
  const scheme = useComputedColorScheme('light');
  const { host } = useTextEditor({ ...of, extensions: EXTENSIONS[scheme] });
  return <div className="yaml" ref={host} />;
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

const extensions = (scheme: 'light' | 'dark'): Extension => [
  lineNumbers(),
  keymap.of(defaultKeymap),
  yaml(),
  syntaxHighlighting(scheme === 'dark' ? DARK : LIGHT),
  syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
  EditorView.theme({}, { dark: scheme === 'dark' }),
];
const EXTENSIONS = { light: extensions('light'), dark: extensions('dark') };
