import type { TaskDetail } from '../api/client.js';
import { durationText, whenText } from '../values/time.js';

type Attempt = TaskDetail['attempts'][number];

/** How often a task was tried, and what came of it each time. */
export function AttemptList({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <ol className="attempts">
      {attempts.map(({ attempt, outcome, settled, error, begunAt, worker, at }) => (
        <li key={`${attempt} ${at}`} value={attempt}>
          {outcome}
          {outcome === 'completed' && !settled && ' too late'}
          {messageOf(error)}
          <div className="quiet">
            {whenText(at)}
            {begunAt && `, after ${durationText(Date.parse(at) - Date.parse(begunAt))}`}
            {worker && `, by ${worker}`}
          </div>
        </li>
      ))}
    </ol>
  );
}

function messageOf(error: unknown): string {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') return '';
  return `: ${message}${typeof code === 'string' ? ` (${code})` : ''}`;
}
