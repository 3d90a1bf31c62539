import type { Clock, Logger } from '@duofactory/platform';

const SWEEP_EVERY_MS = 5000;

/**
 * Runs that a commit has left something to do for. Those that are told are looked at at once, again and again until
 * nothing is left, each time behind the others that wait; what a crash or another orchestrator left behind is found by
 * looking every few seconds.
 */
export class PendingRuns {
  readonly #pending = new Set<string>();
  readonly #stopped = new AbortController();
  #working: Promise<void> | undefined;
  #callOff = (): void => undefined;

  constructor(
    private readonly of: {
      /** For logs: what is not done, or not found. */
      readonly what: string;
      /** How many are looked at together. */
      readonly atOnce: number;
      readonly find: () => Promise<readonly string[]>;
      /** Returns whether there was anything to do. */
      readonly look: (runs: readonly string[]) => Promise<boolean>;
    },
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Aborted when no more is to be begun. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  take(runs: Iterable<string>): void {
    for (const run of runs) this.#pending.add(run);
    if (this.#pending.size > 0) this.#working ??= this.#work();
  }

  async sweep(): Promise<void> {
    try {
      this.take(await this.of.find());
    } catch (error) {
      this.log.error({ err: error }, `sweep of ${this.of.what} failed, will be tried again`);
    }
    if (!this.signal.aborted) this.#callOff = this.clock.setTimer(SWEEP_EVERY_MS, () => void this.sweep());
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#callOff();
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#pending.size > 0 && !this.signal.aborted) {
      const some = [...this.#pending].slice(0, this.of.atOnce);
      // Before the look: who comes while it lasts is looked at once more.
      for (const run of some) this.#pending.delete(run);
      try {
        if (await this.of.look(some)) for (const run of some) this.#pending.add(run);
      } catch (error) {
        // They are found again by the next sweep.
        if (!this.signal.aborted)
          this.log.error({ err: error, runIds: some }, `${this.of.what} not done, will be tried again`);
      }
    }
    // In one go with the last look at what is pending: who comes next begins anew.
    this.#working = undefined;
  }
}
