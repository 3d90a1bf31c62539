import './review.css';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { OpenReview } from '../api/client.js';
import { reviewsQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { AsOf, Failure } from '../frame/failure.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { ReviewItem } from './review-item.js';

const route = getRouteApi('/review');

/** What waits for a person, oldest first; one of them opened. */
export function Review() {
  const { item } = route.useSearch();
  const navigate = route.useNavigate();
  const reviews = useQuery(reviewsQuery);
  const [said, setSaid] = useState('');
  const queue = reviews.data ?? [];
  const chosen = queue.find(({ task }) => task === item) ?? queue[0];
  const go = (to: OpenReview | undefined): void =>
    void navigate({ search: to ? { item: to.task } : {}, replace: true });
  const neighbour = (step: number): OpenReview | undefined =>
    chosen && queue[(queue.indexOf(chosen) + step + queue.length) % queue.length];
  const onDecided = (word: string): void => {
    const left = queue.filter((one) => one !== chosen);
    const next = chosen && (left[queue.indexOf(chosen)] ?? left[0]);
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
      </div>
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
          <ReviewItem
            key={chosen.task}
            review={chosen}
            onDecided={onDecided}
            onStep={(step) => go(neighbour(step))}
          />
        </div>
      )}
    </>
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
