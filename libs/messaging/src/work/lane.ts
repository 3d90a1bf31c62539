import type { CloudEvent } from '@duofactory/contracts';
import { isOutage, isTerminal } from '../failure.js';
import type { Delivery } from '../bus.js';
import { Fifo } from './fifo.js';
import type { Pace } from './pace.js';
import type { Parcel, Worker, WorkerSettings } from './worker.js';

interface LaneSettings extends WorkerSettings {
  readonly batch: (events: CloudEvent[], delivery: Delivery) => Promise<void>;
  readonly maxBatch: number;
  readonly pace?: Pace;
}

/**
 * Hands over micro-batches one after the other, in order of arrival: one at once when idle, and what gathered
 * meanwhile when busy, at its pace if it has one. A batch that fails is tried once more as a whole and then cut in
 * halves, until the message to blame stands alone and is tried and parked like any other. Nothing overtakes a failed
 * batch, so keys keep their order.
 */
export class Lane implements Worker {
  readonly #settings: LaneSettings;
  readonly #queue = new Fifo<Parcel>();
  readonly #abort = new AbortController();
  readonly #firstDelivery: Delivery;
  #left: Parcel[] = [];
  #running: Promise<void> | undefined;
  #draining = false;
  #wake: (() => void) | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
    this.#firstDelivery = { signal: this.#abort.signal, attempt: 1 };
  }

  accept(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) this.#queue.push(parcel);
    if (!this.#draining) this.#running ??= this.#run();
  }

  async drain(): Promise<Parcel[]> {
    this.#draining = true;
    this.#wake?.();
    await this.#running;
    const left = this.#left;
    this.#left = [];
    return [...left, ...this.#queue.take(this.#queue.length)];
  }

  abort(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    // What arrives in the same turn of the event loop joins the first batch.
    await Promise.resolve();
    while (!this.#draining && this.#queue.length > 0) {
      const waitMs = this.#settings.pace?.next() ?? 0;
      if (waitMs > 0) {
        await this.#sleep(waitMs);
        if (this.#draining) break;
      }
      const parcels = this.#queue.take(this.#settings.maxBatch).filter((parcel) => !parcel.revoked);
      if (parcels.length > 0) await this.#deliver(parcels, true);
    }
    this.#running = undefined;
  }

  async #deliver(parcels: Parcel[], whole: boolean): Promise<void> {
    const events = parcels.map((parcel) => parcel.event);
    for (let failures = 0, outages = 0; ;) {
      if (this.#draining) {
        this.#left.push(...parcels);
        return;
      }
      try {
        await this.#settings.batch(
          events,
          failures === 0 ? this.#firstDelivery : { signal: this.#abort.signal, attempt: failures + 1 },
        );
        for (const parcel of parcels) parcel.acknowledge();
        return;
      } catch (error) {
        const first = parcels[0]!;
        if (isOutage(error)) {
          outages += 1;
          await this.#pause(first, error, outages);
          continue;
        }
        failures += 1;
        if (parcels.length > 1) {
          if (isTerminal(error) || failures > 1 || !whole) return this.#halve(parcels);
          await this.#pause(first, error, failures);
          continue;
        }
        first.attempts = failures;
        if (isTerminal(error) || failures >= this.#settings.maxAttempts) return this.#park(first, error);
        await this.#pause(first, error, failures);
      }
    }
  }

  async #halve(parcels: Parcel[]): Promise<void> {
    const middle = parcels.length >> 1;
    await this.#deliver(parcels.slice(0, middle), false);
    await this.#deliver(parcels.slice(middle), false);
  }

  async #park(parcel: Parcel, error: unknown): Promise<void> {
    for (let failures = 1; !this.#draining; failures += 1) {
      try {
        await this.#settings.park(parcel, error);
        parcel.acknowledge();
        return;
      } catch (parkingError) {
        await this.#pause(parcel, parkingError, failures);
      }
    }
    this.#left.push(parcel);
  }

  async #pause(parcel: Parcel, error: unknown, failures: number): Promise<void> {
    if (this.#draining) return;
    const delayMs = this.#settings.backOff(failures);
    this.#settings.retrying(parcel, error, delayMs);
    await this.#sleep(delayMs);
  }

  /** Or until it is to drain. */
  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
