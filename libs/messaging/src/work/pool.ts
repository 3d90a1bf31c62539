import type { CloudEvent } from '@duofactory/contracts';
import { isOutage, isTerminal } from '../failure.js';
import type { Delivery, Handled } from '../bus.js';
import { FairQueue } from './fair-queue.js';
import type { Parcel, Worker, WorkerSettings } from './worker.js';

interface PoolSettings extends WorkerSettings {
  readonly each: (event: CloudEvent, delivery: Delivery) => Promise<void | Handled>;
  readonly concurrency: number;
}

/**
 * Runs up to `concurrency` handlers at once, whatever partition or key their events have: a slow one holds one place
 * and nobody else. Places are shared fairly between runs (the events' subjects): one that has few events does not wait
 * for all of another's, and one alone has them all. A parcel holds no place while it waits for its next try, or for its
 * answer to be safe.
 */
export class Pool implements Worker {
  readonly #settings: PoolSettings;
  readonly #queue = new FairQueue<Parcel>();
  readonly #waiting = new Map<Parcel, NodeJS.Timeout>();
  readonly #givenUp: Parcel[] = [];
  readonly #abort = new AbortController();
  readonly #firstDelivery: Delivery;
  #busy = 0;
  /** Worked on, and not safe yet. */
  #handled = 0;
  #draining = false;
  #idle: (() => void) | undefined;

  constructor(settings: PoolSettings) {
    this.#settings = settings;
    this.#firstDelivery = { signal: this.#abort.signal, attempt: 1 };
  }

  accept(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) this.#queue.push(parcel, partyOf(parcel));
    this.#pump();
  }

  async drain(): Promise<Parcel[]> {
    this.#draining = true;
    if (this.#busy + this.#handled > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    const left = [...this.#givenUp.splice(0), ...this.#waiting.keys()];
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    return [...left, ...this.#queue.takeAll()];
  }

  abort(): void {
    this.#abort.abort();
  }

  #pump(): void {
    while (!this.#draining && this.#busy < this.#settings.concurrency) {
      const parcel = this.#queue.shift();
      if (parcel === undefined) return;
      if (parcel.revoked) {
        this.#queue.done(partyOf(parcel));
        continue;
      }
      this.#busy += 1;
      void this.#run(parcel);
    }
  }

  async #run(parcel: Parcel): Promise<void> {
    parcel.attempts += 1;
    try {
      const { attempts, again } = parcel;
      const delivery =
        attempts === 1 && !again
          ? this.#firstDelivery
          : { signal: this.#abort.signal, attempt: attempts, again };
      const handled = await this.#settings.each(parcel.event, delivery);
      if (handled) void this.#acknowledge(parcel, handled);
      else parcel.acknowledge();
    } catch (error) {
      await this.#failed(parcel, error);
    }
    this.#busy -= 1;
    this.#queue.done(partyOf(parcel));
    this.#pump();
    this.#tellIdle();
  }

  async #acknowledge(parcel: Parcel, { safe }: Handled): Promise<void> {
    this.#handled += 1;
    try {
      await safe;
      parcel.acknowledge();
    } catch (error) {
      await this.#failed(parcel, error);
    }
    this.#handled -= 1;
    this.#pump();
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#busy + this.#handled === 0) this.#idle?.();
  }

  async #failed(parcel: Parcel, error: unknown): Promise<void> {
    if (this.#abort.signal.aborted) {
      // It was told to give up: no failure of its own.
      this.#givenUp.push(parcel);
      return;
    }
    const outage = isOutage(error);
    if (isTerminal(error) || (!outage && parcel.attempts >= this.#settings.maxAttempts)) {
      try {
        await this.#settings.park(parcel, error);
        parcel.acknowledge();
      } catch (parkingError) {
        // Neither handled nor kept: it must not be lost, so it comes again.
        this.#again(parcel, parkingError);
      }
      return;
    }
    this.#again(parcel, error);
    if (outage) parcel.attempts -= 1;
  }

  #again(parcel: Parcel, error: unknown): void {
    const delayMs = this.#settings.backOff(parcel.attempts);
    this.#settings.retrying(parcel, error, delayMs);
    this.#waiting.set(
      parcel,
      setTimeout(() => {
        this.#waiting.delete(parcel);
        this.#queue.push(parcel, partyOf(parcel));
        this.#pump();
      }, delayMs),
    );
  }
}

/** Events of no run are one party. */
function partyOf({ event: { subject = '' } }: Parcel): string {
  return subject;
}
