import type { EffectsReused } from '@duofactory/contracts';
import type { Clock, Database } from '@duofactory/platform';
import { countReuses, type Reuse } from '../store/count-reuses.js';

/** What was used again without asking the ledger is saved all the same. The same word twice counts once. */
export class CountReuses {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute(told: readonly EffectsReused[]): Promise<void> {
    const reuses = told.flatMap(({ run = '', workflow = null, effects }) =>
      effects.map((one): Reuse => ({ ...one, run, workflow })),
    );
    // The last word about each: a statement cannot change a row twice.
    const last = new Map(reuses.map((one) => [`${one.ledger} ${one.run} ${one.task}`, one]));
    await countReuses(this.database, [...last.values()], this.clock.now());
  }
}
