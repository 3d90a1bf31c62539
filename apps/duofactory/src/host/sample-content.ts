import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { ApiProblem, type Api } from '../client/api.js';
import { applyAll } from '../commands/apply.js';

/** From `apps/duofactory/dist/host/` or `src/host/`. */
const SHIPPED = fileURLToPath(new URL('../../../../workflows/', import.meta.url));

/** What a first look at the product begins with. */
export const SAMPLE = { workflow: 'duoradio', inputs: { course: 'en-es', node: 'es-a1-cafe' } };

/** Publishes the content that ships with the product; what is there already stays as it is. Returns how many files. */
export async function applyShippedContent(api: Api): Promise<number> {
  return (await applyAll(api, [SHIPPED], () => undefined)).length;
}

/** `POST /api/samples/duoradio`: for a studio that meets an empty database. */
export function sampleContent(api: () => Api): RequestListener {
  return (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    if (request.method !== 'POST' || path !== PATH) {
      const detail = `There is only POST ${PATH}`;
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(
        JSON.stringify({ status: 404, code: 'unknown-path', title: 'There is nothing here', detail }),
      );
      return;
    }
    applyShippedContent(api()).then(
      (files) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ...SAMPLE, files }));
      },
      (error: unknown) => {
        const status = error instanceof ApiProblem ? error.status : 503;
        const code = error instanceof ApiProblem ? error.code : 'sample-not-applied';
        const detail = error instanceof Error ? error.message : String(error);
        const title = 'The sample was not applied';
        response.writeHead(status, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ type: 'about:blank', status, code, title, detail }));
      },
    );
  };
}

const PATH = '/api/samples/duoradio';

/** Of OpenAPI: the host's own operation beside those of its services. */
export const sampleDescription = {
  paths: {
    [PATH]: {
      post: {
        operationId: 'applySample',
        summary: 'Publish the DuoRadio sample that ships with the product; what is there already stays',
        tags: ['samples'],
        responses: {
          200: {
            description: '',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Sample' } } },
          },
          default: {
            description: 'Problem details (RFC 9457)',
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Sample: {
        type: 'object',
        required: ['workflow', 'inputs', 'files'],
        properties: {
          workflow: { type: 'string' },
          inputs: { type: 'object', additionalProperties: true, description: 'With which it can be run' },
          files: { type: 'integer', description: 'How many were published or were there' },
        },
      },
    },
  },
};
