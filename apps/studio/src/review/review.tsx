import './review.css';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, type OpenReview } from '../api/client.js';
import { answer } from '../api/problem.js';
import { lineageQuery, reviewsQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { AsOf, Failure } from '../frame/failure.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { ReviewItem } from './review-item.js';
import { SideBySide } from './side-by-side.js';
import { useKeys } from '../frame/use-keys.js';

const route = getRouteApi('/review');

/** What waits for a person, oldest first; one of them opened. */
export function Review() {
  const { item, beside } = route.useSearch();
  const navigate = route.useNavigate();
  const reviews = useQuery(reviewsQuery);
  const [said, setSaid] = useState('');
  const queue = reviews.data ?? [];
  const chosen = queue.find(({ task }) => task === item) ?? queue[0];
  const samples = useSamples(chosen, queue);
  const compared = samples.find(({ task }) => task === beside);
  const go = (to: OpenReview | undefined): void =>
    void navigate({ search: to ? { item: to.task } : {}, replace: true });
  const compare = (other: OpenReview | undefined): void => {
    if (chosen)
      void navigate({
        search: { item: chosen.task, ...(other ? { beside: other.task } : {}) },
        replace: true,
      });
  };
  const neighbour = (step: number): OpenReview | undefined =>
    chosen && queue[(queue.indexOf(chosen) + step + queue.length) % queue.length];
  const [undoable, setUndoable] = useState<readonly string[]>([]);
  const undo = useMutation({
    mutationFn: async (tasks: readonly string[]) => {
      for (const task of tasks)
        await answer(api.DELETE('/api/reviews/{task}/decision', { params: { path: { task } } }));
      return tasks[0]!;
    },
    onSuccess: async (task) => {
      await queryClient.invalidateQueries(reviewsQuery);
      setSaid('Taken back.');
      void navigate({ search: { item: task }, replace: true });
    },
    onSettled: () => setUndoable([]),
  });
  const takeBack = (): void => {
    if (undoable.length > 0) undo.mutate(undoable);
  };
  useKeys({ z: takeBack, 'ctrl+z': takeBack });
  useEffect(() => {
    if (undoable.length === 0) return;
    const over = setTimeout(() => setUndoable([]), UNDOABLE_MS);
    return () => clearTimeout(over);
  }, [undoable]);
  const onDecided = (word: string, tasks: readonly string[]): void => {
    const left = queue.filter(({ task }) => !tasks.includes(task));
    const next = chosen && (left[queue.indexOf(chosen)] ?? left[0]);
    setUndoable(tasks);
    // A list that is on its way may still have the one that is decided.
    void queryClient.cancelQueries(reviewsQuery);
    queryClient.setQueryData(reviewsQuery.queryKey, left);
    setSaid(`${word}. ${left.length === 0 ? 'Nothing more waits.' : `${left.length} to go.`}`);
    go(next);
  };
  return (
    <>
      <div className="head">
        <h1>Review</h1>
        <span className="quiet">{queue.length > 0 && `${queue.length} waiting`}</span>
        <AsOf updatedAt={reviews.dataUpdatedAt} error={reviews.failureReason} />
        <span className="quiet" role="status">
          {said}
        </span>
        {undoable.length > 0 && (
          <Button size="compact-xs" variant="default" loading={undo.isPending} onClick={takeBack}>
            Undo (Z)
          </Button>
        )}
      </div>
      {undo.error && <Failure error={undo.error} />}
      {reviews.error && <Failure error={reviews.error} onRetry={() => void reviews.refetch()} />}
      {reviews.isPending && <div className="skeleton" />}
      {reviews.data?.length === 0 && (
        <div className="panel">
          <p className="empty">
            Nothing waits for a person. Blocks of type review ask here. <Link to="/">To Home</Link>
          </p>
        </div>
      )}
      {chosen && (
        <div className="results">
          <Queue queue={queue} chosen={chosen} />
          {compared ? (
            <SideBySide
              key={`${chosen.task} ${compared.task}`}
              samples={samples}
              left={chosen}
              right={compared}
              onCompare={compare}
              onDecided={onDecided}
            />
          ) : (
            <ReviewItem
              key={chosen.task}
              review={chosen}
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

const UNDOABLE_MS = 10_000;

/** Open ones of the samples that the payload is one of. */
function useSamples(chosen: OpenReview | undefined, queue: readonly OpenReview[]): readonly OpenReview[] {
  const { run = '', block = '', key = '' } = chosen ?? {};
  const lineage = useQuery({ ...lineageQuery(run, block, key), enabled: chosen !== undefined });
  const samples = lineage.data?.samples ?? [];
  const isOf = (sample: string, one: string): boolean => one === sample || one.startsWith(`${sample}/`);
  const others = samples.filter((sample) => !isOf(sample.key, key));
  return queue.filter(
    (one) => one.run === run && one.block === block && others.some((sample) => isOf(sample.key, one.key)),
  );
}

function Queue({ queue, chosen }: { queue: readonly OpenReview[]; chosen: OpenReview }) {
  const shared = sharedSegments(queue.map(({ key }) => key));
  return (
    <nav className="panel" aria-label="Waiting">
      <ul className="keys">
        {queue.map(({ task, title, block, key }) => (
          <li key={task}>
            <Link
              to="/review"
              search={{ item: task }}
              replace
              activeProps={{}}
              aria-current={task === chosen.task ? 'page' : undefined}
            >
              {keyText(key, shared)} <small className="quiet">{title ?? block}</small>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
