import './review.css';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { actingUser } from '../api/acting-user.js';
import { api, type OpenReview, type WaitingReview } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { lineageQuery, reviewQuery, reviewQueueQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { ActingAs } from '../draft/acting-as.js';
import { AsOf, Failure } from '../frame/failure.js';
import { MoreButton } from '../frame/more-button.js';
import { withPart } from '../frame/search.js';
import { useKeys } from '../frame/use-keys.js';
import { useKeptChoice } from '../values/kept.js';
import { keepTyping, readTyping } from '../values/typing.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { preloadReview } from './preload.js';
import { mayDecide } from './assignment.js';
import { ReviewItem, UNDOABLE_SECONDS } from './review-item.js';
import { SideBySide } from './side-by-side.js';

const route = getRouteApi('/review');

/** What waits for a person, oldest first; one of them opened, which stays whatever others decide. */
export function Review() {
  const { item, beside, queue: which } = route.useSearch();
  const me = useKeptChoice(actingUser);
  const asked = reviewQueueQuery(which === 'mine' ? me : undefined);
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(asked);
  const [said, setSaid] = useState('');
  const queue = useMemo(() => list.data?.pages.flatMap((page) => page.reviews) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total ?? 0;
  const go = (to: WaitingReview | undefined): void =>
    void navigate({
      search: { ...(which ? { queue: which } : {}), ...(to ? { item: to.task } : {}) },
      replace: true,
    });
  const isFree = (one: WaitingReview): boolean => mayDecide(one.assignees, me) && !isLookedAt(one, me);
  /** One that is for me and that nobody looks at, if there is any. */
  const first = queue.find(isFree) ?? queue[0];
  useEffect(() => {
    if (item === undefined && first) go(first);
  }, [item, first?.task]);
  const opened = useQuery({ ...reviewQuery(item ?? ''), enabled: item !== undefined });
  const at = queue.findIndex(({ task }) => task === item);
  const isListed = at !== -1;
  /** Here, so that nobody else did. */
  const decided = useRef(new Set<string>());
  useEffect(() => {
    // Somebody may have decided about it: what became of it is said there.
    if (item !== undefined && list.data && !isListed && !decided.current.has(item))
      void queryClient.invalidateQueries({ queryKey: reviewQuery(item).queryKey });
  }, [item, isListed, list.data === undefined]);
  const listedFor = queue[at]?.assignees.join();
  useEffect(() => {
    // Somebody may have assigned it to others meanwhile, or to whoever looks at it here.
    if (
      item !== undefined &&
      opened.data &&
      listedFor !== undefined &&
      listedFor !== opened.data.assignees.join()
    )
      void queryClient.invalidateQueries({ queryKey: reviewQuery(item).queryKey });
  }, [item, listedFor, opened.data === undefined]);
  const neighbour = (step: number): WaitingReview | undefined =>
    isListed ? queue[(at + step + queue.length) % queue.length] : queue[0];
  const next = neighbour(1)?.task;
  useEffect(() => {
    if (opened.data && next !== undefined && next !== item) void preloadReview(next);
  }, [next, opened.data === undefined]);
  useEffect(() => {
    // The last ones of a page: the next is asked for before somebody steps on to it.
    if (isListed && at >= queue.length - 2 && list.hasNextPage && !list.isFetching) void list.fetchNextPage();
  }, [at, queue.length, list.hasNextPage, list.isFetching]);
  const samples = useSamples(opened.data, queue, me);
  const compared = samples.find(({ task }) => task === beside);
  const compare = (other: WaitingReview | undefined): void => {
    if (item !== undefined)
      void navigate({
        search: (known) => withPart({ ...known, item }, 'beside', other?.task),
        replace: true,
      });
  };
  const [undoable, setUndoable] = useState<readonly Undoable[]>(keptUndoable);
  useEffect(
    () => keepTyping(UNDOABLE, undoable.length > 0 ? undoable : undefined, UNDOABLE_SECONDS * 1000),
    [undoable],
  );
  const last = undoable.at(-1);
  const undo = useMutation({
    mutationFn: async ({ tasks }: Undoable) => {
      for (const task of tasks)
        await answer(api.DELETE('/api/reviews/{task}/decision', { params: { path: { task } } }));
    },
    onSuccess: async (_, { tasks }) => {
      for (const task of tasks) decided.current.delete(task);
      await queryClient.invalidateQueries({ queryKey: ['reviews'] });
      setSaid('Taken back.');
      void navigate({
        search: (known) => withPart({ ...known, item: tasks[0]! }, 'beside', undefined),
        replace: true,
      });
    },
    onSettled: (_, _error, taken) => setUndoable((known) => known.filter((one) => one !== taken)),
  });
  /** The last one first; pressed again, the one before it. */
  const takeBack = (): void => {
    if (last && !undo.isPending) undo.mutate(last);
  };
  useKeys(last ? { z: takeBack, 'ctrl+z': takeBack } : {});
  useEffect(() => {
    const [first] = undoable;
    if (!first) return;
    const over = setTimeout(
      () => setUndoable((known) => known.filter((one) => one !== first)),
      first.until - Date.now(),
    );
    return () => clearTimeout(over);
  }, [undoable]);
  const onDecided = (word: string, tasks: readonly string[]): void => {
    const left = queue.filter(({ task }) => !tasks.includes(task));
    const after = [...left.slice(at), ...left.slice(0, at)].find(isFree) ?? left[at] ?? left[0];
    const toGo = total - tasks.length;
    setUndoable((known) => [...known, { tasks, until: Date.now() + UNDOABLE_SECONDS * 1000 }]);
    // A list that is on its way may still have the one that is decided.
    void queryClient.cancelQueries({ queryKey: asked.queryKey });
    queryClient.setQueryData(
      asked.queryKey,
      (known) =>
        known && {
          ...known,
          pages: known.pages.map((page) => ({
            ...page,
            total: toGo,
            reviews: page.reviews.filter(({ task }) => !tasks.includes(task)),
          })),
        },
    );
    for (const task of tasks) decided.current.add(task);
    setSaid(`${word}. ${toGo === 0 ? 'Nothing more waits.' : `${toGo.toLocaleString()} to go.`}`);
    go(after);
  };
  return (
    <>
      <div className="head">
        <h1>Review</h1>
        <nav className="tabs of-queue" aria-label="Queues">
          <Link to="/review" search={{}} activeProps={{}} aria-current={which ? undefined : 'page'}>
            All
          </Link>
          <Link
            to="/review"
            search={{ queue: 'mine' }}
            activeProps={{}}
            aria-current={which ? 'page' : undefined}
          >
            Mine
          </Link>
        </nav>
        <ActingAs />
        <span className="quiet">{total > 0 && `${total.toLocaleString()} waiting`}</span>
        <AsOf updatedAt={list.dataUpdatedAt} error={list.failureReason} />
        <span className="quiet" role="status">
          {said}
        </span>
        {last && (
          <Button size="compact-xs" variant="default" loading={undo.isPending} onClick={takeBack}>
            Undo (Z)
          </Button>
        )}
      </div>
      {undo.error && <Failure error={undo.error} />}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <div className="skeleton" />}
      {list.data && queue.length === 0 && item === undefined && (
        <div className="panel">
          <p className="empty">
            {which === 'mine' ? (
              <>
                Nothing is assigned to {me}. <Link to="/review">All that waits</Link>
              </>
            ) : (
              <>
                Nothing waits for a person. Blocks of type review ask here. <Link to="/">To Home</Link>
              </>
            )}
          </p>
        </div>
      )}
      {list.data && (queue.length > 0 || item !== undefined) && (
        <div className="results">
          <Queue queue={queue} item={item} which={which} more={<MoreButton of={list} />} />
          {opened.error ? (
            <Unknown error={opened.error} first={first} onRetry={() => void opened.refetch()} />
          ) : !opened.data ? (
            <div className="skeleton" />
          ) : compared && isListed ? (
            <SideBySide
              key={`${opened.data.task} ${compared.task}`}
              samples={samples}
              left={queue[at]!}
              right={compared}
              onCompare={compare}
              onDecided={onDecided}
            />
          ) : (
            <ReviewItem
              key={opened.data.task}
              review={opened.data}
              onDecided={onDecided}
              onStep={(step) => go(neighbour(step))}
              onCompare={samples.length > 0 ? () => compare(samples[0]) : undefined}
            />
          )}
        </div>
      )}
    </>
  );
}

/** By somebody else. */
const isLookedAt = (
  { claimedBy, claimedUntil }: Pick<WaitingReview, 'claimedBy' | 'claimedUntil'>,
  me: string,
): boolean => claimedBy !== null && claimedBy !== me && new Date(claimedUntil ?? 0) > new Date();

/** A decision, of one review or of two that were compared. */
interface Undoable {
  readonly tasks: readonly string[];
  readonly until: number;
}

/** Where they are kept, over a reload and over another screen. */
const UNDOABLE = 'review-undoable';

const keptUndoable = (): readonly Undoable[] =>
  ((readTyping(UNDOABLE) ?? []) as readonly Undoable[]).filter(({ until }) => until > Date.now());

/** The address names one that there is not, or that cannot be read now. */
function Unknown(of: { error: Error; first: WaitingReview | undefined; onRetry: () => void }) {
  const { error, first, onRetry } = of;
  if (!(error instanceof ApiProblem) || (error.status !== 404 && error.status !== 400))
    return <Failure error={error} onRetry={onRetry} />;
  return (
    <div className="panel">
      <p className="empty">
        There is no such review.{' '}
        <Link to="/review" search={first ? { item: first.task } : {}} replace>
          {first ? 'To the first that waits' : 'To Review'}
        </Link>
      </p>
    </div>
  );
}

/** Open ones of the samples that the payload is one of, where I may decide about both. */
function useSamples(
  chosen: OpenReview | undefined,
  queue: readonly WaitingReview[],
  me: string,
): readonly WaitingReview[] {
  const { run = '', block = '', key = '', assignees = [] } = chosen ?? {};
  const lineage = useQuery({ ...lineageQuery(run, block, key), enabled: chosen !== undefined });
  const samples = lineage.data?.samples ?? [];
  const isOf = (sample: string, one: string): boolean => one === sample || one.startsWith(`${sample}/`);
  const others = samples.filter((sample) => !isOf(sample.key, key));
  if (!mayDecide(assignees, me)) return [];
  return queue.filter(
    (one) =>
      one.run === run &&
      one.block === block &&
      mayDecide(one.assignees, me) &&
      others.some((sample) => isOf(sample.key, one.key)),
  );
}

function Queue(of: {
  queue: readonly WaitingReview[];
  item: string | undefined;
  which: 'mine' | undefined;
  more: ReactNode;
}) {
  const { queue, item, which, more } = of;
  const me = useKeptChoice(actingUser);
  const shared = sharedSegments(queue.map(({ key }) => key));
  // By the keyboard one goes on to the next: the queue goes along.
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [item]);
  const isOfMany = new Set(queue.map(({ run }) => run)).size > 1;
  return (
    <nav className="panel" aria-label="Waiting" ref={place}>
      <ul className="keys">
        {queue.map(({ task, title, block, key, workflow, run, assignees, claimedBy, claimedUntil }) => (
          <li key={task}>
            <Link
              to="/review"
              search={{ ...(which ? { queue: which } : {}), item: task }}
              replace
              activeProps={{}}
              aria-current={task === item ? 'page' : undefined}
            >
              {keyText(key, shared)} <small className="quiet">{title ?? block}</small>
              {isLookedAt({ claimedBy, claimedUntil }, me) && (
                <small className="quiet">, {claimedBy} looks at it</small>
              )}
              {assignees.length > 0 && <small className="quiet">, for {assignees.join(', ')}</small>}
              {isOfMany && (
                <small className="quiet">
                  , {workflow} <code>{run.slice(0, 8)}</code>
                </small>
              )}
            </Link>
          </li>
        ))}
      </ul>
      {more}
    </nav>
  );
}
