import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer, ServerAway } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { titleOf } from '../values/readable-value.js';
import type { ChatSample } from './use-chat.js';
import '../definitions/definitions.css';

/** What is asked: a version, or a prompt as it is written here. */
export type Question = ({ readonly prompt: string } | { readonly definition: Record<string, unknown> }) & {
  readonly variables: Record<string, unknown>;
};

/** The exact requests, and what they may take; the server says what is missing. */
export function usePreview(question: Question, samples: number) {
  return useQuery({
    queryKey: ['prompt-preview', question, samples],
    queryFn: () => answer(api.POST('/api/prompt-runs/preview', { body: { ...question, samples } })),
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
    <div className="inside">
      <h3>Request</h3>
      {preview.error && <Failure error={preview.error} onRetry={() => void preview.refetch()} />}
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
