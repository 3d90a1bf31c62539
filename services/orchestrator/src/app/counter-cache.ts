import type { BlockRow } from '../store/counters.js';

const MOST_RUNS = 2000;

/**
 * Counters of blocks as the last transaction left them. They hold only while the run's sequence number is the one
 * that was remembered: then no other process changed the run, and 1,000 blocks need not be read for one answer.
 */
export class CounterCache {
  readonly #runs = new Map<string, { seq: number; blocks: Map<string, BlockRow> }>();

  take(run: string, seq: number): Map<string, BlockRow> | undefined {
    const known = this.#runs.get(run);
    // Whoever takes them changes them: they come back only after the commit.
    this.#runs.delete(run);
    return known?.seq === seq ? known.blocks : undefined;
  }

  keep(run: string, seq: number, blocks: Map<string, BlockRow>): void {
    if (this.#runs.size >= MOST_RUNS) this.#runs.delete(this.#runs.keys().next().value!);
    this.#runs.set(run, { seq, blocks });
  }
}
