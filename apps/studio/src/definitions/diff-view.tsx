import { useState } from 'react';
import { placeText } from '../draft/place-text.js';
import { ReadableValue } from '../values/readable-value.js';
import type { DefinitionChange } from './definition-queries.js';
import './definitions.css';

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

/** Of what stayed, so much stands beside what changed. */
const BESIDE = 120;
/** Less is not worth a button. */
const LEAST_FOLDED = 200;

/** What changed is not to be looked for in a long text that did not. */
function Same({ text, isFirst, isLast }: { text: string; isFirst: boolean; isLast: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const before = isFirst ? '' : text.slice(0, BESIDE);
  const after = isLast ? '' : text.slice(-BESIDE);
  const folded = text.length - before.length - after.length;
  if (isOpen || folded < LEAST_FOLDED) return <span>{text}</span>;
  return (
    <span>
      {before}
      <button type="button" className="plain folded" onClick={() => setOpen(true)}>
        … {folded.toLocaleString()} characters stay …
      </button>
      {after}
    </span>
  );
}
