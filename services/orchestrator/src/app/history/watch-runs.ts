import type { Clock, Database } from '@duofactory/platform';
import { readBlocks, type BlockRow } from '../../store/counters.js';
import { readNewestRun, type RunSequence } from '../../store/follow.js';
import type { ChangedCourse, ContentChanges } from './content-changes.js';
import type { Editor, Editors } from '../workflows/editors.js';
import type { FollowRuns } from './follow-runs.js';
import { spentBy, type Spent } from './spent.js';

export type Told =
  | {
      readonly kind: 'run';
      readonly run: string;
      readonly status: string;
      readonly awaitsReview: boolean;
      readonly reason: string | null;
      readonly ended: boolean;
      readonly spent: Spent;
      readonly blocks: readonly Omit<BlockRow, 'run'>[];
    }
  /** A run began: lists of runs have a new first row. */
  | { readonly kind: 'started'; readonly run: string }
  /** Episodes of these courses changed: the catalog is to be read again. */
  | { readonly kind: 'catalog'; readonly courses: readonly ChangedCourse[] }
  /** Who types at a place, as it is now. */
  | { readonly kind: 'editors'; readonly place: string; readonly editors: readonly Editor[] };

export interface ToldWithPlace {
  readonly told: Told;
  /** What `Last-Event-ID` brings back: the state that was told of each run, in the order in which they were asked for. */
  readonly place: string;
}

const LOOK_FOR_NEW_MS = 1_000;
/** Many episodes of a course are published at once: they are told together. */
const CATALOG_TOGETHER_MS = 1_000;

export interface Watched {
  readonly runs: readonly string[];
  /** Places whose editors are told of. */
  readonly editing: readonly string[];
  /** What `Last-Event-ID` brought back. */
  readonly place: string | undefined;
}

/**
 * All that a browser shows live, on one stream: the runs it names, that a run began, which courses have other episodes,
 * and who edits what it edits. What is told of a run is its whole state, so a stream that broke goes on by telling what
 * changed since, and nothing is missed.
 */
export class WatchRuns {
  constructor(
    private readonly database: Database,
    private readonly follow: FollowRuns,
    private readonly content: ContentChanges,
    private readonly editors: Editors,
    private readonly clock: Clock,
  ) {}

  async *execute(
    { runs, editing, place: last }: Watched,
    signal: AbortSignal,
  ): AsyncGenerator<ToldWithPlace> {
    const known = statesOf(runs, last);
    const changed = new Map<string, RunSequence>();
    const fresh: string[] = [];
    const courses = new Map<string, ChangedCourse>();
    const met = new Map<string, readonly Editor[]>();
    let wake = (): void => undefined;
    const stopContent = this.#collect((changed) => {
      for (const one of changed) courses.set(`${one.environment}/${one.course}`, one);
      wake();
    });
    // Before anything is told: what begins after the first word is news.
    const stopLooking = await this.#lookForNew((run) => {
      fresh.push(run);
      wake();
    });
    const stopMeeting = this.#lookForEditors(editing, (where, who) => {
      met.set(where, who);
      wake();
    });
    const stops = runs.map((run) =>
      this.follow.listen(run, (row) => {
        if (known.get(row.id) === stateOf(row)) return;
        changed.set(row.id, row);
        wake();
      }),
    );
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        if (changed.size + fresh.length + courses.size + met.size === 0)
          await new Promise<void>((resolve) => (wake = resolve));
        if (signal.aborted) return;
        const rows = [...changed.values()];
        changed.clear();
        const blocks =
          rows.length === 0 ? [] : await readBlocks(this.database, [...rows.map(({ id }) => id)]);
        for (const row of rows) {
          const { id, status, awaitsReview, reason, endedAt } = row;
          known.set(id, stateOf(row));
          const ofRun = blocks.filter(({ run }) => run === id).map(({ run: _, ...block }) => block);
          const told: Told = {
            ...{ kind: 'run', run: id, status, awaitsReview, reason, ended: endedAt !== null },
            ...{ spent: spentBy(ofRun), blocks: ofRun },
          };
          yield { told, place: placeOf(runs, known) };
        }
        const place = placeOf(runs, known);
        const started = fresh.splice(0).at(-1);
        if (started !== undefined) yield { told: { kind: 'started', run: started }, place };
        const catalog = [...courses.values()];
        courses.clear();
        if (catalog.length > 0) yield { told: { kind: 'catalog', courses: catalog }, place };
        const edited = [...met];
        met.clear();
        for (const [where, editors] of edited)
          yield { told: { kind: 'editors', place: where, editors }, place };
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const stop of [...stops, stopLooking, stopContent, stopMeeting]) stop();
    }
  }

  /** What changed in a stretch of time, told at its end. */
  #collect(tell: (changed: readonly ChangedCourse[]) => void): () => void {
    let cancel: (() => void) | undefined;
    const kept: ChangedCourse[] = [];
    const stop = this.content.listen((changed) => {
      kept.push(changed);
      cancel ??= this.clock.setTimer(CATALOG_TOGETHER_MS, () => {
        cancel = undefined;
        tell(kept.splice(0));
      });
    });
    return () => {
      stop();
      cancel?.();
    };
  }

  async #lookForNew(tell: (run: string) => void): Promise<() => void> {
    let newest: string | null | undefined;
    let cancel = (): void => undefined;
    let stopped = false;
    const look = async (): Promise<void> => {
      // The database away: the next look tells.
      const found = await readNewestRun(this.database).catch(() => newest);
      if (stopped) return;
      if (newest !== undefined && found && found !== newest) tell(found);
      newest = found;
      cancel = this.clock.setTimer(LOOK_FOR_NEW_MS, () => void look());
    };
    await look();
    return () => {
      stopped = true;
      cancel();
    };
  }

  /** Tells at once who is there, and whenever others are. */
  #lookForEditors(
    places: readonly string[],
    tell: (place: string, editors: readonly Editor[]) => void,
  ): () => void {
    if (places.length === 0) return () => undefined;
    const told = new Map<string, string>();
    let cancel = (): void => undefined;
    let stopped = false;
    const look = async (): Promise<void> => {
      // The database away: the next look tells.
      const found = await this.editors.at(places).catch(() => new Map<string, Editor[]>());
      if (stopped) return;
      for (const [place, editors] of found) {
        const who = JSON.stringify(editors.map(({ tab, by }) => [tab, by]));
        if ((told.get(place) ?? '[]') !== who) tell(place, editors);
        told.set(place, who);
      }
      cancel = this.clock.setTimer(LOOK_FOR_NEW_MS, () => void look());
    };
    void look();
    return () => {
      stopped = true;
      cancel();
    };
  }
}

/** Grows with every change of the run itself; a run inside it may begin or cease to wait for people meanwhile. */
function stateOf({ seq, awaitsReview }: RunSequence): string {
  return `${seq}${awaitsReview ? 'r' : ''}`;
}

function placeOf(runs: readonly string[], known: ReadonlyMap<string, string>): string {
  return runs.map((run) => known.get(run) ?? '').join(',');
}

/** Of a place that fits the runs; of any other, nothing is known yet. */
function statesOf(runs: readonly string[], place: string | undefined): Map<string, string> {
  const told = place?.split(',') ?? [];
  if (told.length !== runs.length) return new Map();
  return new Map(runs.flatMap((run, at) => (told[at] ? [[run, told[at]] as const] : [])));
}
