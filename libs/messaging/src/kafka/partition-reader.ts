import { OffsetLedger, type OffsetEntry } from './offset-ledger.js';

interface Valve {
  pause(): void;
  resume(): void;
  /** A message is settled: something may be committed. */
  progressed(): void;
}

/** One assigned partition: pauses it at the ledger's cap and resumes it when there is room. */
export class PartitionReader {
  readonly topic: string;
  readonly partition: number;
  readonly ledger: OffsetLedger;
  readonly #valve: Valve;
  #paused = false;
  #end = 0;
  #seenBelow: number | undefined;

  constructor(place: { topic: string; partition: number; cap: number }, valve: Valve) {
    this.topic = place.topic;
    this.partition = place.partition;
    this.ledger = new OffsetLedger(place.cap);
    this.#valve = valve;
  }

  /** The partition's end, as the last fetch told it. */
  sawEnd(offset: number): void {
    this.#end = Math.max(this.#end, offset);
    this.#seenBelow ??= offset;
  }

  /** What was there before we read the first time: the partition's last owner may have had it in hand. */
  get seenBelow(): number {
    return this.#seenBelow ?? 0;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Messages up to the partition's end that are not settled. */
  get lag(): number {
    const from = this.ledger.firstOpen?.offset ?? this.ledger.next;
    return from === undefined ? 0 : Math.max(0, this.#end - from);
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
