import { Problem, traceHeaders, type FindPreview } from '@duofactory/platform';

/** A person waits for the answer. */
const WITHIN_MS = 10_000;

/** Asks the evaluator, which compares drafts. Throws Problem `service-away`. */
export function previewsOfEvaluator(apiUrl: string): FindPreview {
  return async ({ id, since, hash }) => {
    const query = new URLSearchParams({ prompt: id, since: String(since), hash, limit: '1' });
    const path = `/api/prompt-comparisons?${query.toString()}`;
    const response = await fetch(new URL(path, apiUrl), {
      headers: traceHeaders(),
      signal: AbortSignal.timeout(WITHIN_MS),
    }).catch((cause: unknown) => {
      throw away(apiUrl, cause);
    });
    if (!response.ok) throw away(apiUrl, new Error(`It answered ${response.status}`));
    const { comparisons } = (await response.json()) as { comparisons: unknown[] };
    return comparisons.length > 0;
  };
}

function away(apiUrl: string, cause: unknown): Problem {
  return new Problem(
    {
      ...{ status: 503, code: 'service-away', title: 'A service does not answer' },
      detail: `Whether the draft was compared cannot be asked at ${apiUrl}: is the evaluator running, and is DUOFACTORY_API_URL right?`,
    },
    { cause },
  );
}
