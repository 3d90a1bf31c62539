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
        return op === 'removed' ? <del key={n}>{text}</del> : <span key={n}>{text}</span>;
      })}
    </p>
  );
}
