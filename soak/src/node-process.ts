import type { Address, TcpProxy } from '@duofactory/testing/network';
import { untilReady } from '@duofactory/testing/network';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

export interface NodeOptions {
  readonly name: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its ways to the database and to the broker. */
  readonly database: TcpProxy;
  readonly broker: TcpProxy;
  readonly logFile: string;
  /** Told where it answers, and when it does no longer. */
  readonly onAddress?: (address: Address | undefined) => void;
}

/** One process of the product, started again whenever it has died, as by whatever runs it in production. */
export class NodeProcess {
  readonly name: string;
  readonly database: TcpProxy;
  readonly broker: TcpProxy;
  /** Why it ended although nobody had killed it, after it had been ready. */
  readonly crashes: string[] = [];
  readonly #options: NodeOptions;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #url: string | undefined;
  #wasReady = false;
  #killed = false;
  #stopping = false;
  #life: Promise<void> = Promise.resolve();

  constructor(options: NodeOptions) {
    this.#options = options;
    this.name = options.name;
    this.database = options.database;
    this.broker = options.broker;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
  }

  start(): void {
    this.#life = this.#live();
  }

  async untilReady(): Promise<void> {
    while (this.#url === undefined) await pause(50);
    const url = this.#url;
    await untilReady(url, () => (this.#url === url ? undefined : 'another')).catch(() => this.untilReady());
    this.#wasReady = true;
  }

  /** Where it answers. Throws while it does not. */
  get url(): string {
    if (this.#url === undefined) throw new Error(`${this.name} is not up`);
    return this.#url;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    this.#killed = true;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Whoever asks it from now on is led elsewhere; connections that are open stay with it. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
    this.#options.onAddress?.(undefined);
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.#tellAddress();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.thaw();
    this.#child?.kill('SIGTERM');
    await this.#life;
    this.#log.end();
  }

  async #live(): Promise<void> {
    while (!this.#stopping) {
      this.#killed = false;
      this.#wasReady = false;
      const child = spawn(process.execPath, [this.#options.script], {
        env: { ...process.env, ...this.#options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      this.#child = child;
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', (line) => this.#hear(line));
      const killWithUs = (): void => void child.kill('SIGKILL');
      process.once('exit', killWithUs);
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
      process.off('exit', killWithUs);
      this.#url = undefined;
      this.#options.onAddress?.(undefined);
      this.#log.write(`--- ended: ${code ?? signal}${this.#killed ? ', killed by the nemesis' : ''}\n`);
      if (this.#wasReady && !this.#killed && !this.#stopping)
        this.crashes.push(`${this.name} ended by itself with ${code ?? signal}`);
      // A process that finds a part away when it starts gives up, and is started again.
      if (!this.#stopping) await pause(200);
    }
  }

  #hear(line: string): void {
    this.#log.write(`${line}\n`);
    const url = /"url":"(http:[^"]+)"/.exec(line)?.[1];
    if (url === undefined || !line.includes('"serving"')) return;
    this.#url = url;
    this.#tellAddress();
  }

  #tellAddress(): void {
    if (this.#url === undefined) return;
    const { hostname: host, port } = new URL(this.#url);
    this.#options.onAddress?.({ host, port: Number(port) });
  }
}
