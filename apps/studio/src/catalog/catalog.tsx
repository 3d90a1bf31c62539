import '../frame/grid.css';
import './catalog.css';
import { Button, NativeSelect } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, useMemo, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { AsOf, Failure } from '../frame/failure.js';
import { Nothing } from '../frame/nothing.js';
import { withoutUnset } from '../frame/search.js';
import { POLL_MS, useConnection, useLiveRuns } from '../live/live-runs.js';
import { useKeys } from '../frame/use-keys.js';
import { CatalogTable } from './catalog-table.js';
import { FilterForm } from './filter-form.js';
import {
  coursesQuery,
  ENVIRONMENT_NAMES,
  ENVIRONMENTS,
  episodesQuery,
  groupsQuery,
  nodesQuery,
  type Environment,
  type Episode,
  type Filters,
  type Place,
} from './queries.js';
import { rowsOf } from './rows.js';
import { SelectionBar } from './selection-bar.js';
import { useSelection } from './selection.js';

const route = getRouteApi('/catalog/$environment/$course');
const EpisodeDrawer = lazyPart(() => import('./episode-drawer.js'));

/** What a course has for its readers, by node and slot: found, corrected, published and taken back here. */
export function Catalog() {
  const { environment, course } = route.useParams();
  const known = ENVIRONMENTS.find((one) => one === environment);
  if (known) return <Course key={`${known}/${course}`} place={{ environment: known, course }} />;
  return (
    <Nothing
      title="There is no such environment"
      why={`A catalog has dev and prod, and no “${environment}”.`}
    >
      <Link to="/catalog/$environment/$course" params={{ environment: 'prod', course }} search={{}}>
        To Prod
      </Link>
    </Nothing>
  );
}

function Course({ place }: { place: Place }) {
  const { episode: opened, ...search } = route.useSearch();
  const filters = withoutUnset(search) as Filters;
  const navigate = route.useNavigate();
  const isFiltered = Object.keys(filters).length > 0;
  const [filtering, setFiltering] = useState(isFiltered);
  const connection = useConnection();
  const list = useInfiniteQuery({
    ...episodesQuery(place, filters),
    placeholderData: keepPreviousData,
    refetchInterval: connection === 'down' ? POLL_MS : false,
  });
  const nodes = useQuery(nodesQuery(place));
  const groups = useQuery({ ...groupsQuery(place, filters, 'node'), placeholderData: keepPreviousData });
  const episodes = useMemo(() => list.data?.pages.flatMap((page) => page.episodes) ?? [], [list.data]);
  useLiveRuns(useMemo(() => unendedRunsOf(episodes), [episodes]));
  const counts = useMemo(
    () => new Map(groups.data?.map(({ value, episodes: count }) => [value, count])),
    [groups.data],
  );
  const matching = groups.data && [...counts.values()].reduce((sum, count) => sum + count, 0);
  const isWhole = list.data !== undefined && !list.hasNextPage;
  const rows = useMemo(
    () => rowsOf(nodes.data ?? [], episodes, { counts, isFiltered, isWhole }),
    [nodes.data, episodes, counts, isFiltered, isWhole],
  );
  const selection = useSelection(JSON.stringify(filters), episodes);
  const open = (id: string | undefined): void =>
    void navigate({ search: { ...filters, ...(id === undefined ? {} : { episode: id }) } });
  useKeys({
    '/': () => {
      setFiltering(true);
      requestAnimationFrame(() => document.querySelector<HTMLElement>('#filter-name')?.focus());
    },
    ...(opened === undefined ? {} : { Escape: () => open(undefined) }),
  });
  const failed = [list, nodes, groups].find(({ error }) => error !== null);
  const more = (): void => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  return (
    <div className="catalog">
      <div className="head">
        <h1>DuoRadio / {ENVIRONMENT_NAMES[place.environment]}</h1>
        <CourseSwitch place={place} />
        <AsOf updatedAt={list.dataUpdatedAt} error={list.failureReason} />
        <Button
          className="end"
          variant={isFiltered ? 'light' : 'default'}
          aria-expanded={filtering}
          aria-controls="filters"
          onClick={() => setFiltering(!filtering)}
        >
          FILTER{isFiltered ? ` (${Object.keys(filters).length})` : ''}
        </Button>
      </div>
      {filtering && (
        <FilterForm
          place={place}
          filters={filters}
          onChange={(search) => void navigate({ search: search as never, replace: true })}
        />
      )}
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      <div className={opened === undefined ? undefined : 'with-drawer'}>
        <section className="panel" aria-label="Episodes">
          <SelectionBar
            place={place}
            filters={filters}
            selection={selection}
            episodes={episodes}
            matching={matching}
          />
          {(list.isPending || nodes.isPending) && <div className="skeleton" />}
          {list.data && nodes.data && rows.length === 0 && (
            <NoEpisode place={place} isFiltered={isFiltered} />
          )}
          {rows.length > 0 && (
            <CatalogTable
              rows={rows}
              selection={selection}
              opened={opened}
              filters={filters}
              hasMore={!isWhole}
              onEnd={more}
            />
          )}
        </section>
        {opened !== undefined && (
          <Suspense fallback={<div className="skeleton" />}>
            <EpisodeDrawer
              key={`${place.environment}/${opened}`}
              environment={place.environment}
              id={opened}
              onClose={() => open(undefined)}
            />
          </Suspense>
        )}
      </div>
    </div>
  );
}

/** Runs that go on after they published: how they end is shown when they do. */
function unendedRunsOf(episodes: readonly Episode[]): string[] {
  const runs = episodes.flatMap(({ run, pipelineStatus }) =>
    run !== null && pipelineStatus === 'running' ? [run] : [],
  );
  return [...new Set(runs)].sort();
}

/** The environments and the courses of them all: a course may be in one of them alone. */
function CourseSwitch({ place }: { place: Place }) {
  const navigate = route.useNavigate();
  const all = useQueries({ queries: ENVIRONMENTS.map((environment) => coursesQuery(environment)) });
  const courses = new Map(all.flatMap(({ data }) => data ?? []).map((one) => [one.id, one]));
  const options = [...courses.values()].map(({ id, from, to }) => ({
    value: id,
    label: `${from.toUpperCase()} < ${to.toUpperCase()}`,
  }));
  const go = (to: Place): void =>
    void navigate({ to: '/catalog/$environment/$course', params: to as never, search: {} });
  return (
    <>
      <NativeSelect
        aria-label="Course"
        value={place.course}
        onChange={({ currentTarget }) => go({ ...place, course: currentTarget.value })}
        data={
          courses.has(place.course) ? options : [{ value: place.course, label: place.course }, ...options]
        }
      />
      <NativeSelect
        aria-label="Environment"
        value={place.environment}
        onChange={({ currentTarget }) => go({ ...place, environment: currentTarget.value as Environment })}
        data={ENVIRONMENTS.map((value) => ({ value, label: ENVIRONMENT_NAMES[value] }))}
      />
    </>
  );
}

function NoEpisode({ place: { environment, course }, isFiltered }: { place: Place; isFiltered: boolean }) {
  if (isFiltered)
    return (
      <p className="empty">
        No episode fits these filters.{' '}
        <Link to="/catalog/$environment/$course" params={{ environment, course }} search={{}}>
          Show all
        </Link>
      </p>
    );
  if (environment === 'dev')
    return (
      <p className="empty">
        Dev has no episode of this course: the last block of its workflow publishes them.{' '}
        <Link to="/">To Home</Link>
      </p>
    );
  return (
    <p className="empty">
      Prod has no episode of this course yet: promote them from Dev.{' '}
      <Link to="/catalog/$environment/$course" params={{ environment: 'dev', course }} search={{}}>
        To Dev
      </Link>
    </p>
  );
}
