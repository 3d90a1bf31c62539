import { useMemo, useState } from 'react';
import { placeText } from '../draft/place-text.js';
import { ReadableValue } from '../values/readable-value.js';
import type { DefinitionChange } from './definition-queries.js';
import './definitions.css';
import { foldSame } from './fold-same.js';

/** What differs, as the server tells it: texts word by word, all else as it was and as it is. */
export function DiffView({ changes }: { changes: readonly DefinitionChange[] }) {
  if (changes.length === 0) return <p className="empty">Nothing differs.</p>;
  return (
    <ol className="changes">
      {changes.map((change, n) => (
        <li key={n}>
          <div className="quiet">
            {placeText(change.path.split('.'))} <strong>{change.kind}</strong>
          </div>
          {change.words ? (
            <WordDiff words={change.words} />
          ) : (
            <div className="value before-after">
              {change.before !== undefined && (
                <del>
                  <ReadableValue value={change.before} />
                </del>
              )}
              {change.after !== undefined && (
                <ins>
                  <ReadableValue value={change.after} />
                </ins>
              )}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

export function WordDiff({ words }: { words: readonly { readonly op: string; readonly text: string }[] }) {
  return (
    <p className="words">
      {words.map(({ op, text }, n) => {
        if (op === 'added') return <ins key={n}>{text}</ins>;
        if (op === 'removed') return <del key={n}>{text}</del>;
        return <Same key={n} text={text} isFirst={n === 0} isLast={n === words.length - 1} />;
      })}
    </p>
  );
}

/** What changed is not to be looked for in a long text that did not. */
function Same({ text, isFirst, isLast }: { text: string; isFirst: boolean; isLast: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const pieces = useMemo(() => foldSame(text, { isFirst, isLast }), [text, isFirst, isLast]);
  if (isOpen || !pieces) return <span>{text}</span>;
  return (
    <span>
      {pieces.before}
      <button type="button" className="plain folded" onClick={() => setOpen(true)}>
        … {pieces.folded.length.toLocaleString()} characters stay …
      </button>
      {pieces.after}
    </span>
  );
}
