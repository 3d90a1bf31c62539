import type { Usage } from '@duofactory/contracts';
import type { Outbox, OutboxRelay } from '@duofactory/messaging';
import { NoTracing, type Clock, type Database } from '@duofactory/platform';
import { performance } from 'node:perf_hooks';
import { findExpired } from '../../store/expire-tasks.js';
import { holdRun } from '../../store/lock-runs.js';
import { findDue, findUnbegun } from '../../store/promote-ready.js';
import type { Transaction } from '../../store/transaction.js';
import { findOverdueRuns, findStoppedTooLong } from '../../store/stopping-runs.js';
import type { BlockOutcome } from './block-outcome.js';
import type { OpenWork } from './open-work.js';
import type { Plans } from './plans.js';
import { KnownRuns } from './known-runs.js';
import type { RunMetrics } from './run-metrics.js';
import { RunTraces } from './run-traces.js';
import { SilentTypes } from './silent-types.js';
import { Overtaken, Step, type Decisions } from './step.js';

/** Results that are out when a run stops may come back within this time. */
const STOP_GRACE_MS = 30_000;
const DUE_AT_ONCE = 500;
const LOOK_FOR_UNBEGUN_EVERY_MS = 30 * 60_000;
/** What a fan-out may make at once; a larger one is born piece by piece. */
const MOST_ROWS = 1000;

/** A transaction that will not be. */
export interface Rehearsal {
  readonly tx: Transaction;
  readonly now: Date;
  readonly step: () => Step;
}

class TakenBack extends Error {
  constructor(readonly result: unknown) {
    super('A rehearsal is over');
  }
}

/** Runs the orchestrator's transactions: one step each, its messages in the outbox, published after the commit. */
export class AdvanceRuns {
  readonly #known = new KnownRuns();
  readonly #silent: SilentTypes;
  #lookForUnbegunAt = 0;
  #onUndecided: (runs: ReadonlySet<string>) => void = () => undefined;
  #onExpanding: (runs: ReadonlySet<string>) => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
    private readonly watchers: {
      readonly metrics: RunMetrics;
      readonly traces: RunTraces;
      readonly openWork: OpenWork;
    },
    private readonly mostRows = MOST_ROWS,
  ) {
    this.#silent = new SilentTypes(database, watchers.openWork, plans, relay, clock);
  }

  /** Calls back after each commit that left expressions to evaluate. Whom nobody calls, the sweep of expressions finds. */
  whenUndecided(listener: (runs: ReadonlySet<string>) => void): void {
    this.#onUndecided = listener;
  }

  /** Calls back after each commit that left something to be born piece by piece. As above, there is a sweep. */
  whenExpanding(listener: (runs: ReadonlySet<string>) => void): void {
    this.#onExpanding = listener;
  }

  /** Whatever settles early what this process knew of a run that another has advanced since begins once more. */
  async step<T>(work: (step: Step, tx: Transaction, now: Date) => Promise<T>): Promise<T> {
    try {
      return await this.#stepOnce(work);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      // Of the runs that were overtaken nothing is known any more: this time they are read.
      return this.#stepOnce(work);
    }
  }

  async #stepOnce<T>(work: (step: Step, tx: Transaction, now: Date) => Promise<T>): Promise<T> {
    const beganMs = performance.now();
    const { result, rows, step } = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const { plans, mostRows } = this;
      const { traces } = this.watchers;
      const step = new Step(tx, { plans, known: this.#known, traces, mostRows }, now);
      const result = await work(step, tx, now);
      return { result, step, rows: this.outbox.add(tx, step.messages) };
    });
    const { undecided, expanding } = step.committed();
    this.relay.published(rows);
    this.#silent.heard(step.heard);
    this.watchers.metrics.committed(step.transitions, beganMs);
    if (undecided.size > 0) this.#onUndecided(undecided);
    if (expanding.size > 0) this.#onExpanding(expanding);
    return result;
  }

  /**
   * Carries out steps and takes all of it back: whoever asks what would happen reads it from the rows. Plans are read
   * anew for it, since a version that is made here will never have been.
   */
  async rehearse<T>(plans: Plans, work: (rehearsal: Rehearsal) => Promise<T>): Promise<T> {
    const now = this.clock.now();
    const traces = new RunTraces(new NoTracing());
    try {
      return await this.database.transaction(async (tx) => {
        const { mostRows } = this;
        const step = (): Step => new Step(tx, { plans, known: new KnownRuns(), traces, mostRows }, now);
        throw new TakenBack(await work({ tx, now, step }));
      });
    } catch (error) {
      if (error instanceof TakenBack) return error.result as T;
      throw error;
    }
  }

  /** Returns runs that had ended before one of the answers came that was paid for. */
  async settle(outcomes: readonly BlockOutcome[]): Promise<readonly string[]> {
    const paidAfterEnd = await this.step(async (step) => {
      await step.settle(outcomes);
      return step.paidAfterEnd;
    });
    this.watchers.metrics.settled(outcomes.length);
    return paidAfterEnd;
  }

  /** As `settle`, of one task. What it cost is read under its run's lock, so that two who tell of it tell it once. */
  async settleAtCost(
    outcome: BlockOutcome,
    usageIn: (tx: Transaction) => Promise<readonly Usage[]>,
    /** Without any cost there is nothing to tell. */
    { onlyCosts = false } = {},
  ): Promise<readonly string[]> {
    return this.step(async (step, tx) => {
      await holdRun(tx, outcome.run);
      const usage = await usageIn(tx);
      if (onlyCosts && usage.length === 0) return [];
      await step.settle([{ ...outcome, usage }]);
      return step.paidAfterEnd;
    });
  }

  /** Bears a piece of what the run has to bear. Returns false if nothing is left. */
  expand(run: string): Promise<boolean> {
    return this.step((step) => step.expand(run));
  }

  decide(decisions: Decisions): Promise<void> {
    return this.step((step) => step.decide(decisions));
  }

  /** Runs and tasks past their deadline, back-offs that are over, lost attempts, runs that stop for too long. */
  async sweep({ unbegun = this.clock.now().getTime() >= this.#lookForUnbegunAt } = {}): Promise<void> {
    const now = this.clock.now();
    // What is over comes first: what else is found of it then is not asked for any more.
    for (const run of await findOverdueRuns(this.database, now)) {
      await this.step((step) => step.fail(run, 'The run passed its deadline'));
    }
    const expired = await findExpired(this.database, now, DUE_AT_ONCE);
    if (expired.length > 0) await this.step((step) => step.expire(expired));
    const due = [...(await findDue(this.database, now, DUE_AT_ONCE)), ...(await this.#silent.findLost())];
    if (unbegun) {
      const found = await findUnbegun(this.database, now, DUE_AT_ONCE);
      due.push(...found);
      // More than that is looked for at once; else there is time: an attempt is lost after a day.
      if (found.length < DUE_AT_ONCE) this.#lookForUnbegunAt = now.getTime() + LOOK_FOR_UNBEGUN_EVERY_MS;
    }
    if (due.length > 0) await this.step((step) => step.wake(due));
    const stopped = await findStoppedTooLong(this.database, new Date(now.getTime() - STOP_GRACE_MS));
    if (stopped.length > 0) await this.step((step) => step.abandon(stopped));
  }
}
