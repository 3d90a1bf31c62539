import { getRouteApi, Link } from '@tanstack/react-router';
import { DefinitionList } from '../definitions/definition-list.js';

const route = getRouteApi('/prompts');

export function Prompts() {
  const navigate = route.useNavigate();
  return (
    <DefinitionList
      resource="prompts"
      title="Prompts"
      level="h1"
      one="prompt"
      empty="No prompt yet: give one an id to begin."
      linkTo={({ id }, text) => (
        <Link to="/prompts/$id" params={{ id }}>
          {text}
        </Link>
      )}
      onNew={(id) => void navigate({ to: '/prompts/$id', params: { id }, search: {} })}
    />
  );
}
