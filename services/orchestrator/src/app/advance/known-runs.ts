import type { BlockRow } from '../../store/counters.js';
import type { RunRow } from '../../store/lock-runs.js';
import type { PlannedVersion } from './plans.js';

const MOST_RUNS = 2000;

/** A run as the last transaction of this process left it. */
export interface KnownRun {
  readonly row: RunRow;
  readonly version: PlannedVersion;
  readonly blocks: Map<string, BlockRow>;
  /** Which blocks' counters are stored together. */
  readonly parts: readonly (readonly string[])[];
}

/**
 * Runs as the last transaction left them. They hold only while the run's sequence number is the one that was remembered:
 * then no other process changed the run, and neither its row nor the counters of 1,000 blocks need be read for an answer.
 */
export class KnownRuns {
  readonly #runs = new Map<string, KnownRun>();

  has(run: string): boolean {
    return this.#runs.has(run);
  }

  take(run: string, seq: number): KnownRun | undefined {
    const known = this.#runs.get(run);
    // Whoever takes it changes it: it comes back only after the commit.
    this.#runs.delete(run);
    return known?.row.seq === seq ? known : undefined;
  }

  keep(known: KnownRun): void {
    if (this.#runs.size >= MOST_RUNS) this.#runs.delete(this.#runs.keys().next().value!);
    this.#runs.set(known.row.id, known);
  }
}
