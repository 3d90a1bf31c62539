import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

type Heard = (chunk: Buffer) => boolean;
type Weather = 'fair' | 'cut' | 'refusing' | 'held';

/**
 * A wire between clients and one server that can go wrong on command. Its port stays the same while it is open,
 * whatever happens to the server behind it.
 */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #waiting = new Set<Socket>();
  #target: Address | undefined;
  #weather: Weather = 'fair';
  #severing: { said: Heard; answered: Heard; done: () => void } | undefined;

  private constructor() {
    this.#server = createServer((client) => this.#accept(client));
  }

  /** Listens on a port that the system gives. Without a target it closes every connection until `to` names one. */
  static async open(target?: Address): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    proxy.#target = target;
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** This URL, by way of the proxy. */
  through(url: string): string {
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(this.port) }).href;
  }

  /** Where new connections lead; those that are open stay where they are. Undefined: nowhere. */
  to(target: Address | undefined): void {
    this.#target = target;
  }

  /** Ends every connection without a word, and lets none come through until `mend`. */
  cut(): void {
    this.#weather = 'cut';
    this.#end();
  }

  /** New connections are reset until `mend`; those that are open go on. */
  refuse(): void {
    this.#weather = 'refusing';
  }

  /** Nothing passes and nothing ends until `mend`, as on a network that swallows packets. */
  hold(): void {
    this.#weather = 'held';
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  mend(): void {
    this.#weather = 'fair';
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const client of waiting) this.#lead(client);
  }

  /**
   * Once a client says what is looked for, it hears nothing more; when the server has answered it, the connection ends.
   * Resolves when that has happened.
   */
  cutBeforeAnswer(said: Heard, answered: Heard = () => true): Promise<void> {
    return new Promise((done) => (this.#severing = { said, answered, done }));
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.#weather === 'held') {
      this.#waiting.add(client);
      client.once('close', () => this.#waiting.delete(client));
      return;
    }
    if (this.#weather !== 'fair') return void client.resetAndDestroy();
    this.#lead(client);
  }

  #lead(client: Socket): void {
    if (this.#target === undefined || client.destroyed) return void client.resetAndDestroy();
    const server = connect(this.#target.port, this.#target.host);
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
    }
    client.once('close', () => (this.#pairs.delete(pair), server.destroy()));
    server.once('close', () => (this.#pairs.delete(pair), client.destroy()));
    client.on('data', (chunk: Buffer) => {
      if (this.#severing?.said(chunk)) this.#sever(pair);
      this.#pass(chunk, client, server);
    });
    client.once('end', () => server.end());
    server.on('data', (chunk: Buffer) => this.#pass(chunk, server, client));
    server.once('end', () => client.end());
  }

  #sever({ client, server }: Pair): void {
    const { answered, done } = this.#severing!;
    this.#severing = undefined;
    server.removeAllListeners('data');
    server.on('data', (chunk: Buffer) => {
      if (!answered(chunk)) return;
      server.destroy();
      client.resetAndDestroy();
      done();
    });
  }

  #pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (to.destroyed || to.write(chunk)) return;
    from.pause();
    to.once('drain', () => {
      if (this.#weather !== 'held') from.resume();
    });
  }

  #end(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
    for (const client of this.#waiting) client.resetAndDestroy();
    this.#waiting.clear();
  }
}
