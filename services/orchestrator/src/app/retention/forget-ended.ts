import type { Background, Clock, Counter, Database, Logger, Metrics } from '@duofactory/platform';
import { forgetBatch } from '../../store/ended-batches.js';
import {
  familiesOf,
  forgetRuns,
  lockForgettable,
  neededRuns,
  runsEndedBefore,
  type EndedRun,
  type FamilyMember,
} from '../../store/ended-runs.js';
import { removeLeftover, removeRows, takeLeftover } from '../../store/leftovers.js';
import { forgetRedriven } from '../../store/redriven-letters.js';
import type { Transaction } from '../../store/transaction.js';
import type { RetentionConfig } from './retention-config.js';

/** From the end of one look at all that ended to the next. */
const LOOK_EVERY_MS = 3_600_000;
/** Between two pieces: runs that go on have the database to themselves most of the time. */
const REST_MS = 50;
const DAY_MS = 86_400_000;
const RUNS_AT_ONCE = 20;
/** Runs inside runs may be thousands. */
const MEMBERS_AT_ONCE = 2000;
const ROWS_AT_ONCE = 2000;
const LETTERS_AT_ONCE = 500;
/** An episode tells which run it came from: that run is its provenance. */
const PUBLISHING = ['publish'];
const BEGINNING: EndedRun = { id: '00000000-0000-0000-0000-000000000000', endedAt: new Date(0) };

/**
 * Forgets what has ended for longer than it is to be kept, piece by piece: batches, runs that nothing refers to with the
 * runs inside them, what those leave behind, and dead letters that were redriven. First a run is not found any more, all at once;
 * then its rows go. Two orchestrators take different ones, so each goes once.
 */
export class ForgetEnded implements Background {
  #stopped = false;
  #looking: Promise<void> = Promise.resolve();
  #callOff = (): void => undefined;
  #after = BEGINNING;
  readonly #forgotten: Counter<'what'>;

  constructor(
    private readonly database: Database,
    private readonly keep: RetentionConfig,
    private readonly clock: Clock,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.#forgotten = metrics.counter({
      name: 'duofactory_forgotten_total',
      help: 'What was kept for as long as it was to be, and removed: runs, batches, dead-letters',
      labels: ['what'],
    });
  }

  async start(): Promise<void> {
    this.#next(REST_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff();
    await this.#looking;
  }

  /** A piece of what is to be done. False: there is nothing more by now. */
  async look(): Promise<boolean> {
    const { runDays, deadLetterDays } = this.keep;
    // Also of a process that was told to forget, by one that is not.
    if (await this.#sweepLeftover()) return true;
    if (deadLetterDays !== undefined && (await this.#forgetLetters(this.#daysAgo(deadLetterDays))))
      return true;
    if (runDays === undefined) return false;
    const before = this.#daysAgo(runDays);
    // Its runs come after it: it refers to them no longer then.
    return (await this.#forgetBatch(before)) || (await this.#forgetRuns(before));
  }

  #next(afterMs: number): void {
    this.#callOff = this.clock.setTimer(afterMs, () => {
      this.#looking = this.look()
        .catch((error: unknown) => {
          this.log.error({ err: error }, 'what has ended was not forgotten, will be tried again');
          return false;
        })
        .then((more) => {
          if (!this.#stopped) this.#next(more ? REST_MS : LOOK_EVERY_MS);
        });
    });
  }

  async #forgetLetters(before: Date): Promise<boolean> {
    const count = await forgetRedriven(this.database, before, LETTERS_AT_ONCE);
    if (count > 0) this.#forgotten.inc({ what: 'dead-letters' }, count);
    return count > 0;
  }

  async #forgetBatch(before: Date): Promise<boolean> {
    const any = await forgetBatch(this.database, before);
    if (any) this.#forgotten.inc({ what: 'batches' });
    return any;
  }

  async #sweepLeftover(): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const run = await takeLeftover(tx);
      if (run === undefined) return false;
      if (!(await removeRows(tx, run, ROWS_AT_ONCE))) await removeLeftover(tx, run);
      return true;
    });
  }

  /** Of the next that ended, those that nothing needs. False: the last of them was looked at. */
  async #forgetRuns(before: Date): Promise<boolean> {
    const ended = await runsEndedBefore(this.database, { before, after: this.#after, limit: RUNS_AT_ONCE });
    const roots = ended.map(({ id }) => id);
    const { looked, gone } = await this.database.transaction((tx) => forgetFamilies(tx, roots, before));
    if (gone > 0) this.#forgotten.inc({ what: 'runs' }, gone);
    const isLast = ended.length < RUNS_AT_ONCE && looked === ended.length;
    // What is needed now may not be at the next look.
    this.#after = isLast ? BEGINNING : ended[looked - 1]!;
    return !isLast || gone > 0;
  }

  #daysAgo(days: number): Date {
    return new Date(this.clock.now().getTime() - days * DAY_MS);
  }
}

/** The first of them at least, and no more than a transaction should hold. */
async function forgetFamilies(
  tx: Transaction,
  roots: readonly string[],
  before: Date,
): Promise<{ looked: number; gone: number }> {
  const byRoot = Map.groupBy(await familiesOf(tx, roots), ({ root }) => root);
  const members: FamilyMember[] = [];
  let looked = 0;
  for (const root of roots) {
    const family = byRoot.get(root) ?? [];
    if (looked > 0 && members.length + family.length > MEMBERS_AT_ONCE) break;
    members.push(...family);
    looked += 1;
  }
  const ids = members.map(({ id }) => id);
  const locked = new Set(await lockForgettable(tx, ids));
  const needed = new Set(await neededRuns(tx, ids, { before, publishing: PUBLISHING }));
  const stay = new Set(members.filter(({ id }) => !locked.has(id) || needed.has(id)).map(({ root }) => root));
  const gone = members.filter(({ root }) => !stay.has(root)).map(({ id }) => id);
  if (gone.length > 0) await forgetRuns(tx, gone);
  return { looked, gone: gone.length };
}
