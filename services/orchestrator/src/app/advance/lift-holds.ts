import type { Clock, Database } from '@duofactory/platform';
import { noteHolds, runsHeldBy, runsHeldUntil, type HoldEpoch } from '../../store/holds.js';
import type { PauseRun } from '../commands/pause-run.js';

/** Lets runs go on that paused for a limit: when it is raised, or at its time. */
export class LiftHolds {
  constructor(
    private readonly database: Database,
    private readonly pause: PauseRun,
    private readonly clock: Clock,
  ) {}

  /** Failures of the hold's earlier epochs that are still under way to us pause nothing any more. */
  async lift(hold: HoldEpoch): Promise<void> {
    await noteHolds(this.database, [hold]);
    for (const run of await runsHeldBy(this.database, hold.id)) await this.pause.resume(run);
  }

  async sweep(): Promise<void> {
    for (const run of await runsHeldUntil(this.database, this.clock.now())) await this.pause.resume(run);
  }
}
