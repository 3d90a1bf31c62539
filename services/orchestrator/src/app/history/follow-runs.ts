import type { Clock, Database } from '@duofactory/platform';
import { readBlocks, type BlockRow } from '../../store/counters.js';
import { readSequences, type RunSequence } from '../../store/follow.js';

/** What changed of a run since the update before: its state, and the blocks whose counters moved. */
export interface RunUpdate {
  /** Grows with every change; what `Last-Event-ID` brings back. */
  readonly seq: number;
  readonly status: string;
  readonly awaitsReview: boolean;
  readonly reason: string | null;
  readonly ended: boolean;
  readonly blocks: readonly Omit<BlockRow, 'run'>[];
}

export type Listener = (row: RunSequence) => void;

const LOOK_EVERY_MS = 250;

/**
 * Tells whoever watches a run how it goes, at most four times a second. One statement looks after all runs that are
 * watched in this process, whichever process advances them; nobody watching, nothing is asked.
 */
export class FollowRuns {
  readonly #listeners = new Map<string, Set<Listener>>();
  #looking = false;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Updates until the run ends or the signal aborts; the first at once, unless nothing changed since `after`. */
  async *follow(run: string, after: number | undefined, signal: AbortSignal): AsyncGenerator<RunUpdate> {
    const known = new Map<string, string>();
    let last = after;
    for (;;) {
      const row = await this.#next(run, last, signal);
      if (!row) return;
      const blocks = (await readBlocks(this.database, [run])).filter((block) => {
        const text = JSON.stringify(block);
        if (known.get(block.block) === text) return false;
        known.set(block.block, text);
        return true;
      });
      last = row.seq;
      const ended = row.endedAt !== null;
      yield {
        seq: row.seq,
        status: row.status,
        awaitsReview: row.awaitsReview,
        reason: row.reason,
        ended,
        blocks: blocks.map(({ run: _, ...block }) => block),
      };
      if (ended) return;
    }
  }

  #next(run: string, after: number | undefined, signal: AbortSignal): Promise<RunSequence | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const done = (row: RunSequence | undefined): void => {
        stopListening();
        signal.removeEventListener('abort', onAbort);
        resolve(row);
      };
      const listener: Listener = (row) => {
        // An ended run says so even to those who know: there is nothing else to wait for.
        if (row.seq !== after || row.endedAt !== null) done(row);
      };
      const onAbort = (): void => done(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
      const stopListening = this.listen(run, listener);
    });
  }

  /** Tells how the run stands with each look, changed or not. Returns how to end that. */
  listen(run: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(run) ?? new Set();
    this.#listeners.set(run, listeners.add(listener));
    if (!this.#looking) void this.#look();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(run);
    };
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#listeners.size > 0) {
      // The database away: what is on the screen stays, and the next look tells the rest.
      const rows = await readSequences(this.database, [...this.#listeners.keys()]).catch(() => []);
      for (const row of rows) for (const tell of [...(this.#listeners.get(row.id) ?? [])]) tell(row);
      await new Promise<void>((resolve) => this.clock.setTimer(LOOK_EVERY_MS, resolve));
    }
    this.#looking = false;
  }
}
