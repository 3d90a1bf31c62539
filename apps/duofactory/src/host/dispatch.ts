import {
  Metrics,
  Problem,
  apiDocs,
  metricsOff,
  metricsText,
  type RunningService,
} from '@duofactory/platform';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Api } from '../client/api.js';
import { mergeDescriptions } from './merge-descriptions.js';
import { sampleContent, sampleDescription } from './sample-content.js';
import type { StudioFiles } from './studio-files.js';

/** Sends each request to the service that owns the path segment after `/api`; all that a person opens is the studio. */
export function dispatch(
  services: readonly RunningService[],
  { ofProcess, studio, url }: { ofProcess: Metrics; studio: StudioFiles | undefined; url: string },
): RequestListener {
  const owners = new Map(
    services.flatMap((service) => service.definition.resources.map((name) => [name, service] as const)),
  );
  const docs = apiDocs(async () =>
    mergeDescriptions([...(await Promise.all(services.map((one) => one.describe()))), sampleDescription]),
  );
  const sample = sampleContent(() => new Api(url));
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const [, first, resource] = path.split('/');
    if (docs.owns(path)) return docs.handle(request, response);
    const owner = first === 'api' ? owners.get(resource ?? '') : undefined;
    if (owner) return owner.handle(request, response);
    if (first === 'api' && resource === 'samples') return sample(request, response);
    if (path === '/health/live') return sendJson(response, 200, { live: true });
    if (path === '/health/ready') return answering(answerReady(services, response), response);
    if (path === '/metrics')
      return answering(
        answerMetrics([ofProcess, ...services.map(({ metrics }) => metrics)], response),
        response,
      );
    if (studio?.owns(request, path)) return studio.handle(request, response);
    if (path === '/') return void response.writeHead(302, { location: '/api/docs' }).end();
    return refuse(request, response, [...owners.keys()]);
  };
}

/** A fault in an answer is that answer's: the process goes on. */
function answering(answer: Promise<void>, response: ServerResponse): void {
  answer.catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    const problem = new Problem({ status: 500, code: 'internal-error', title: 'Not answered', detail });
    if (response.headersSent) response.destroy();
    else sendJson(response, 500, problem, 'application/problem+json');
  });
}

async function answerReady(services: readonly RunningService[], response: ServerResponse): Promise<void> {
  const answers = await Promise.all(
    services.map(async ({ definition, readiness }) => [definition.name, await readiness.check()] as const),
  );
  const ready = answers.every(([, answer]) => answer.ready);
  sendJson(response, ready ? 200 : 503, { ready, services: Object.fromEntries(answers) });
}

/** Every service counts under the same names, and is told apart by its label. */
async function answerMetrics(all: readonly Metrics[], response: ServerResponse): Promise<void> {
  if (!all.some(({ on }) => on)) return sendJson(response, 404, metricsOff(), 'application/problem+json');
  response.writeHead(200, { 'content-type': Metrics.CONTENT_TYPE }).end(await metricsText(all));
}

function refuse(request: IncomingMessage, response: ServerResponse, resources: readonly string[]): void {
  const problem = new Problem({
    status: 404,
    code: 'unknown-path',
    title: 'There is nothing here',
    detail: `${request.method} ${request.url} is no resource. Under /api there are ${resources.join(', ')}; /api/docs describes them.`,
  });
  sendJson(response, 404, problem, 'application/problem+json');
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  mediaType = 'application/json',
): void {
  response.writeHead(status, { 'content-type': mediaType }).end(JSON.stringify(body));
}
