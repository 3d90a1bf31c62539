import { Button, Textarea } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type LedgerCall } from '../api/client.js';
import { answer, faultOf } from '../api/problem.js';
import { ambiguousCallsQuery } from '../api/queries.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { MoreButton } from '../frame/more-button.js';
import { StatusMark } from '../frame/status-mark.js';
import { keyText } from '../values/payload-key.js';
import { whenText } from '../values/time.js';
import { useTyping } from '../values/typing.js';

type Resolution = { readonly decision: 'retry' } | { readonly decision: 'answer'; readonly text: string };

/** Calls that a crash or a timeout cut off: whether the vendor was paid, only its own log says. */
export function AmbiguousCalls({ onSaid }: { onSaid: (what: string) => void }) {
  const query = useInfiniteQuery(ambiguousCallsQuery);
  const calls = query.data?.pages.flatMap((page) => page.calls) ?? [];
  return (
    <section className="panel" aria-labelledby="ambiguous-calls">
      <header>
        <h2 id="ambiguous-calls">Ambiguous calls</h2>
        <Button className="end" size="compact-xs" variant="default" onClick={() => void query.refetch()}>
          Look for calls
        </Button>
      </header>
      {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <div className="skeleton" />}
      {query.data && calls.length === 0 && (
        <p className="empty">None: the end of every paid call was seen.</p>
      )}
      {calls.map((call) => (
        <Call key={call.id} call={call} onSaid={onSaid} />
      ))}
      <MoreButton of={query} />
    </section>
  );
}

function Call({ call, onSaid }: { call: LedgerCall; onSaid: (what: string) => void }) {
  const { id, run, block, key, kind, prompt, voice, provider, model, startedAt, interruptedCalls } = call;
  /** null: nobody said that it happened. */
  const [text, setText, forgetText] = useTyping<string | null>(`call/${id}`, () => null);
  const resolve = useMutation({
    mutationFn: (body: Resolution) =>
      answer(api.POST('/api/ledger/calls/{id}/resolution', { params: { path: { id } }, body })),
    onSuccess: (_, { decision }) => {
      forgetText();
      onSaid(decision === 'retry' ? 'It did not happen: asked again.' : 'It happened: its answer is kept.');
      void queryClient.invalidateQueries({ queryKey: ambiguousCallsQuery.queryKey });
    },
  });
  return (
    <article className="inside call" aria-label={`Call of ${block}`}>
      <p>
        <StatusMark word="Ambiguous" />{' '}
        <strong>{prompt ?? (voice === null ? block : `voice ${voice}`)}</strong>{' '}
        {run !== null && (
          <Link to="/runs/$id" params={{ id: run }} search={{ block }}>
            {block}, {keyText(key)}
          </Link>
        )}{' '}
        <span className="quiet">
          {[provider, model].filter(Boolean).join(' ')} since {whenText(startedAt)}
        </span>
      </p>
      {interruptedCalls.length > 0 && (
        <p className="quiet">
          The vendor was told: <code>{interruptedCalls.join(', ')}</code>
        </p>
      )}
      {text !== null && (
        <Textarea
          label="What the model said"
          description="From the log of the vendor"
          autoFocus
          rows={4}
          value={text}
          error={faultOf(resolve.error, 'text')}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      )}
      {resolve.error && <Failure error={resolve.error} />}
      <div className="buttons">
        {text === null ? (
          <>
            {/* What was spoken is in no log. */}
            {kind === 'model' && (
              <Button variant="default" onClick={() => setText('')}>
                It happened
              </Button>
            )}
            <Button
              variant="default"
              loading={resolve.isPending}
              onClick={() => resolve.mutate({ decision: 'retry' })}
            >
              It did not: ask again
            </Button>
          </>
        ) : (
          <>
            <Button
              loading={resolve.isPending}
              disabled={text.trim() === ''}
              onClick={() => resolve.mutate({ decision: 'answer', text })}
            >
              Keep this answer
            </Button>
            <Button variant="default" onClick={() => setText(null)}>
              Back
            </Button>
          </>
        )}
      </div>
    </article>
  );
}
