import type { Background, Clock, Database, Logger } from '@duofactory/platform';
import { findExpandingRuns } from '../store/expansions.js';
import type { AdvanceRuns } from './advance-runs.js';

const SWEEP_EVERY_MS = 5000;
const RUNS_AT_ONCE = 50;

/**
 * Bears what runs have to bear piece by piece: of each run a piece, then of the next, each in a step of its own, so that
 * a large fan-out holds up neither other runs nor the answers to its own tasks. What a crash left behind, or another
 * orchestrator, is found by looking every few seconds; a piece that two of them are after is taken by one.
 */
export class ExpandRuns implements Background {
  readonly #pending = new Set<string>();
  #working: Promise<void> | undefined;
  #stopped = false;
  #callOff = (): void => undefined;

  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    this.advance.whenExpanding((runs) => this.#take(runs));
    await this.#sweep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff();
    await this.#working;
  }

  /** Bears a piece of this run, or of each that has one. Returns whether there was any. */
  async look(run?: string): Promise<boolean> {
    const runs = run === undefined ? await findExpandingRuns(this.database, RUNS_AT_ONCE) : [run];
    let any = false;
    for (const one of runs) any = (await this.advance.expand(one)) || any;
    return any;
  }

  #take(runs: Iterable<string>): void {
    for (const run of runs) this.#pending.add(run);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (let [run] = this.#pending; run !== undefined && !this.#stopped; [run] = this.#pending) {
      // With more to bear it stands behind the others.
      this.#pending.delete(run);
      try {
        if (await this.look(run)) this.#pending.add(run);
      } catch (error) {
        this.log.error({ err: error, runId: run }, 'a piece of a fan-out was not born, will be tried again');
      }
    }
    // In one go with the last look at what is pending: who comes next begins anew.
    this.#working = undefined;
  }

  async #sweep(): Promise<void> {
    try {
      const found = await findExpandingRuns(this.database, RUNS_AT_ONCE);
      if (found.length > 0) this.#take(found);
    } catch (error) {
      this.log.error({ err: error }, 'sweep of fan-outs failed, will be tried again');
    }
    if (!this.#stopped) this.#callOff = this.clock.setTimer(SWEEP_EVERY_MS, () => void this.#sweep());
  }
}
