import { Suspense } from 'react';
import { lazyPart } from '../api/load-part.js';
import type { EditedDefinition } from './definition-desk.js';

const YamlEditor = lazyPart(() => import('../draft/yaml-editor.js'));

/** All of it as it is written, with what the server finds wrong below. */
export function DefinitionText({
  label,
  edited: { draft, text, readOnly, edit },
}: {
  label: string;
  edited: EditedDefinition;
}) {
  return (
    <>
      {readOnly ? (
        <pre className="json" tabIndex={0} aria-label={label}>
          {text}
        </pre>
      ) : (
        <Suspense fallback={<div className="skeleton" />}>
          <YamlEditor
            label={label}
            text={text}
            onChange={(typed) => edit([{ kind: 'replace', text: typed }], 'yaml')}
          />
        </Suspense>
      )}
      {!readOnly && draft.faults.length > 0 && (
        <section className="panel" aria-labelledby="problems">
          <header>
            <h2 id="problems">Problems ({draft.faults.length})</h2>
            <span className="quiet">A draft may have them; what is published may not.</span>
          </header>
          <ul className="problems">
            {draft.faults.map(({ field, message }, n) => (
              <li key={n}>
                <code>{field}</code> {message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
