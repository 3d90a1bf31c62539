import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Agreement } from './agreement.js';
import { DefinitionDesk } from './definition-desk.js';
import { DefinitionText } from './definition-text.js';
import { EvaluatorForm } from './evaluator-form.js';
import './evaluators.css';

const route = getRouteApi('/evaluators/$id');

/** How it judges, and how far people agree. */
export function Evaluator() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const { view, test, passAt, opened, ...desk } = search;
  const navigate = route.useNavigate();
  const empty = useMemo(
    () => ({
      ...{ kind: 'evaluator', id, type: 'rule', passAt: 0.7 },
      with: { rules: [{ use: 'length', text: '{{script.lines}}', min: 1, max: 100 }] },
    }),
    [id],
  );
  return (
    <DefinitionDesk
      key={id}
      resource="evaluators"
      one="evaluator"
      {...{ id, empty }}
      search={desk}
      onSearch={(next) => void navigate({ search: view ? { ...next, view } : next })}
    >
      {(edited) => (
        <>
          <nav className="tabs" aria-label="Views of the evaluator">
            <Link
              to="/evaluators/$id"
              params={{ id }}
              search={desk}
              activeOptions={{ exact: true }}
              aria-current={view === undefined ? 'page' : undefined}
            >
              How it judges
            </Link>
            <Link
              to="/evaluators/$id"
              params={{ id }}
              search={{ ...desk, view: 'agreement' }}
              activeOptions={{ exact: true }}
              aria-current={view === 'agreement' ? 'page' : undefined}
            >
              Agreement
            </Link>
          </nav>
          {view === 'agreement' ? (
            <Agreement
              id={id}
              {...{ test, passAt, opened }}
              onSearch={(of) => void navigate({ search: (before) => ({ ...before, ...of }), replace: true })}
            />
          ) : (
            <>
              <EvaluatorForm edited={edited} />
              <DefinitionText label="The evaluator as YAML" edited={edited} />
            </>
          )}
        </>
      )}
    </DefinitionDesk>
  );
}
