import { Lane } from './lane.js';
import type { Parcel, Worker } from './worker.js';

/** Several lanes side by side: a key always takes the same one. */
export class Lanes implements Worker {
  readonly #lanes: readonly Lane[];

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
  }

  accept(parcels: readonly Parcel[]): void {
    const shares: Parcel[][] = this.#lanes.map(() => []);
    for (const parcel of parcels) shares[parcel.lane % shares.length]!.push(parcel);
    shares.forEach((share, index) => {
      if (share.length > 0) this.#lanes[index]!.accept(share);
    });
  }

  async drain(): Promise<Parcel[]> {
    return (await Promise.all(this.#lanes.map((lane) => lane.drain()))).flat();
  }

  abort(): void {
    for (const lane of this.#lanes) lane.abort();
  }
}
