import { getRouteApi, Link } from '@tanstack/react-router';
import { DefinitionList } from '../definitions/definition-list.js';

const route = getRouteApi('/evaluators');

/** Who judges, and the cases by which people judge them. */
export function Evaluators() {
  const navigate = route.useNavigate();
  return (
    <>
      <DefinitionList
        resource="evaluators"
        title="Evaluators"
        level="h1"
        one="evaluator"
        empty="No evaluator yet: give one an id to begin."
        linkTo={({ id }, text) => (
          <Link to="/evaluators/$id" params={{ id }}>
            {text}
          </Link>
        )}
        onNew={(id) => void navigate({ to: '/evaluators/$id', params: { id }, search: {} })}
      />
      <DefinitionList
        resource="golden-sets"
        title="Golden sets"
        one="golden set"
        empty="No golden set yet: cases with the verdicts of people, by which evaluators are tested."
        linkTo={({ id }, text) => (
          <Link to="/golden-sets/$id" params={{ id }}>
            {text}
          </Link>
        )}
        onNew={(id) => void navigate({ to: '/golden-sets/$id', params: { id }, search: {} })}
      />
    </>
  );
}
