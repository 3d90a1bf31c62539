import { Problem } from '@duofactory/platform';
import type { AdvanceRuns } from './advance-runs.js';

/** Cancels a run. Once cancelled or ended, it stays as it is. */
export class CancelRun {
  constructor(private readonly advance: AdvanceRuns) {}

  /** `by`: who asks, for the history. */
  async execute(id: string, by?: string): Promise<void> {
    const run = await this.advance.step((step) => step.cancel(id, 'asked for', by));
    if (!run)
      throw new Problem({
        status: 404,
        code: 'unknown-run',
        title: 'Unknown run',
        detail: `No run has the id ${id}`,
      });
  }
}
