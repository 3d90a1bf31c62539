import { useEffect, useSyncExternalStore } from 'react';
import { focusManager, type InfiniteData } from '@tanstack/react-query';
import type { Editors, RunDetail, RunSummary, RunUpdate } from '../api/client.js';
import { editorsQuery, runQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { isUuid } from '../values/uuid.js';
import { catalogChanged, runOfEpisodesEnded } from './live-catalog.js';
import { LiveStream, type Connection } from './live-stream.js';

type RunPages = InfiniteData<{ runs: RunSummary[]; next?: string }>;

export const stream = new LiveStream();

/** Without the stream, screens ask: how often. */
export const POLL_MS = 5_000;

let begun = 0;
const onBegun = new Set<() => void>();

let paused = false;
const onPause = new Set<() => void>();

/** While they are paused nothing on the screen changes by itself; afterwards all of it is read anew. */
export function pauseUpdates(on: boolean): void {
  paused = on;
  // Who polls, polls while the window is looked at: paused, none is.
  focusManager.setFocused(on ? false : undefined);
  if (!on) void queryClient.invalidateQueries();
  for (const listener of onPause) listener();
}

export function useUpdatesPaused(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      onPause.add(onChange);
      return () => onPause.delete(onChange);
    },
    () => paused,
  );
}

stream.listen((told) => {
  if (paused) return;
  if (told.kind === 'run') tell(told.update);
  else if (told.kind === 'catalog') catalogChanged(told.update);
  else if (told.kind === 'editors') void editorsChanged(told.at);
  else if (told.kind === 'started') {
    begun += 1;
    void queryClient.invalidateQueries({ queryKey: ['run-counts'] });
    for (const listener of onBegun) listener();
  }
});

let wasDown = false;
stream.onConnection(() => {
  // What was missed meanwhile is read again; what is on the screen stays until then.
  if (stream.connection === 'live' && wasDown) void queryClient.invalidateQueries();
  wasDown = stream.connection === 'down';
});

/** An answer that is on its way may be older than this word. */
async function editorsChanged(now: Editors): Promise<void> {
  const { queryKey } = editorsQuery(now.place);
  await queryClient.cancelQueries({ queryKey });
  queryClient.setQueryData(queryKey, now);
}

const latest = new Map<string, RunUpdate>();

function tell(update: RunUpdate): void {
  latest.set(update.run, update);
  apply(update);
  // An answer that was asked for before may be older than this word, and would cover it for good.
  const asked = queryClient.getQueryCache().findAll({
    predicate: ({ queryKey: [of, id, part], state }) =>
      state.fetchStatus !== 'idle' &&
      (of === 'runs' || (of === 'run' && id === update.run && part === undefined)),
  });
  const again = (): void => {
    if (latest.get(update.run) === update) apply(update);
  };
  for (const { promise } of asked) void promise?.catch(() => undefined).then(() => setTimeout(again));
}

function apply(update: RunUpdate): void {
  const { run: id, status, awaitsReview, reason, ended, spent, blocks } = update;
  let hasEnded = false;
  queryClient.setQueryData<RunDetail>(['run', id], (known) => {
    if (!known) return known;
    hasEnded = ended && known.endedAt === null;
    const byId = new Map(blocks.map((block) => [block.block, block]));
    return {
      ...known,
      ...{ status, awaitsReview, reason, spent },
      blocks: known.blocks.map((block) => ({ ...block, ...byId.get(block.block) })),
    };
  });
  hasEnded ||=
    ended &&
    queryClient
      .getQueriesData<RunPages>({ queryKey: ['runs'] })
      .some(([, known]) =>
        known?.pages.some((page) => page.runs.some((run) => run.id === id && run.endedAt === null)),
      );
  patchLists(id, { status, awaitsReview, reason });
  if (ended) runOfEpisodesEnded(id, status);
  readListsSoon(id);
  if (hasEnded) void readEnd(id);
}

/** Lists of what a run has done are read again at most so often, however fast it goes. */
const LISTS_MS = 1_000;
const changed = new Set<string>();

function readListsSoon(id: string): void {
  if (changed.size === 0) setTimeout(readLists, LISTS_MS);
  changed.add(id);
}

function readLists(): void {
  for (const id of changed) {
    void queryClient.invalidateQueries({ queryKey: ['run', id, 'tasks'] });
    void queryClient.invalidateQueries({ queryKey: ['run', id, 'results'] });
  }
  changed.clear();
}

/** When it ended is the server's to say; lists of ten thousand runs are not read anew for it. */
async function readEnd(id: string): Promise<void> {
  void queryClient.invalidateQueries({ queryKey: ['run-counts'] });
  await queryClient.prefetchQuery({ ...runQuery(id), staleTime: 0 });
  const { endedAt } = queryClient.getQueryData<RunDetail>(['run', id]) ?? {};
  if (endedAt) patchLists(id, { endedAt });
}

function patchLists(id: string, change: Partial<RunSummary>): void {
  queryClient.setQueriesData<RunPages>(
    { queryKey: ['runs'] },
    (known) =>
      known && {
        ...known,
        pages: known.pages.map((page) => ({
          ...page,
          runs: page.runs.map((run) => (run.id === id ? { ...run, ...change } : run)),
        })),
      },
  );
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (onChange) => stream.onConnection(onChange),
    () => stream.connection,
  );
}

/** Keeps these runs live while the screen shows them. A mistyped id would end the stream of all tabs. */
export function useLiveRuns(runs: readonly string[]): void {
  const ids = runs.filter(isUuid).join(',');
  useEffect(() => (ids === '' ? undefined : stream.watch(ids.split(','))), [ids]);
}

/** How many runs began since the page was opened: lists say so, and move no row by themselves. */
export function useRunsBegun(): number {
  return useSyncExternalStore(
    (onChange) => {
      onBegun.add(onChange);
      return () => onBegun.delete(onChange);
    },
    () => begun,
  );
}
