import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { api } from '../api/client.js';
import { ApiProblem, answer, ServerAway } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { titleOf } from '../values/readable-value.js';
import type { ChatSample } from './use-chat.js';
import '../definitions/definitions.css';

/** What is asked: a version, or a prompt as it is written here. */
export type Question = ({ readonly prompt: string } | { readonly definition: Record<string, unknown> }) & {
  readonly variables: Record<string, unknown>;
};

/** The exact requests, and what they may take; what is not filled yet stands as it is written. */
export function usePreview(question: Question, samples: number) {
  return useQuery({
    queryKey: ['prompt-preview', question, samples],
    queryFn: () =>
      answer(api.POST('/api/prompt-runs/preview', { body: { ...question, samples, leaveUnfilled: true } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: (_count, error) => error instanceof ServerAway,
  });
}

/** Request and response, as they go over the wire. */
export function SentJson({
  preview,
  samples,
}: {
  preview: ReturnType<typeof usePreview>;
  samples: readonly ChatSample[];
}) {
  return (
    <div className="inside stack-inside">
      <h3>Request</h3>
      {preview.error && <NoRequest error={preview.error} onRetry={() => void preview.refetch()} />}
      {!preview.error && preview.data && <Unfilled paths={preview.data.unfilled} />}
      {!preview.error &&
        preview.data?.calls.map(({ step, request }) => (
          <section key={step} aria-label={titleOf(step)}>
            <span className="quiet">{titleOf(step)}</span>
            <pre className="json" tabIndex={0}>
              {JSON.stringify(request, null, 2)}
            </pre>
          </section>
        ))}
      <h3>Response</h3>
      {samples.every(({ done }) => !done) && <p className="quiet">Run the prompt to see what it answers.</p>}
      {samples.map(
        ({ sample, done }) =>
          done && (
            <section key={sample} aria-label={`Response ${sample}`}>
              <span className="quiet">Sample {sample}</span>
              <pre className="json" tabIndex={0}>
                {JSON.stringify(done, null, 2)}
              </pre>
            </section>
          ),
      )}
    </div>
  );
}

function Unfilled({ paths }: { paths: readonly string[] }) {
  if (paths.length === 0) return null;
  return (
    <div className="notice calm" role="status">
      <span>
        Not filled yet:{' '}
        {paths.map((path, n) => (
          <Fragment key={path}>
            {n > 0 && ', '}
            <code>{path}</code>
          </Fragment>
        ))}
        . Here they stand as they are written.
      </span>
    </div>
  );
}

/** A prompt that is being written is not finished: that is no alarm. */
function NoRequest({ error, onRetry }: { error: Error; onRetry: () => void }) {
  if (!(error instanceof ApiProblem) || error.code !== 'invalid-definition')
    return <Failure error={error} onRetry={onRetry} />;
  return (
    <div className="quiet" role="status">
      <p>There is no request before the prompt can be sent:</p>
      <ul>
        {error.errors.map(({ field, message }, n) => (
          <li key={n}>
            {placeText(field)}: {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** `steps.0.text` as the screen calls it. */
function placeText(field: string): string {
  const step = /^steps\.(\d+)/.exec(field);
  return step ? `Step ${Number(step[1]) + 1}` : titleOf(field.split('.')[0]!);
}
