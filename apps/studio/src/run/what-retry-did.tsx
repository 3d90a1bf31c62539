import type { RunDetail } from '../api/client.js';

/** How many failed tasks were retried, and the end of the run that the retry came after. */
export interface Retry {
  readonly tasks: number;
  readonly after: string | null;
}

/** Whether the run has ended since: by its end, for a run may fail again before anybody sees it go on. */
export const hasEndedSince = ({ after }: Retry, { endedAt }: RunDetail): boolean =>
  endedAt !== null && endedAt !== after;

/** What became of a retry. */
export function WhatRetryDid({ run, retry }: { run: RunDetail; retry: Retry | undefined }) {
  return (
    // There before it says something: what comes with its words is not read out.
    <div role="status">
      {retry && (
        <p className={hasFailedAgain(retry, run) ? 'notice' : 'notice calm'}>
          {retry.tasks === 0 ? 'The run was told to go on' : `Retried ${tasksText(retry.tasks)}`}
          {outcome(retry, run)}
        </p>
      )}
    </div>
  );
}

const hasFailedAgain = (retry: Retry, run: RunDetail): boolean =>
  hasEndedSince(retry, run) && run.status === 'failed';

function outcome(retry: Retry, run: RunDetail): string {
  if (!hasEndedSince(retry, run)) return '.';
  if (run.status !== 'failed') return ', and the run has ended since.';
  const failed = failedTasks(run);
  return failed === 0
    ? ', and the run has failed again.'
    : `, and the run has failed again: ${tasksText(failed)} of it. What went wrong stands below.`;
}

export const failedTasks = (run: RunDetail): number =>
  run.blocks.reduce((sum, { failed }) => sum + failed, 0);

const tasksText = (count: number): string => `${count.toLocaleString()} failed task${count === 1 ? '' : 's'}`;
