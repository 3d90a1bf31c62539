import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { runsQuery, workflowsQuery, type RunFilters } from '../api/queries.js';
import { AsOf, Failure } from '../frame/failure.js';
import { RUN_CHOICES, TESTS_CHOICES } from '../frame/status.js';
import { useKeys } from '../frame/use-keys.js';
import { POLL_MS, useConnection, useLiveRuns, useRunsBegun } from '../live/live-runs.js';
import { startOfToday, whenText } from '../values/time.js';
import { ChosenRuns, type Chosen } from './chosen-runs.js';
import { RetriedRuns, type Retried } from './retried-runs.js';
import { RunTable } from './run-table.js';
import type { RunsSearch } from './saved-views.js';
import { ViewsOfRuns } from './views-of-runs.js';

const route = getRouteApi('/runs');

export function Runs() {
  const search = route.useSearch();
  const { status, workflow, endedSince, tests } = search;
  const navigate = route.useNavigate();
  const connection = useConnection();
  const begun = useRunsBegun();
  const [seen, setSeen] = useState(begun);
  const workflows = useQuery(workflowsQuery);
  const query = useInfiniteQuery({
    ...runsQuery(filtersOf(search)),
    refetchInterval: connection === 'down' ? POLL_MS : false,
  });
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.runs) ?? [], [query.data]);
  useLiveRuns(useMemo(() => runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id), [runs]));

  const filter = (change: {
    status?: string;
    workflow?: string;
    endedSince?: string;
    tests?: string;
  }): void =>
    void navigate({
      search: (known) =>
        Object.fromEntries(Object.entries({ ...known, ...change }).filter(([, value]) => value !== '')),
      replace: true,
    });
  const [chosen, setChosen] = useState<Chosen>(new Map());
  const [said, setSaid] = useState('');
  const [retried, setRetried] = useState<Retried>();
  // Other filters are another list: nothing that is out of sight stays chosen.
  useEffect(() => setChosen(new Map()), [status, workflow, endedSince, tests]);
  const listed = new Map(runs.map(({ id, status: state }) => [id, state]));
  const selection = {
    has: (id: string) => chosen.has(id),
    toggle: (id: string) => {
      const next = new Map(chosen);
      if (!next.delete(id)) next.set(id, listed.get(id)!);
      setChosen(next);
    },
    page: (on: boolean) => setChosen(on ? listed : new Map()),
  };
  const firstFilter = useRef<HTMLSelectElement>(null);
  useKeys({ '/': () => firstFilter.current?.focus() });
  const showNew = (): void => {
    setSeen(begun);
    void query.refetch();
  };
  const older = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return (
    <>
      <div className="head">
        <h1>Runs</h1>
        <AsOf updatedAt={query.dataUpdatedAt} error={query.failureReason} />
        {begun > seen && (
          <Button variant="light" onClick={showNew}>
            Show {begun - seen} new
          </Button>
        )}
      </div>
      <ViewsOfRuns search={search} />
      <section className="panel" aria-label="Runs">
        <header>
          <NativeSelect
            ref={firstFilter}
            aria-label="Workflow"
            value={workflow ?? ''}
            onChange={({ currentTarget }) => filter({ workflow: currentTarget.value })}
            data={[{ value: '', label: 'All workflows' }, ...namedApart(workflows.data ?? [])]}
          />
          <NativeSelect
            aria-label="Status"
            value={status ?? ''}
            onChange={({ currentTarget }) => filter({ status: currentTarget.value })}
            data={[
              { value: '', label: 'Every status' },
              ...Object.entries(RUN_CHOICES).map(([value, { label }]) => ({ value, label })),
            ]}
          />
          <NativeSelect
            aria-label="Tests"
            value={tests ?? ''}
            onChange={({ currentTarget }) => filter({ tests: currentTarget.value })}
            data={[
              { value: '', label: 'Without tests' },
              ...Object.entries(TESTS_CHOICES).map(([value, label]) => ({ value, label })),
            ]}
          />
          {chosen.size > 0 && (
            <ChosenRuns
              // What the list shows of them is newer.
              chosen={new Map([...chosen].map(([id, state]) => [id, listed.get(id) ?? state]))}
              filters={filtersOf(search)}
              mayGrow={query.hasNextPage && runs.every(({ id }) => chosen.has(id))}
              areOutOfSight={[...chosen.keys()].some((id) => !listed.has(id))}
              onChoose={setChosen}
              onDone={(what, those) => {
                setSaid(what);
                setRetried(those);
                setChosen(new Map());
              }}
            />
          )}
          <span className="quiet" role="status">
            {said}
            {retried && <RetriedRuns retried={retried} />}
          </span>
          {workflow && (
            <Link to="/workflows/$id" params={{ id: workflow }} search={{ view: 'runs' }}>
              As a grid
            </Link>
          )}
          {endedSince && (
            <Button variant="light" onClick={() => filter({ endedSince: '' })}>
              {endedSince === 'today' ? 'Ended today' : `Ended since ${whenText(endedSince)}`}: show all
            </Button>
          )}
        </header>
        {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {query.isPending && <div className="skeleton" />}
        {query.data && runs.length === 0 && (
          <p className="empty">
            {status || workflow || endedSince || tests
              ? 'No run fits these filters.'
              : 'Nothing ran yet: Home has the workflows.'}
            {tests === undefined && (
              <>
                {' '}
                Tests of drafts and of blocks are left out.{' '}
                <Link to="/runs" search={{ ...search, tests: 'with' }}>
                  Show them too
                </Link>
              </>
            )}
          </p>
        )}
        {runs.length > 0 && (
          <RunTable runs={runs} hasMore={query.hasNextPage} onEnd={older} selection={selection} />
        )}
        {query.hasNextPage && (
          <div className="inside">
            <Button variant="default" loading={query.isFetchingNextPage} onClick={older}>
              Older runs
            </Button>
          </div>
        )}
      </section>
    </>
  );
}

function filtersOf({ status, endedSince, workflow, tests }: RunsSearch): RunFilters {
  const since = endedSince === 'today' ? startOfToday() : endedSince;
  return {
    ...(workflow === undefined ? {} : { workflow }),
    ...(since === undefined ? {} : { endedSince: since }),
    ...(tests === undefined ? {} : { tests }),
    ...(status === undefined ? {} : RUN_CHOICES[status].filter),
  };
}

/** Two of one name are told apart by their ids. */
function namedApart(
  workflows: readonly { id: string; name?: string | null }[],
): { value: string; label: string }[] {
  const names = Map.groupBy(workflows, ({ id, name }) => name ?? id);
  return workflows.map(({ id, name }) => ({
    value: id,
    label: name == null ? id : names.get(name)!.length > 1 ? `${name} (${id})` : name,
  }));
}
