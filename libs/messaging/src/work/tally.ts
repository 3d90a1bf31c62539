import type { Parcel } from './worker.js';

/** What one group did with one topic since its process began, and what it holds of it. */
export interface GroupFigures {
  readonly group: string;
  readonly topic: string;
  /** Published and not acknowledged, as far as this process knows: those of its own partitions on Kafka. */
  readonly lag: number;
  /** When the oldest message in hand was published, in milliseconds of its publisher's clock; absent: none is in hand. */
  readonly oldestAtMs?: number;
  readonly handled: number;
  readonly retried: number;
  readonly parked: number;
}

/** Counts for figures: every message costs it an addition. */
export class Tally {
  handled = 0;
  retried = 0;
  parked = 0;
}

/** A tally that also knows what is in hand, oldest first: for a transport that has no offsets. */
export class OpenTally extends Tally {
  readonly #open = new Set<Parcel>();

  took(parcel: Parcel): void {
    this.#open.add(parcel);
  }

  acknowledged(parcel: Parcel): void {
    if (this.#open.delete(parcel)) this.handled += 1;
  }

  figures(group: string, topic: string): GroupFigures {
    const [oldest] = this.#open;
    const { handled, retried, parked } = this;
    return {
      group,
      topic,
      lag: this.#open.size,
      ...(oldest ? { oldestAtMs: Date.parse(oldest.event.time) } : {}),
      handled,
      retried,
      parked,
    };
  }
}
