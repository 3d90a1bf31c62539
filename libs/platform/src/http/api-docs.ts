import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const DESCRIPTION = '/api/openapi.json';
const PAGE = '/api/docs';
/** Of swagger-ui-dist, by the path under `/api/docs/`. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};

// The page's own script lies in a file of its own: no inline script is allowed to run.
const SCRIPT = `SwaggerUIBundle({ url: '${DESCRIPTION}', dom_id: '#docs', deepLinking: true });`;
const HTML = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>DuoFactory API</title><link rel="stylesheet" href="${PAGE}/swagger-ui.css"></head>
<body><main id="docs"></main><script src="${PAGE}/swagger-ui-bundle.js"></script><script src="${PAGE}/start.js"></script></body>
</html>`;

/** `/api/docs`, a page to read and try the API, and `/api/openapi.json`, what it is drawn from. */
export function apiDocs(describe: () => Promise<object>): {
  owns(path: string): boolean;
  handle: RequestListener;
} {
  return {
    owns: (path) => path === DESCRIPTION || path === PAGE || path.startsWith(`${PAGE}/`),
    handle: (request, response) => {
      answer(new URL(request.url ?? '/', 'http://host').pathname, describe).then(
        ({ status, type, body }) =>
          response
            .writeHead(status, {
              'content-type': type,
              'content-security-policy':
                "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'",
            })
            .end(body),
        () => response.writeHead(500).end(),
      );
    },
  };
}

async function answer(
  path: string,
  describe: () => Promise<object>,
): Promise<{ status: number; type: string; body: string | Buffer }> {
  if (path === DESCRIPTION)
    return { status: 200, type: 'application/json', body: JSON.stringify(await describe()) };
  if (path === PAGE || path === `${PAGE}/`)
    return { status: 200, type: 'text/html; charset=utf-8', body: HTML };
  const name = path.slice(PAGE.length + 1);
  if (name === 'start.js') return { status: 200, type: 'text/javascript', body: SCRIPT };
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (type === undefined) return { status: 404, type: 'text/plain', body: 'There is no such file' };
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return { status: 200, type, body: await readFile(join(folder, name)) };
}
