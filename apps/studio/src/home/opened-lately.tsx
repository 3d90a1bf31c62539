import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { WorkflowSummary } from '../api/client.js';
import { definitionsQuery, type Resource } from '../definitions/definition-queries.js';
import type { OpenedKind } from './opened.js';

const ONE_OF: Record<OpenedKind, string> = {
  workflows: 'Workflow',
  prompts: 'Prompt',
  evaluators: 'Evaluator',
  'golden-sets': 'Golden set',
};

/** One click back to what was worked on. Places that there are no more are left out. */
export default function OpenedLately(of: {
  places: readonly string[];
  workflows: readonly WorkflowSummary[];
}) {
  const { places, workflows } = of;
  const isOf = (kind: Resource): boolean => places.some((place) => place.startsWith(`${kind}/`));
  const named = (kind: Resource) => useQuery({ ...definitionsQuery(kind), enabled: isOf(kind) }).data ?? [];
  const known: Record<OpenedKind, readonly { id: string; name?: string | null }[]> = {
    workflows,
    prompts: named('prompts'),
    evaluators: named('evaluators'),
    'golden-sets': named('golden-sets'),
  };
  return places.flatMap((place) => {
    const [kind, id] = place.split('/') as [OpenedKind, string];
    const found = known[kind].find((one) => one.id === id);
    if (!found) return [];
    return [
      <Link key={place} to={`/${kind}/$id`} params={{ id }} search={{}}>
        <span className="quiet">{ONE_OF[kind]}</span> {found.name ?? id}
      </Link>,
    ];
  });
}
