import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a block asked the outside world to do. */
export interface Effect {
  readonly lineage: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number;
  readonly step: string;
  readonly request: string;
}

/**
 * The outside world: whatever workers cause lands here, in a log that nobody in the product can reach. It is written
 * before it is answered, so an effect whose answer got lost is in it.
 */
export class Vendor {
  readonly log: Effect[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#take(request).then(
        () => response.end('{}'),
        () => response.destroy(),
      );
    });
  }

  static async open(): Promise<Vendor> {
    const vendor = new Vendor();
    await once(vendor.#server.listen(0, '127.0.0.1'), 'listening');
    return vendor;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage): Promise<void> {
    this.log.push(JSON.parse(await text(request)) as Effect);
  }
}
