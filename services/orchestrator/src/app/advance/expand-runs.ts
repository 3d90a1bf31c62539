import type { Background, Clock, Database, Logger } from '@duofactory/platform';
import { findExpandingRuns } from '../../store/expansions.js';
import type { AdvanceRuns } from './advance-runs.js';
import { PendingRuns } from './pending-runs.js';

const RUNS_AT_ONCE = 50;

/**
 * Bears what runs have to bear piece by piece: of each run a piece, then of the next, each in a step of its own, so that
 * a large fan-out holds up neither other runs nor the answers to its own tasks. A piece that two orchestrators are after
 * is taken by one.
 */
export class ExpandRuns implements Background {
  readonly #pending: PendingRuns;

  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    clock: Clock,
    log: Logger,
  ) {
    const find = (): Promise<string[]> => this.#find();
    const look = ([run]: readonly string[]): Promise<boolean> => this.look(run);
    this.#pending = new PendingRuns({ what: 'pieces of fan-outs', atOnce: 1, find, look }, clock, log);
  }

  async start(): Promise<void> {
    this.advance.whenExpanding((runs) => this.#pending.take(runs));
    await this.#pending.sweep();
  }

  stop(): Promise<void> {
    return this.#pending.stop();
  }

  /** Bears a piece of this run, or of each that has one. Returns whether there was any. */
  async look(run?: string): Promise<boolean> {
    const runs = run === undefined ? await this.#find() : [run];
    let any = false;
    for (const one of runs) any = (await this.advance.expand(one)) || any;
    return any;
  }

  #find(): Promise<string[]> {
    return findExpandingRuns(this.database, RUNS_AT_ONCE);
  }
}
