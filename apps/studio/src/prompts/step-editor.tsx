import { autocompletion, completionKeymap, type CompletionContext } from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { Prec, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import { useTextEditor } from '../draft/use-text-editor.js';
import type { TextFault } from './use-check.js';

interface StepEditorProps {
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  readonly readOnly: boolean;
  readonly faults: readonly TextFault[];
  /** What `{{` completes to. */
  readonly names: readonly string[];
  readonly onChange: (text: string) => void;
  readonly onMove: (by: -1 | 1) => void;
}

/** The text of a step. Variables have a colour and complete; faults are underlined. Tab leaves it, as everywhere. */
export default function StepEditor(props: StepEditorProps) {
  const now = useRef(props);
  now.current = props;
  const { text, label, readOnly, faults, onChange } = props;
  const [extensions] = useState(() => extensionsOf(now));
  const { host, view } = useTextEditor({ label, text, readOnly, onChange, extensions });
  useEffect(() => {
    const editor = view.current!;
    const { state } = editor;
    editor.dispatch(setDiagnostics(state, diagnosticsOf(faults, state.doc.length)));
  }, [view, faults, label, readOnly]);
  return <div className="step-text" ref={host} />;
}

function extensionsOf(now: { readonly current: StepEditorProps }): Extension {
  const move = (by: -1 | 1) => (): boolean => {
    now.current.onMove(by);
    return true;
  };
  return [
    Prec.highest(
      keymap.of([
        { key: 'Alt-ArrowUp', run: move(-1) },
        { key: 'Alt-ArrowDown', run: move(1) },
        // The screen runs the prompt.
        { key: 'Mod-Enter', run: () => true },
      ]),
    ),
    keymap.of([...completionKeymap, ...defaultKeymap]),
    autocompletion({ override: [(context) => completeVariable(context, now.current.names)], icons: false }),
    variables,
    placeholder(now.current.hint),
  ];
}

function completeVariable(context: CompletionContext, names: readonly string[]) {
  const opened = context.matchBefore(/\{\{\s*[\w.:-]*/);
  if (!opened) return null;
  const from = opened.from + /^\{\{\s*/.exec(opened.text)![0].length;
  const isClosed = context.state
    .sliceDoc(context.pos, context.pos + 10)
    .trimStart()
    .startsWith('}}');
  return {
    from,
    options: names.map((label) => ({ label, apply: isClosed ? label : `${label}}}` })),
    validFor: /^[\w.:-]*$/,
  };
}

function diagnosticsOf(faults: readonly TextFault[], length: number): Diagnostic[] {
  return faults.flatMap(({ from, to, message, code }) => {
    // Those of a text that has gone on since are told anew in a moment.
    if (from === undefined || to === undefined || to > length) return [];
    return [{ from, to, message, severity: code === 'unknown-variable' ? 'warning' : 'error' }];
  });
}

const matcher = new MatchDecorator({
  regexp: /\{\{[^{}]*\}\}/g,
  decoration: ([found]) =>
    Decoration.mark({ class: found.startsWith('{{image:') ? 'variable image' : 'variable' }),
});
const variables = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = matcher.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
