import type { Database } from '@duofactory/platform';
import { endRuns } from '../store/end-runs.js';

/** How the runs ended that made episodes: the catalog's pipeline status. */
export class RunEndings {
  constructor(private readonly database: Database) {}

  async keep(runs: readonly { run: string; status: string }[]): Promise<void> {
    await endRuns(this.database, [...new Map(runs.map((one) => [one.run, one])).values()]);
  }
}
