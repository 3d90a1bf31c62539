import type { AdvanceRuns } from '../advance/advance-runs.js';
import { unknownRun } from './unknown-run.js';

/** Cancels a run. Once cancelled or ended, it stays as it is. */
export class CancelRun {
  constructor(private readonly advance: AdvanceRuns) {}

  /** `by`: who asks, for the history. */
  async execute(id: string, by?: string): Promise<void> {
    const run = await this.advance.step((step) => step.cancel(id, 'asked for', by));
    if (!run) throw unknownRun(id);
  }
}
