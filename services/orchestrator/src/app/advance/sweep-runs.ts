import type { Background, Clock, Logger } from '@duofactory/platform';
import type { AdvanceRuns } from './advance-runs.js';
import type { ChildRuns } from './child-runs.js';
import type { Batches } from '../batches/batches.js';
import type { LiftHolds } from './lift-holds.js';
import type { Reviews } from '../reviews/reviews.js';
import type { Schedules } from '../starts/schedules.js';

const SWEEP_EVERY_MS = 1000;

/** Back-offs, deadlines, lost attempts, decisions that hold, expired reviews, schedules, stuck batches, holds that end and costs that came late: looked for every second, one look at a time. */
export class SweepRuns implements Background {
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();
  #callOff = (): void => undefined;

  constructor(
    private readonly of: {
      readonly advance: AdvanceRuns;
      readonly reviews: Reviews;
      readonly schedules: Schedules;
      readonly batches: Batches;
      readonly holds: LiftHolds;
      readonly children: ChildRuns;
    },
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

  /** One that fails holds up no other. */
  async #look(): Promise<void> {
    const { advance, reviews, schedules, batches, holds, children } = this.of;
    const sweeps: Record<string, () => Promise<void>> = {
      runs: () => advance.sweep(),
      decisions: () => reviews.settle(),
      reviews: () => reviews.expire(),
      schedules: () => schedules.sweep(),
      batches: () => batches.sweep(),
      holds: () => holds.sweep(),
      'late costs': () => children.sweep(),
    };
    for (const [sweep, look] of Object.entries(sweeps)) {
      try {
        await look();
      } catch (error) {
        this.log.error({ err: error, sweep }, 'sweep failed, will be tried again');
      }
    }
  }
}
