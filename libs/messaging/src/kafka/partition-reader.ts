import { OffsetLedger, type OffsetEntry } from './offset-ledger.js';

interface Valve {
  pause(): void;
  resume(): void;
  /** Something may be committed. */
  progressed(): void;
}

/** One assigned partition: pauses it at the ledger's cap and resumes it when there is room. */
export class PartitionReader {
  readonly topic: string;
  readonly partition: number;
  readonly ledger: OffsetLedger;
  readonly #valve: Valve;
  #paused = false;

  constructor(place: { topic: string; partition: number; cap: number }, valve: Valve) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.ledger = new OffsetLedger(place.cap);
    this.#valve = valve;
  }

  open(entry: OffsetEntry): boolean {
    return this.ledger.open(entry);
  }

  pauseIfFull(): void {
    if (this.#paused || !this.ledger.full) return;
    this.#paused = true;
    this.#valve.pause();
  }

  settle(entry: OffsetEntry): void {
    this.ledger.settle(entry);
    if (this.ledger.revoked) return;
    if (this.#paused && this.ledger.roomy) {
      this.#paused = false;
      this.#valve.resume();
    }
    this.#valve.progressed();
  }
}
