import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Failure } from '../frame/failure.js';
import { whenText } from '../values/time.js';
import { workflowUsesQuery } from './definition-queries.js';
import { UsingWorkflows } from './using-workflows.js';

/** What runs the workflow by itself or inside of another one, and what has begun with a version and stays with it. */
export function WorkflowUses({ id }: { id: string }) {
  const uses = useQuery(workflowUsesQuery(id));
  if (uses.error && !uses.data) return <Failure error={uses.error} onRetry={() => void uses.refetch()} />;
  if (!uses.data) return <div className="skeleton" />;
  const { workflows, schedules, triggers, batches, runs } = uses.data;
  if ([workflows, schedules, triggers, batches, runs].every((list) => list.length === 0))
    return <p className="quiet">Nothing uses it yet.</p>;
  return (
    <ul className="uses">
      <UsingWorkflows workflows={workflows} />
      {schedules.map(({ schedule, reference, paused, nextAt }) => (
        <li key={`schedule ${schedule}`}>
          <Link to="/workflows/$id" params={{ id }} search={{ panel: 'starts' }}>
            Schedule {schedule}
          </Link>{' '}
          <span className="quiet">
            runs {reference}
            {paused ? ', paused' : nextAt !== null && `, next ${whenText(nextAt)}`}
          </span>
        </li>
      ))}
      {triggers.map(({ trigger, reference, paused, type }) => (
        <li key={`trigger ${trigger}`}>
          <Link to="/workflows/$id" params={{ id }} search={{ panel: 'starts' }}>
            Trigger {trigger}
          </Link>{' '}
          <span className="quiet">
            runs {reference} on {type}
            {paused && ', paused'}
          </span>
        </li>
      ))}
      {batches.map(({ batch, name, version }) => (
        <li key={batch}>
          Batch {name ?? batch.slice(0, 8)} <span className="quiet">stays with version {version}</span>
        </li>
      ))}
      {runs.map(({ version, runs: count }) => (
        <li key={`runs ${version}`}>
          <Link to="/runs" search={{ workflow: id, status: 'active' }}>
            {count} open {count === 1 ? 'run' : 'runs'}
          </Link>{' '}
          <span className="quiet">
            {count === 1 ? 'stays' : 'stay'} with version {version}
          </span>
        </li>
      ))}
    </ul>
  );
}
