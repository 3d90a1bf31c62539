import { Command } from 'commander';
import { createProxyServer } from 'httpxy';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { services } from '../host/services.js';
import { UsageError } from '../terminal/command-errors.js';

interface RouterOptions {
  readonly to: string[];
  readonly port: string;
  readonly host: string;
}

export const router = new Command('router')
  .description('One port before services that run as processes of their own')
  .requiredOption(
    '--to <service=url>',
    'where a service answers; one for each',
    (value: string, before: string[]) => [...before, value],
    [] as string[],
  )
  .option('--port <port>', 'to listen on; 0: any free port', '8080')
  .option('--host <address>', 'to listen on', '127.0.0.1')
  .action(async ({ to, port, host }: RouterOptions) => {
    const targets = targetsOf(to);
    const proxy = createProxyServer({ xfwd: true });
    const server = createServer((request, response) => {
      const resource = new URL(request.url ?? '/', 'http://router').pathname.split('/')[2] ?? '';
      const target = targets.get(resource);
      if (target === undefined)
        return answer(response, 404, 'unknown-path', `No service owns ${request.url}`);
      proxy.web(request, response, { target }).catch(() => {
        answer(response, 502, 'service-away', `The service behind /api/${resource} does not answer`);
      });
    });
    server.listen(Number(port), host);
    await once(server, 'listening');
    process.stdout.write(`Router at http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        server.close();
        server.closeAllConnections();
      });
    }
  });

/** By the path segment after `/api`, where its owner answers. */
function targetsOf(to: readonly string[]): Map<string, string> {
  const urlOf = new Map(
    to.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
  const names = services.map(({ name }) => name);
  for (const [name, url] of urlOf) {
    if (!names.includes(name))
      throw new UsageError(`--to names "${name}", which is none of ${names.join(', ')}`);
    if (!URL.canParse(url)) throw new UsageError(`--to ${name}: "${url}" is no URL`);
  }
  return new Map(
    services.flatMap(({ name, resources }) => {
      const url = urlOf.get(name);
      return url === undefined ? [] : resources.map((resource) => [resource, url] as const);
    }),
  );
}

function answer(response: ServerResponse, status: number, code: string, detail: string): void {
  if (response.headersSent) return void response.destroy();
  const problem = { type: `urn:duofactory:problem:${code}`, title: 'Not reached', status, code, detail };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}
