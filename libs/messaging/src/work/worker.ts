import type { CloudEvent } from '@duofactory/contracts';
import type { BackOff } from '../back-off.js';

/** One message on its way through one group. The transport makes it; a worker ends it by `acknowledge`. */
export abstract class Parcel {
  abstract readonly event: CloudEvent;
  /** Chooses the lane: parcels of one key have one value. */
  abstract readonly lane: number;
  attempts = 0;
  /** Somebody else has it now (its partition was revoked): not to be begun any more. */
  get revoked(): boolean {
    return false;
  }
  /** Somebody else may have had it in hand before. */
  get again(): boolean {
    return false;
  }
  abstract acknowledge(): void;
}

/** Runs the handler of one subscription over the parcels that the transport brings. Knows no transport. */
export interface Worker {
  accept(parcels: readonly Parcel[]): void;
  /** Begins nothing more and waits for the handlers in hand. Returns what was never acknowledged, oldest first. */
  drain(): Promise<Parcel[]>;
  /** Tells the handlers in hand to give up. */
  abort(): void;
}

export interface WorkerSettings {
  readonly maxAttempts: number;
  readonly backOff: BackOff;
  /** Keeps the message and why it failed; resolves when that is safe. */
  readonly park: (parcel: Parcel, error: unknown) => Promise<void>;
  /** Told of every failure that is tried again, for logs and metrics. */
  readonly retrying: (parcel: Parcel, error: unknown, delayMs: number) => void;
}
