import type { Clock } from '../clock.js';
import type { Background } from './service-definition.js';

/** Work of a service that is done at its start and again and again, so long after each time. One that fails holds up no other. */
export class Repeated implements Background {
  readonly #stopping = new AbortController();
  #callOff = (): void => undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly of: {
      readonly everyMs: number;
      readonly work: (now: Date) => Promise<void>;
      /** For the log: what is not done where the work fails. */
      readonly failed: string;
    },
    private readonly clock: Clock,
    private readonly log: { warn(fields: object, message: string): void },
  ) {}

  /** Aborted when it is to stop: what lasts long may look at it. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  async start(): Promise<void> {
    this.#work = this.#once();
  }

  /** Resolves when what was begun has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#callOff();
    await this.#work;
  }

  async #once(): Promise<void> {
    try {
      await this.of.work(this.clock.now());
    } catch (error) {
      this.log.warn({ err: error }, this.of.failed);
    }
    if (!this.signal.aborted)
      this.#callOff = this.clock.setTimer(this.of.everyMs, () => void (this.#work = this.#once()));
  }
}
