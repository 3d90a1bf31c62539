import type { Background, Clock, Logger } from '@duofactory/platform';
import type { AdvanceRuns } from './advance-runs.js';
import type { Reviews } from './reviews.js';

const SWEEP_EVERY_MS = 1000;

/** Back-offs, deadlines, lost attempts and expired reviews: looked for every second, one look at a time. */
export class SweepRuns implements Background {
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();
  #callOff = (): void => undefined;

  constructor(
    private readonly advance: AdvanceRuns,
    private readonly reviews: Reviews,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.#next();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff();
    await this.#looking;
  }

  #next(): void {
    this.#callOff = this.clock.setTimer(SWEEP_EVERY_MS, () => {
      this.#looking = this.#look().finally(() => {
        if (!this.#stopped) this.#next();
      });
    });
  }

  async #look(): Promise<void> {
    try {
      await this.advance.sweep();
      await this.reviews.expire();
    } catch (error) {
      this.log.error({ err: error }, 'sweep failed, will be tried again');
    }
  }
}
