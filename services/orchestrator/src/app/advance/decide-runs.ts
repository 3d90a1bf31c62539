import type { Expressions } from '@duofactory/expressions';
import type { ObjectStore } from '@duofactory/objects';
import type { Background, Clock, Database, Logger } from '@duofactory/platform';
import { findUndecidedRuns } from '../../store/undecided.js';
import type { AdvanceRuns } from './advance-runs.js';
import { EvaluateExpressions } from './evaluate-expressions.js';
import { PendingRuns } from './pending-runs.js';
import type { Plans } from './plans.js';

const RUNS_AT_ONCE = 50;

/**
 * Evaluates `when` and `until` after the commit that asked for it, outside of any lock, and brings what they came to
 * into the next step. Whoever is first decides.
 */
export class DecideRuns implements Background {
  readonly #pending: PendingRuns;
  readonly #evaluate: EvaluateExpressions;

  constructor(
    private readonly database: Database,
    plans: Plans,
    private readonly advance: AdvanceRuns,
    private readonly expressions: Expressions,
    objects: ObjectStore,
    clock: Clock,
    log: Logger,
  ) {
    this.#evaluate = new EvaluateExpressions(database, plans, expressions, objects);
    const find = (): Promise<string[]> => this.#find();
    const look = (runs: readonly string[]): Promise<boolean> => this.look(runs);
    this.#pending = new PendingRuns({ what: 'expressions', atOnce: RUNS_AT_ONCE, find, look }, clock, log);
  }

  async start(): Promise<void> {
    this.advance.whenUndecided((runs) => this.#pending.take(runs));
    await this.#pending.sweep();
  }

  async stop(): Promise<void> {
    await this.#pending.stop();
    await this.expressions.stop();
  }

  /** Evaluates what is open, of these runs or of all. Returns whether there was any. */
  async look(runs?: readonly string[]): Promise<boolean> {
    const asked = runs ?? (await this.#find());
    if (asked.length === 0) return false;
    const decisions = await this.#evaluate.of(asked, this.#pending.signal);
    if (!decisions) return false;
    await this.advance.decide(decisions);
    return true;
  }

  #find(): Promise<string[]> {
    return findUndecidedRuns(this.database, RUNS_AT_ONCE);
  }
}
