import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Suspense, useMemo } from 'react';
import { api, type WorkflowSummary } from '../api/client.js';
import { answer } from '../api/problem.js';
import { runCountsQuery, runsQuery, workflowsQuery } from '../api/queries.js';
import { lazyPart } from '../api/load-part.js';
import { queryClient } from '../api/query-client.js';
import { AsOf, Failure } from '../frame/failure.js';
import { Icon } from '../frame/icons.js';
import { NewOne } from '../frame/new-one.js';
import { RunMark } from '../frame/status-mark.js';
import { useLiveRuns } from '../live/live-runs.js';
import { RunTable } from '../runs/run-table.js';
import { startOfToday, whenText } from '../values/time.js';
import { useKeptChoice } from '../values/kept.js';
import { openedLately } from './opened.js';
import { pin, pinnedWorkflows } from './pinned.js';

const OpenedLately = lazyPart(() => import('./opened-lately.js'));

const RECENT = 8;

export function Home() {
  const workflows = useQuery(workflowsQuery);
  const pinned = useKeptChoice(pinnedWorkflows);
  const opened = useKeptChoice(openedLately);
  const recent = useInfiniteQuery(runsQuery({ limit: RECENT }));
  const runs = recent.data?.pages[0]?.runs ?? [];
  useLiveRuns(useMemo(() => runs.map(({ id }) => id), [runs]));
  const isEmpty = workflows.data?.length === 0;
  return (
    <>
      <div className="head">
        <h1>Home</h1>
        <AsOf updatedAt={workflows.dataUpdatedAt} error={workflows.failureReason} />
      </div>
      {isEmpty && <Welcome />}
      {workflows.isPending && <div className="skeleton" />}
      {!isEmpty && !workflows.isPending && (
        <>
          <Tiles />
          {opened.length > 0 && workflows.data && (
            <nav className="opened" aria-label="Opened lately">
              <Suspense>
                <OpenedLately places={opened} workflows={workflows.data} />
              </Suspense>
            </nav>
          )}
          <section className="panel" aria-labelledby="workflows">
            <header>
              <h2 id="workflows">Workflows</h2>
              <NewWorkflow />
            </header>
            {workflows.error && <Failure error={workflows.error} onRetry={() => void workflows.refetch()} />}
            {workflows.data && (
              <WorkflowTable workflows={pinnedFirst(workflows.data, pinned)} pinned={pinned} />
            )}
          </section>
          <section className="panel" aria-labelledby="recent">
            <header>
              <h2 id="recent">Recent runs</h2>
              <Link className="end" to="/runs">
                All runs
              </Link>
              <Link to="/runs" search={{ tests: 'only' }}>
                Tests
              </Link>
            </header>
            {recent.error && <Failure error={recent.error} onRetry={() => void recent.refetch()} />}
            {recent.data && runs.length === 0 ? (
              <p className="empty">Nothing ran yet but tests, if any. Press Run at a workflow above.</p>
            ) : (
              <RunTable runs={runs} />
            )}
          </section>
        </>
      )}
    </>
  );
}

function NewWorkflow() {
  const navigate = useNavigate();
  return (
    <NewOne
      one="workflow"
      onNew={(id) => void navigate({ to: '/workflows/$id', params: { id }, search: {} })}
    />
  );
}

function pinnedFirst(
  workflows: readonly WorkflowSummary[],
  pinned: readonly string[],
): readonly WorkflowSummary[] {
  const isPinned = ({ id }: WorkflowSummary): boolean => pinned.includes(id);
  return [...workflows.filter(isPinned), ...workflows.filter((one) => !isPinned(one))];
}

function WorkflowTable({
  workflows,
  pinned,
}: {
  workflows: readonly WorkflowSummary[];
  pinned: readonly string[];
}) {
  return (
    <div className="scroll-x">
      <table className="rows">
        <thead>
          <tr>
            <th>Workflow</th>
            <th className="wide-only">Version</th>
            <th className="wide-only">Published</th>
            <th>Last run</th>
            <th className="wide-only">Next run</th>
            <th>
              <span className="hidden">Run</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow) => (
            <WorkflowRow key={workflow.id} workflow={workflow} isPinned={pinned.includes(workflow.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WorkflowRow({ workflow, isPinned }: { workflow: WorkflowSummary; isPinned: boolean }) {
  const { id, name, latest, publishedAt, lastRun, nextRunAt } = workflow;
  return (
    <tr>
      <td>
        <span className="pinned">
          <button
            type="button"
            className="icon pin"
            aria-pressed={isPinned}
            aria-label={`Pin ${name ?? id}`}
            title={isPinned ? 'Unpin' : 'Pin to the top'}
            onClick={() => pin(id, !isPinned)}
          >
            <Icon name="pin" />
          </button>
          <Link to="/workflows/$id" params={{ id }} search={{}}>
            {name ?? id}
          </Link>
          <code className="quiet wide-only">{id}</code>
        </span>
      </td>
      <td className="wide-only">{latest ?? '-'}</td>
      <td className="wide-only">{publishedAt ? whenText(publishedAt) : 'draft only'}</td>
      <td>
        {lastRun ? (
          <Link to="/runs/$id" params={{ id: lastRun.id }} search={{}} className="last-run">
            <RunMark run={lastRun} />
            {lastRun.testOf && <small className="quiet">test</small>}
            <span className="wide-only">{whenText(lastRun.createdAt)}</span>
          </Link>
        ) : (
          '-'
        )}
      </td>
      <td className="wide-only">{nextRunAt ? whenText(nextRunAt) : '-'}</td>
      <td className="number">
        <Link
          to="/workflows/$id/start"
          params={{ id }}
          search={latest === null ? { version: 'draft' } : {}}
          aria-label={`Run ${name ?? id}`}
        >
          Run
        </Link>
      </td>
    </tr>
  );
}

function Tiles() {
  const since = useMemo(startOfToday, []);
  const { data, error, refetch } = useQuery(runCountsQuery(since));
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <div className="tiles">
        <Link className="tile" to="/runs" search={{ status: 'active' }}>
          <strong>{data?.active ?? '-'}</strong>
          going on
        </Link>
        <Link className="tile" to="/review">
          <strong>{data?.reviews ?? '-'}</strong>
          in review
        </Link>
        <Link className="tile" to="/runs" search={{ status: 'failed', endedSince: 'today' }}>
          <strong>{data?.failed ?? '-'}</strong>
          failed today
        </Link>
        <Link className="tile" to="/runs" search={{ status: 'completed', endedSince: 'today' }}>
          <strong>{data?.completed ?? '-'}</strong>
          succeeded today
        </Link>
      </div>
    </>
  );
}

/** What a person meets on an empty database. */
function Welcome() {
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => answer(api.POST('/api/samples/duoradio')),
    onSuccess: async ({ workflow, inputs }) => {
      await queryClient.invalidateQueries();
      await navigate({ to: '/workflows/$id/start', params: { id: workflow }, search: { inputs } });
    },
  });
  return (
    <section className="panel" aria-labelledby="welcome">
      <div className="welcome">
        <h2 id="welcome">Looking to get started?</h2>
        <p>
          DuoRadio is the sample that ships with DuoFactory: a unit of a language course goes in, spoken radio
          episodes come out. It runs without keys or network, by the built-in offline model.
        </p>
        <Button loading={open.isPending} onClick={() => open.mutate()}>
          Open the DuoRadio sample
        </Button>
        {open.error && <Failure error={open.error} onRetry={() => open.mutate()} />}
        <h2>Or begin with nothing</h2>
        <p>A workflow of your own: you add its blocks one by one.</p>
        <NewWorkflow />
      </div>
    </section>
  );
}
