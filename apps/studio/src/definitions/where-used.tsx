import { useQuery } from '@tanstack/react-query';
import { Failure } from '../frame/failure.js';
import { usesQuery, type Resource } from './definition-queries.js';
import { UsingWorkflows } from './using-workflows.js';

/** Workflows and other things that name it, and the open runs that stay with their version. */
export function WhereUsed({ resource, id }: { resource: Resource; id: string }) {
  const uses = useQuery(usesQuery(resource, id));
  if (uses.error && !uses.data) return <Failure error={uses.error} onRetry={() => void uses.refetch()} />;
  if (!uses.data) return <div className="skeleton" />;
  const { workflows, references, runs } = uses.data;
  if (workflows.length === 0 && references.length === 0 && runs.length === 0)
    return <p className="quiet">Nothing uses it yet.</p>;
  return (
    <ul className="uses">
      <UsingWorkflows workflows={workflows} />
      {references.map(({ kind, id: by, version, reference }) => (
        <li key={`${kind} ${by}`}>
          {kind} {by}
          <span className="quiet">
            @{version} asks {reference}
          </span>
        </li>
      ))}
      {runs.map(({ reference, workflow, runs: count }) => (
        <li key={`${reference} ${workflow}`}>
          <span>
            {count} open {count === 1 ? 'run' : 'runs'} of {workflow} {count === 1 ? 'stays' : 'stay'} with{' '}
            <strong>{reference}</strong>
          </span>
        </li>
      ))}
    </ul>
  );
}
