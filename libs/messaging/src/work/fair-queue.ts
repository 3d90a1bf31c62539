import { Fifo } from './fifo.js';

interface Party<T> {
  readonly name: string;
  readonly waiting: Fifo<T>;
  inHand: number;
  /** The set that it stands in, while it waits. Left alone by a party that is alone. */
  among: Set<Party<T>> | undefined;
}

/**
 * A queue that is fair between parties: next is who has least in hand, and of those with equally much who waits longest
 * for its turn. So nobody stands behind all that another party has queued, and one party alone has every place. A party
 * keeps its own order. Each call takes the same time, however many parties and items there are.
 */
export class FairQueue<T> {
  readonly #parties = new Map<string, Party<T>>();
  /** Those that wait, by how much they have in hand; in a set, who came to it first. */
  readonly #waiting: Set<Party<T>>[] = [];
  /** No set below it has anybody. */
  #least = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T, name: string): void {
    let party = this.#parties.get(name);
    if (!party) {
      party = { name, waiting: new Fifo(), inHand: 0, among: undefined };
      // Until now there was nobody to be fair to.
      if (this.#parties.size === 1) for (const alone of this.#parties.values()) this.#place(alone);
      this.#parties.set(name, party);
    }
    party.waiting.push(item);
    this.#length += 1;
    if (party.waiting.length === 1) this.#place(party);
  }

  /** The next item, which its party has in hand until `done`. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const party = this.#next();
    const item = party.waiting.shift();
    this.#length -= 1;
    party.inHand += 1;
    if (this.#parties.size > 1 || party.waiting.length === 0) this.#place(party);
    return item;
  }

  /** The party has one less in hand. */
  done(name: string): void {
    const party = this.#parties.get(name)!;
    party.inHand -= 1;
    if (party.waiting.length === 0 && party.inHand === 0) this.#parties.delete(name);
    else if (this.#parties.size > 1) this.#place(party);
  }

  /** All that waits, a party after the other. */
  takeAll(): T[] {
    const taken = [...this.#parties.values()].flatMap(({ waiting }) => waiting.take(waiting.length));
    for (const party of this.#parties.values()) {
      this.#place(party);
      if (party.inHand === 0) this.#parties.delete(party.name);
    }
    this.#length = 0;
    return taken;
  }

  #next(): Party<T> {
    if (this.#parties.size === 1) return this.#parties.values().next().value!;
    // Not every number may have had somebody.
    while (!this.#waiting[this.#least]?.size) this.#least += 1;
    return this.#waiting[this.#least]!.values().next().value!;
  }

  /** Last among those that have as much in hand; nowhere where nothing of it waits. */
  #place(party: Party<T>): void {
    party.among?.delete(party);
    party.among = party.waiting.length > 0 ? (this.#waiting[party.inHand] ??= new Set()) : undefined;
    party.among?.add(party);
    if (party.among) this.#least = Math.min(this.#least, party.inHand);
  }
}
