import type { IncomingMessage, ServerResponse } from 'node:http';
import { readTraceparent, withTraceparent, type Tracing } from '../tracing/tracing.js';
import { routeOf } from './request-metrics.js';

type Middleware = (
  request: IncomingMessage & { route?: { path?: unknown }; path: string },
  response: ServerResponse,
  next: () => void,
) => void;

/** A span a request, in the trace of its caller. It comes after the body's parser, which loses whose work it does. */
export function requestTraces(tracing: Tracing): Middleware {
  return (request, response, next) => {
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' && readTraceparent(traceparent) ? traceparent : undefined;
    if (!tracing.on || !request.path.startsWith('/api/')) return withTraceparent(parent, next);
    const method = request.method ?? '';
    const span = tracing.span(method, {
      kind: 'server',
      parent,
      attributes: { 'http.request.method': method },
    });
    response.once('close', () => {
      const route = routeOf(request);
      const status = response.statusCode;
      span.rename(`${method} ${route}`);
      span.set({ 'http.route': route, 'http.response.status_code': status });
      if (status >= 500) span.fail(String(status));
      span.end();
    });
    withTraceparent(span.traceparent, next);
  };
}
