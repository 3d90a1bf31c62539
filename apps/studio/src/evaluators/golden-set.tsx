import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { DefinitionDesk } from './definition-desk.js';
import { DefinitionText } from './definition-text.js';
import './evaluators.css';

const route = getRouteApi('/golden-sets/$id');

/** Cases with the verdicts of people, as they are written. */
export function GoldenSet() {
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const empty = useMemo(
    () => ({ kind: 'golden-set', id, evaluators: [], cases: [{ id: 'first', verdict: 'pass', given: {} }] }),
    [id],
  );
  return (
    <DefinitionDesk
      key={id}
      resource="golden-sets"
      one="golden set"
      {...{ id, empty }}
      search={route.useSearch()}
      onSearch={(search) => void navigate({ search })}
    >
      {(edited) => <DefinitionText label="The golden set as YAML" edited={edited} />}
    </DefinitionDesk>
  );
}
