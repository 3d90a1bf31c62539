import './operations.css';
import { ActionIcon, Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { deadLetterQuery, deadLettersQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { AsOf, Failure } from '../frame/failure.js';
import { MoreButton } from '../frame/more-button.js';
import { Icon } from '../frame/icons.js';
import { isObject } from '../values/is-object.js';
import { ReadableValue } from '../values/readable-value.js';
import { isUuid } from '../values/uuid.js';
import { AmbiguousCalls } from './ambiguous-calls.js';
import { BlockWork } from './block-work.js';
import { LetterTable } from './letter-table.js';

const route = getRouteApi('/operations');

/**
 * Messages that a service gave up on: to be looked at, and sent again once the reason is mended; calls of which somebody
 * must say whether they happened; and which block types fail or have work that nobody takes.
 */
export function Operations() {
  const { letter: opened } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(deadLettersQuery);
  const [said, setSaid] = useState('');
  const letters = query.data?.pages.flatMap((page) => page.deadLetters) ?? [];
  // Rows do not move under the pointer: what came since stands behind a button.
  const [seen, setSeen] = useState<string>();
  const known = letters.filter(({ parkedAt }) => seen === undefined || parkedAt <= seen);
  const shown = known.length > 0 ? known : letters;
  const newest = letters[0]?.parkedAt;
  useEffect(() => {
    if (newest !== undefined && (seen === undefined || known.length === 0)) setSeen(newest);
  });
  const close = (): void => void navigate({ search: {} });
  const onRedriven = (topic: string): void => {
    setSaid(`Sent again to ${topic}.`);
    close();
  };
  return (
    <>
      <div className="head">
        <h1>Operations</h1>
        <AsOf updatedAt={query.dataUpdatedAt} error={query.failureReason} />
        <span className="quiet" role="status">
          {said}
        </span>
      </div>
      <div className={opened === undefined ? undefined : 'with-drawer'}>
        <section className="panel" aria-labelledby="dead-letters">
          <header>
            <h2 id="dead-letters">Dead letters</h2>
            {letters.length > shown.length && (
              <Button size="compact-xs" variant="light" onClick={() => setSeen(newest)}>
                Show {letters.length - shown.length} new
              </Button>
            )}
            <Button className="end" size="compact-xs" variant="default" onClick={() => void query.refetch()}>
              Look again
            </Button>
          </header>
          {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
          {query.isPending && <div className="skeleton" />}
          {query.data && letters.length === 0 && (
            <p className="empty">None: every message was handled. What a service gives up on comes here.</p>
          )}
          {letters.length > 0 && (
            <LetterTable letters={shown} opened={opened} hasMore={query.hasNextPage} onSaid={setSaid} />
          )}
          <MoreButton of={query} />
        </section>
        {opened !== undefined && <Letter key={opened} id={opened} onClose={close} onRedriven={onRedriven} />}
      </div>
      <AmbiguousCalls onSaid={setSaid} />
      <BlockWork />
    </>
  );
}

function Letter(of: { id: string; onClose: () => void; onRedriven: (topic: string) => void }) {
  const { id, onClose, onRedriven } = of;
  const letter = useQuery(deadLetterQuery(id));
  const redrive = useMutation({
    mutationFn: () => answer(api.POST('/api/dead-letters/{id}/redrive', { params: { path: { id } } })),
    onSuccess: ({ topic }) => {
      void queryClient.invalidateQueries({ queryKey: ['dead-letters'] });
      onRedriven(topic);
    },
  });
  return (
    <aside
      className="drawer"
      aria-label="Dead letter"
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <header>
        <h2>{letter.data?.topic ?? 'Dead letter'}</h2>
        <ActionIcon className="end" variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </header>
      <div className="inside value">
        {letter.error && <Failure error={letter.error} onRetry={() => void letter.refetch()} />}
        {letter.isPending && <div className="skeleton" />}
        {letter.data && (
          <>
            <p className="tone-bad">
              {letter.data.errorMessage} <code>{letter.data.errorCode}</code>
            </p>
            {redrive.error && <Failure error={redrive.error} />}
            <Button loading={redrive.isPending} onClick={() => redrive.mutate()} mb={12}>
              Redrive
            </Button>
            <RunOf body={bodyOf(letter.data)} />
            <h3>What it says</h3>
            <ReadableValue value={bodyOf(letter.data)} />
            <details>
              <summary>Envelope</summary>
              <ReadableValue value={{ key: letter.data.key, ...letter.data.headers }} />
            </details>
          </>
        )}
      </div>
    </aside>
  );
}

/** Most events are of a run: what it waits for, or went on without, is seen there. */
function RunOf({ body }: { body: unknown }) {
  const { run, block } = isObject(body) ? body : {};
  if (typeof run !== 'string' || !isUuid(run)) return null;
  return (
    <p>
      <Link to="/runs/$id" params={{ id: run }} search={typeof block === 'string' ? { block } : {}}>
        Run <code>{run.slice(0, 8)}</code>
      </Link>
    </p>
  );
}

/** Events are JSON; what is none is shown as it came. */
function bodyOf({ body, encoding }: { body: string; encoding: string }): unknown {
  if (encoding !== 'utf-8') return body;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
