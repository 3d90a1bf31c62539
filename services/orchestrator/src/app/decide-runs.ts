import type { Expressions } from '@duofactory/expressions';
import type { ObjectStore } from '@duofactory/objects';
import type { Background, Clock, Database, Logger } from '@duofactory/platform';
import { findUndecidedRuns } from '../store/undecided.js';
import type { AdvanceRuns } from './advance-runs.js';
import { EvaluateExpressions } from './evaluate-expressions.js';
import type { Plans } from './plans.js';

const SWEEP_EVERY_MS = 5000;
const RUNS_AT_ONCE = 50;

/**
 * Evaluates `when` and `until` after the commit that asked for it, outside of any lock, and brings what they came to
 * into the next step. What a crash left behind is found by looking every few seconds; whoever is first decides.
 */
export class DecideRuns implements Background {
  #pending = new Set<string>();
  #working: Promise<void> | undefined;
  #stopped = new AbortController();
  #callOff = (): void => undefined;
  readonly #evaluate: EvaluateExpressions;

  constructor(
    private readonly database: Database,
    plans: Plans,
    private readonly advance: AdvanceRuns,
    private readonly expressions: Expressions,
    objects: ObjectStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {
    this.#evaluate = new EvaluateExpressions(database, plans, expressions, objects);
  }

  async start(): Promise<void> {
    this.advance.whenUndecided((runs) => this.#take(runs));
    await this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#callOff();
    await this.#working;
    await this.expressions.stop();
  }

  /** Evaluates what is open, of these runs or of all. Returns whether there was any. */
  async look(runs?: readonly string[]): Promise<boolean> {
    const asked = runs ?? (await findUndecidedRuns(this.database, RUNS_AT_ONCE));
    if (asked.length === 0) return false;
    const decisions = await this.#evaluate.of(asked, this.#stopped.signal);
    if (!decisions) return false;
    await this.advance.decide(decisions);
    return true;
  }

  #take(runs: Iterable<string>): void {
    for (const run of runs) this.#pending.add(run);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    while (this.#pending.size > 0 && !this.#stopped.signal.aborted) {
      const some = [...this.#pending].slice(0, RUNS_AT_ONCE);
      // Before the look: who comes while it lasts is looked at once more.
      for (const run of some) this.#pending.delete(run);
      try {
        if (await this.look(some)) for (const run of some) this.#pending.add(run);
      } catch (error) {
        // They are found again by the next sweep.
        if (!this.#stopped.signal.aborted)
          this.log.error({ err: error }, 'expressions were not decided, will be tried again');
      }
    }
    // In one go with the last look at what is pending: who comes next begins anew.
    this.#working = undefined;
  }

  async #sweep(): Promise<void> {
    try {
      const found = await findUndecidedRuns(this.database, RUNS_AT_ONCE);
      if (found.length > 0) this.#take(found);
    } catch (error) {
      this.log.error({ err: error }, 'sweep of expressions failed, will be tried again');
    }
    if (!this.#stopped.signal.aborted)
      this.#callOff = this.clock.setTimer(SWEEP_EVERY_MS, () => void this.#sweep());
  }
}
