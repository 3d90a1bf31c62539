import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** From `apps/duofactory/dist/host/` or `src/host/`. */
const BUILT = fileURLToPath(new URL('../../../studio/dist/', import.meta.url));
const PAGE = 'index.html';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What models, sheets and files say is shown in the studio: nothing of it may run, load or be sent elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The components write their colours into style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A missing asset is missing: a page in its place would be run as a script. */
const isScreen = (path: string): boolean => !path.startsWith('/api') && !path.startsWith('/assets/');

interface File {
  readonly type: string;
  readonly plain: Buffer;
  readonly zipped: Buffer;
}

/** The built studio: its files by their paths, and its page for every other address that a person opens. */
export interface StudioFiles {
  /** Whether this request is for the studio, and not for the API. */
  owns(request: IncomingMessage, path: string): boolean;
  readonly handle: RequestListener;
}

/** Undefined where it was not built. Read once: a process serves the studio that was there when it began. */
export async function openStudioFiles(folder = BUILT): Promise<StudioFiles | undefined> {
  if (!existsSync(join(folder, PAGE))) return undefined;
  const files = new Map<string, File>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const plain = await readFile(path);
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    files.set(`/${path.slice(folder.length).replaceAll('\\', '/')}`, {
      type,
      plain,
      zipped: gzipSync(plain),
    });
  }
  const page = files.get(`/${PAGE}`)!;
  return {
    owns: ({ method, headers }, path) =>
      (method === 'GET' || method === 'HEAD') &&
      (files.has(path) || (isScreen(path) && (headers.accept ?? '').includes('text/html'))),
    handle: (request, response) => {
      const path = new URL(request.url ?? '/', 'http://host').pathname;
      const { type, plain, zipped } = files.get(path) ?? page;
      const canUnzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
      const body = canUnzip ? zipped : plain;
      response.writeHead(200, {
        'content-type': type,
        'content-length': body.byteLength,
        ...(canUnzip ? { 'content-encoding': 'gzip' } : {}),
        vary: 'accept-encoding',
        // Names of assets hold the hash of their content.
        'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  };
}
