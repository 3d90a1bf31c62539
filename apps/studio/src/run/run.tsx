import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import type { RunDetail } from '../api/client.js';
import { runQuery } from '../api/queries.js';
import { AsOf, Failure } from '../frame/failure.js';
import { StateMark } from '../frame/status-mark.js';
import { RUN_WORDS } from '../frame/status.js';
import { POLL_MS, useConnection, useLiveRuns } from '../live/live-runs.js';
import { inputsText } from '../runs/run-table.js';
import { durationText, whenText } from '../values/time.js';
import { BlocksView } from './blocks-view.js';
import { RunCommands } from './run-commands.js';
import { RunLink } from './run-link.js';

const ResultsView = lazy(() => import('./results-view.js'));
const route = getRouteApi('/runs/$id');

export function Run() {
  const { id } = route.useParams();
  const { view = 'blocks' } = route.useSearch();
  const connection = useConnection();
  const run = useQuery({ ...runQuery(id), refetchInterval: connection === 'down' ? POLL_MS : false });
  useLiveRuns(useMemo(() => [id], [id]));
  if (!run.data)
    return run.error ? (
      <Failure error={run.error} onRetry={() => void run.refetch()} />
    ) : (
      <div className="skeleton" />
    );
  return (
    <>
      <div className="head">
        <h1>
          {run.data.workflow}@{run.data.version} <code>{id.slice(0, 8)}</code>
        </h1>
        <span aria-live="polite">
          <StateMark words={RUN_WORDS} state={run.data.status} />
        </span>
        <AsOf updatedAt={run.dataUpdatedAt} error={run.failureReason} />
        <div className="end">
          <RunCommands run={run.data} />
        </div>
      </div>
      <Facts run={run.data} />
      {run.data.reason && (
        <div className={run.data.status === 'failed' ? 'notice' : 'notice calm'}>{run.data.reason}</div>
      )}
      <nav className="tabs" aria-label="Views of the run">
        <RunLink id={id} place={{}} current={view === 'blocks'}>
          Blocks
        </RunLink>
        <RunLink id={id} place={{ view: 'results' }} current={view === 'results'}>
          Results
        </RunLink>
      </nav>
      {view === 'blocks' ? (
        <BlocksView run={run.data} />
      ) : (
        <Suspense fallback={<div className="skeleton" />}>
          <ResultsView run={run.data} />
        </Suspense>
      )}
    </>
  );
}

function Facts({ run: { inputs, createdAt, endedAt } }: { run: RunDetail }) {
  const given = inputsText(inputs);
  return (
    <dl className="facts">
      <div>
        <dt>Began</dt>
        <dd>{whenText(createdAt)}</dd>
      </div>
      {endedAt && (
        <div>
          <dt>Took</dt>
          <dd>{durationText(Date.parse(endedAt) - Date.parse(createdAt))}</dd>
        </div>
      )}
      {given && (
        <div>
          <dt>Inputs</dt>
          <dd>{given}</dd>
        </div>
      )}
    </dl>
  );
}
