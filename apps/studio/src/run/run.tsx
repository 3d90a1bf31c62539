import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, useMemo, useState, type ComponentType } from 'react';
import { lazyPart } from '../api/load-part.js';
import type { RunDetail } from '../api/client.js';
import type { RunView } from '../routes.js';
import { isMissing } from '../api/problem.js';
import { firstFailedQuery, runQuery } from '../api/queries.js';
import { AsOf, Failure } from '../frame/failure.js';
import { RunMark } from '../frame/status-mark.js';
import { TEST_WORDS } from '../frame/status.js';
import { POLL_MS, useConnection, useLiveRuns } from '../live/live-runs.js';
import { inputsText } from '../runs/run-table.js';
import { costText } from '../values/cost.js';
import { keyText } from '../values/payload-key.js';
import { durationText, whenText } from '../values/time.js';
import { versionOfRun } from '../values/version-of-run.js';
import { BlocksView } from './blocks-view.js';
import { NoRun } from './no-run.js';
import { RunCommands } from './run-commands.js';
import { RunLink, type RunPlace } from './run-link.js';
import { WhatRetryDid, type Retry } from './what-retry-did.js';

/** Block and key go along where the other view knows what to do with them. */
const VIEWS = [
  { name: 'blocks', label: 'Blocks', place: () => ({}), component: BlocksView },
  {
    name: 'lineage',
    label: 'Lineage',
    place: ({ block, key }: RunPlace) => ({
      view: 'lineage',
      ...(block === undefined ? {} : { block }),
      ...(key === undefined ? {} : { key }),
    }),
    component: lazyPart(() => import('./lineage-view.js')),
  },
  {
    name: 'timeline',
    label: 'Timeline',
    place: () => ({ view: 'timeline' }),
    component: lazyPart(() => import('./timeline-view.js')),
  },
  {
    name: 'results',
    label: 'Results',
    place: () => ({ view: 'results' }),
    component: lazyPart(() => import('./results-view.js')),
  },
  {
    name: 'compare',
    label: 'Compare',
    place: ({ block, key }: RunPlace) => ({
      view: 'compare',
      ...(block === undefined ? {} : { block }),
      ...(key === undefined ? {} : { key }),
    }),
    component: lazyPart(() => import('./compare-view.js')),
  },
] as const satisfies readonly {
  readonly name: RunView;
  readonly label: string;
  readonly place: (now: RunPlace) => RunPlace;
  readonly component: ComponentType<{ run: RunDetail }>;
}[];
const route = getRouteApi('/runs/$id');

export function Run() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const { view = 'blocks' } = search;
  const { component: View } = VIEWS.find(({ name }) => name === view) ?? VIEWS[0];
  const connection = useConnection();
  const run = useQuery({ ...runQuery(id), refetchInterval: connection === 'down' ? POLL_MS : false });
  useLiveRuns(useMemo(() => [id], [id]));
  const [retry, setRetry] = useState<Retry & { readonly run: string }>();
  if (!run.data && isMissing(run.error)) return <NoRun />;
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
          {run.data.workflow}@{versionOfRun(run.data)} <code>{id.slice(0, 8)}</code>
        </h1>
        <span aria-live="polite">
          <RunMark run={run.data} />
        </span>
        {run.data.testOf && <span className="quiet">{TEST_WORDS[run.data.testOf]}</span>}
        <AsOf updatedAt={run.dataUpdatedAt} error={run.failureReason} />
        <div className="end">
          <RunCommands run={run.data} onRetried={(asked) => setRetry({ ...asked, run: id })} />
        </div>
      </div>
      <Facts run={run.data} />
      <WhatRetryDid run={run.data} retry={retry?.run === id ? retry : undefined} />
      {run.data.reason && (
        <div className={run.data.status === 'failed' ? 'notice' : 'notice calm'}>
          {run.data.reason}
          <FailedTask run={run.data} />
        </div>
      )}
      <nav className="tabs" aria-label="Views of the run">
        {VIEWS.map(({ name, label, place }) => (
          <RunLink key={name} id={id} place={place(search)} current={view === name}>
            {label}
          </RunLink>
        ))}
      </nav>
      <Suspense fallback={<div className="skeleton" />}>
        <View run={run.data} />
      </Suspense>
    </>
  );
}

/** From a run that failed to the error, the call and the trace of the first task that did. */
function FailedTask({ run }: { run: RunDetail }) {
  const block = run.blocks.find(({ failed }) => failed > 0)?.block;
  const failed = useQuery({ ...firstFailedQuery(run.id, block ?? ''), enabled: block !== undefined }).data;
  if (block === undefined || !failed) return null;
  return (
    <Link to="/runs/$id" params={{ id: run.id }} search={{ block, task: failed.id }}>
      The first task that failed, of {block}
    </Link>
  );
}

/** What has a screen of its own leads there, to the version that the run uses. */
function PinnedVersion({ kind, reference }: { kind: string; reference: string }) {
  const [id, version] = reference.split('@') as [string, string | undefined];
  const search = version === undefined ? {} : { version: Number(version) };
  const name = (
    <>
      <span className="quiet">{kind}</span> {reference}
    </>
  );
  if (kind === 'prompt')
    return (
      <Link to="/prompts/$id" params={{ id }} search={search}>
        {name}
      </Link>
    );
  if (kind === 'evaluator')
    return (
      <Link to="/evaluators/$id" params={{ id }} search={search}>
        {name}
      </Link>
    );
  return name;
}

function Facts({ run }: { run: RunDetail }) {
  const { inputs, createdAt, endedAt, spent, rerunOf, edited, references } = run;
  const given = inputsText(inputs);
  // Blocks may share one.
  const pinned = [...new Map(references.map((one) => [`${one.kind} ${one.reference}`, one])).values()];
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
      <div>
        <dt>Spent</dt>
        <dd>{costText(spent.cost, spent.unpriced)}</dd>
      </div>
      {rerunOf !== null && (
        <div>
          <dt>Rerun of</dt>
          <dd>
            <Link to="/runs/$id" params={{ id: rerunOf }} search={{}}>
              <code>{rerunOf.slice(0, 8)}</code>
            </Link>
          </dd>
        </div>
      )}
      {edited.length > 0 && (
        <div>
          <dt>Corrected</dt>
          <dd>
            {edited.map(({ block, key }) => (
              <div key={`${block} ${key}`}>
                <Link to="/runs/$id" params={{ id: run.id }} search={{ view: 'lineage', block, key }}>
                  {block} of {keyText(key)}
                </Link>
              </div>
            ))}
          </dd>
        </div>
      )}
      {given && (
        <div>
          <dt>Inputs</dt>
          <dd>{given}</dd>
        </div>
      )}
      {pinned.length > 0 && (
        <div>
          <dt>Pinned</dt>
          <dd>
            <details>
              <summary>{pinned.length === 1 ? '1 version' : `${pinned.length} versions`}</summary>
              <ul>
                {pinned.map(({ kind, reference }) => (
                  <li key={`${kind} ${reference}`}>
                    <PinnedVersion kind={kind} reference={reference} />
                  </li>
                ))}
              </ul>
            </details>
          </dd>
        </div>
      )}
    </dl>
  );
}
