import { performance } from 'node:perf_hooks';

/** So many follow each other at once. */
const BURST = 8;

/** A burst goes through as it comes; of what goes on and on there is one every so often, so that more comes at once. */
export class Pace {
  /** When the last of a burst that never paused would be due. */
  #dueAtMs = 0;

  constructor(
    private readonly everyMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** How long the next one has to wait, which is taken as begun then. 0: not at all. */
  next(): number {
    const now = this.nowMs();
    const dueAt = Math.max(this.#dueAtMs, now);
    this.#dueAtMs = dueAt + this.everyMs;
    return Math.max(0, dueAt - BURST * this.everyMs - now);
  }
}
