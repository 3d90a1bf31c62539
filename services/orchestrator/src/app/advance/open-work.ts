import type { Queryable } from '@duofactory/platform';
import { backingOff, readMoreCounts } from '../../store/counters.js';
import { readCounts } from '../../store/counts-text.js';
import { openRuns, readRunCounts } from '../../store/figures.js';

/** Of one block of one version, over all runs that have not ended. */
export interface OpenTasks {
  readonly workflow: string;
  readonly version: number;
  readonly block: string;
  readonly ready: number;
  readonly requested: number;
  /** Neither: an expression is evaluated, or a back-off goes on. */
  readonly held: number;
}

interface SeenRun {
  readonly seq: string;
  readonly open: readonly OpenTasks[];
}

/** Few enough that reading their counters lets other work between. */
const READ_AT_ONCE = 500;

/**
 * The open tasks of all runs, from their counters. Those of ten thousand runs with twenty blocks are half a second of
 * PostgreSQL's time: a look reads those of the runs that have moved since the last one, and only whether the others have.
 */
export class OpenWork {
  #seen = new Map<string, SeenRun>();
  #looking: Promise<OpenTasks[]> | undefined;

  constructor(private readonly database: Queryable) {}

  /** Blocks that have any. Who asks while a look goes on gets what it finds. */
  look(): Promise<OpenTasks[]> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<OpenTasks[]> {
    const before = this.#seen;
    const now = new Map<string, SeenRun>();
    const moved = new Map<string, string>();
    for (const { id, seq } of await openRuns(this.database)) {
      const seen = before.get(id);
      if (seen?.seq === seq) now.set(id, seen);
      else moved.set(id, seq);
    }
    const ids = [...moved.keys()];
    for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
      // Counters that are newer than `seq` are read again the next time.
      const some = await this.#open(ids.slice(at, at + READ_AT_ONCE));
      for (const [id, open] of some) now.set(id, { seq: moved.get(id)!, open });
    }
    this.#seen = now;
    return summed(now.values());
  }

  async #open(ids: readonly string[]): Promise<Map<string, OpenTasks[]>> {
    const runs = await readRunCounts(this.database, ids);
    const more = Map.groupBy(await readMoreCounts(this.database, ids), ({ run }) => run);
    return new Map(
      runs.map(({ id, workflow, version, counts }) => {
        const texts = [counts, ...(more.get(id) ?? []).map((part) => part.counts)];
        const open = texts
          .flatMap((text) => readCounts(id, text))
          .filter(({ closed }) => !closed)
          .map((row) => ({ row, held: Math.max(backingOff(row), 0) }))
          .filter(({ row, held }) => row.ready + row.requested + held > 0)
          .map(({ row: { block, ready, requested }, held }) => {
            return { workflow, version, block, ready, requested, held };
          });
        return [id, open];
      }),
    );
  }
}

function summed(runs: Iterable<SeenRun>): OpenTasks[] {
  const sums = new Map<string, { -readonly [name in keyof OpenTasks]: OpenTasks[name] }>();
  for (const { open } of runs) {
    for (const one of open) {
      const place = `${one.workflow}@${one.version}/${one.block}`;
      const sum = sums.get(place);
      if (sum === undefined) sums.set(place, { ...one });
      else {
        sum.ready += one.ready;
        sum.requested += one.requested;
        sum.held += one.held;
      }
    }
  }
  return [...sums.values()];
}
