import { Fifo } from '../work/fifo.js';

/** A message in hand. */
export interface OffsetEntry {
  readonly offset: number;
  settled: boolean;
}

/**
 * "What may I commit?" for one partition: everything below the lowest message not settled yet. Messages may settle in
 * any order. Knows no Kafka. Offsets are numbers: exact up to 2^53.
 */
export class OffsetLedger {
  readonly #cap: number;
  readonly #open = new Fifo<OffsetEntry>();
  #next: number | undefined;
  #committable: number | undefined;
  #revoked = false;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** In order of offset. Gaps are fine: compaction and transactions leave them. False: seen before, or not ours. */
  open(entry: OffsetEntry): boolean {
    if (this.#revoked || (this.#next !== undefined && entry.offset < this.#next)) return false;
    this.#open.push(entry);
    this.#next = entry.offset + 1;
    return true;
  }

  settle(entry: OffsetEntry): void {
    entry.settled = true;
    if (this.#revoked) return;
    for (let first = this.#open.peek(); first?.settled; first = this.#open.peek()) {
      this.#committable = first.offset + 1;
      this.#open.shift();
    }
  }

  /** The offset to commit (of the next message to read), once; undefined: nothing new. */
  takeCommittable(): number | undefined {
    const offset = this.#committable;
    this.#committable = undefined;
    return this.#revoked ? undefined : offset;
  }

  /** A commit did not get through: unless a later one is due, it is due again. */
  giveBack(offset: number): void {
    this.#committable ??= offset;
  }

  /** The partition belongs to somebody else now: nothing of it is committed any more. */
  revoke(): void {
    this.#revoked = true;
    this.#committable = undefined;
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** Where reading goes on. */
  get next(): number | undefined {
    return this.#next;
  }

  /** The lowest message not settled. */
  get firstOpen(): OffsetEntry | undefined {
    return this.#open.peek();
  }

  get openCount(): number {
    return this.#open.length;
  }

  /** Stop reading. */
  get full(): boolean {
    return this.#open.length >= this.#cap;
  }

  /** Go on reading: half of the cap, so that pausing and resuming do not alternate. */
  get roomy(): boolean {
    return this.#open.length * 2 <= this.#cap;
  }
}
