import { once } from 'node:events';
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An answer in place of the server's; `silent`: none at all; `lost`: the server does it, and nobody hears its answer;
 * `stalled`, `cut`: half of its answer's body, then nothing more, or the end of the connection.
 */
export type HttpFault =
  'lost' | 'silent' | 'stalled' | 'cut' | { readonly status: number; readonly body: string };

/** Passes HTTP requests on to one server, and does to some what networks and busy servers do. */
export class HttpFaults {
  /** What each further request that `meets` meets. */
  readonly faults: HttpFault[] = [];
  /** Which requests; all, unless said otherwise. */
  meets: (request: { readonly method: string; readonly url: string }) => boolean = () => true;
  readonly #server: Server;
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
  }

  static async before(target: string): Promise<HttpFaults> {
    const proxy = new HttpFaults(target);
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const fault = this.meets({ method, url }) ? this.faults.shift() : undefined;
    if (fault === 'silent') return;
    if (typeof fault === 'object')
      return void response.writeHead(fault.status, { 'content-type': 'application/xml' }).end(fault.body);
    const { hostname, port } = this.#target;
    const passed = ask({ hostname, port, method, path: url, headers });
    passed.end(Buffer.concat(chunks));
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    if (fault === 'lost') {
      for await (const _ of answer);
      return void response.destroy();
    }
    response.writeHead(answer.statusCode!, answer.headers);
    if (fault === undefined) return void answer.pipe(response);
    const body: Buffer[] = [];
    for await (const chunk of answer) body.push(chunk as Buffer);
    const whole = Buffer.concat(body);
    response.write(whole.subarray(0, whole.length >> 1), () => {
      if (fault === 'cut') response.destroy();
    });
  }
}
