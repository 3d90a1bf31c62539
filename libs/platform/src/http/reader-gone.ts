import type { ServerResponse } from 'node:http';

/** Aborts when whoever asked has gone away, or has its answer. Not by the request: that is over once its body is read. */
export function readerGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  // It may have gone while something else was waited for.
  if (response.closed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}
