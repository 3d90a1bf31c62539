/** Where time comes from: tests turn it by hand. */
export abstract class Clock {
  abstract now(): Date;
  /** Calls back once after `ms`. Returns how to call it off. */
  abstract setTimer(ms: number, callback: () => void): () => void;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  setTimer(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}

export class ManualClock extends Clock {
  #nowMs: number;
  #timers: { atMs: number; callback: () => void }[] = [];

  constructor(now = new Date('2030-01-01T00:00:00Z')) {
    super();
    this.#nowMs = now.getTime();
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  setTimer(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void {
    const until = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter((one) => one.atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = until;
  }
}
