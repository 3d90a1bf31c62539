import { Button } from '@mantine/core';
import { ApiProblem, ServerAway } from '../api/problem.js';
import { clockTime } from '../values/time.js';

/** What went wrong, what to do, and a way to try again: in its own panel, the rest of the screen stays. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (error instanceof ApiProblem && error.errors.length > 0 && !onRetry) return <AtFields problem={error} />;
  const away = error instanceof ServerAway;
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <div className={away ? 'notice calm' : 'notice'} role="alert">
      <span>
        {problem && <strong>{problem.title}. </strong>}
        {error instanceof Error ? error.message : String(error)}
        {problem && <span className="quiet"> ({problem.code})</span>}
        {problem?.requestId !== undefined && (
          <span className="quiet">
            {' '}
            Request <code>{problem.requestId}</code>
          </span>
        )}
      </span>
      {onRetry && (
        <Button size="compact-xs" variant="default" onClick={onRetry}>
          Retry
        </Button>
      )}
    </div>
  );
}

/** The fields say what is wrong with them. */
function AtFields({ problem }: { problem: ApiProblem }) {
  return (
    <div className="notice" role="alert">
      <span>
        {problem.title}: see the {problem.errors.length === 1 ? 'field' : 'fields'} marked.
      </span>
    </div>
  );
}

/** Old data stay while the server is away: since when they are old. */
export function AsOf({ updatedAt, error }: { updatedAt: number; error: unknown }) {
  if (!error || updatedAt === 0) return null;
  return <span className="quiet">as of {clockTime(new Date(updatedAt))}</span>;
}
