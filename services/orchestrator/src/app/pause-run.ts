import { Problem } from '@duofactory/platform';
import type { AdvanceRuns } from './advance-runs.js';

/** Pauses and resumes a run. Asked twice, or for a run that has ended, it changes nothing. */
export class PauseRun {
  constructor(private readonly advance: AdvanceRuns) {}

  async pause(id: string): Promise<void> {
    found(id, await this.advance.step((step) => step.pause(id)));
  }

  async resume(id: string): Promise<void> {
    found(id, await this.advance.step((step) => step.resume(id)));
  }
}

function found(id: string, run: unknown): void {
  if (run === undefined) {
    throw new Problem({
      status: 404,
      code: 'unknown-run',
      title: 'Unknown run',
      detail: `No run has the id ${id}`,
    });
  }
}
