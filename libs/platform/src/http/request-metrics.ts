import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Metrics } from '../metrics/metrics.js';

type Middleware = (
  request: IncomingMessage & { route?: { path?: unknown }; path: string },
  response: ServerResponse,
  next: () => void,
) => void;

/** How long requests take, by the route that answers: never by the path that was asked for, which anyone may invent. */
export function requestMetrics(metrics: Metrics): Middleware {
  const seconds = metrics.histogram({
    name: 'duofactory_http_request_seconds',
    help: 'How long requests took, to the end of the answer',
    labels: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  return (request, response, next) => {
    if (!request.path.startsWith('/api/')) return next();
    const began = performance.now();
    response.once('close', () => {
      const labels = {
        method: request.method ?? '',
        route: routeOf(request),
        status: String(response.statusCode),
      };
      seconds.observe(labels, (performance.now() - began) / 1000);
    });
    next();
  };
}

/** The path as the service declares it. */
export function routeOf({ route }: { route?: { path?: unknown } }): string {
  return typeof route?.path === 'string' ? route.path : 'none';
}
