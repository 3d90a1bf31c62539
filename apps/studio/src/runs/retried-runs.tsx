import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { matchingRunsQuery, runsQuery } from '../api/queries.js';
import { POLL_MS } from '../live/live-runs.js';

/** Runs that were retried together. */
export interface Retried {
  /** By the server's clock: what ended since then, ended after its retry. */
  readonly at: string;
  readonly runs: readonly string[];
}

/** What became of them: some fail again before anybody sees them go on, and not all are in the list. */
export function RetriedRuns({ retried: { at, runs } }: { retried: Retried }) {
  const since = { endedSince: at, tests: 'with' as const };
  const ended = useQuery({
    ...matchingRunsQuery(since),
    refetchInterval: ({ state: { data } }) =>
      data && data.runs.filter(({ id }) => runs.includes(id)).length === runs.length ? false : POLL_MS,
  }).data;
  const own = ended?.runs.filter(({ id }) => runs.includes(id)) ?? [];
  const failed = own.filter(({ status }) => status === 'failed').length;
  const whys = useInfiniteQuery({
    ...runsQuery({ ...since, status: 'failed' }),
    enabled: failed > 0,
  });
  const why = whys.data?.pages.flatMap((page) => page.runs).find(({ id }) => runs.includes(id))?.reason;
  if (failed === 0) return null;
  return (
    <>
      {' '}
      {failed.toLocaleString()} failed again{why && `: ${why}`}{' '}
      <Link to="/runs" search={{ status: 'failed', endedSince: at, tests: 'with' }}>
        Show what failed since
      </Link>
    </>
  );
}
