import { openChildren } from '../../store/children.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import { unknownRun } from './unknown-run.js';

/** Pauses and resumes a run, with the runs inside it. Asked twice, or for a run that has ended, it changes nothing. */
export class PauseRun {
  constructor(private readonly advance: AdvanceRuns) {}

  /** `by`: who asks, for the history. */
  async pause(id: string, by?: string): Promise<void> {
    for (const child of await this.#switch(id, 'pause', by)) await this.pause(child, by);
  }

  async resume(id: string, by?: string): Promise<void> {
    for (const child of await this.#switch(id, 'resume', by)) await this.resume(child, by);
  }

  /** Returns the runs inside it. */
  #switch(id: string, what: 'pause' | 'resume', by: string | undefined): Promise<string[]> {
    return this.advance.step(async (step, tx) => {
      found(id, await step[what](id, by));
      return openChildren(tx, id);
    });
  }
}

function found(id: string, run: unknown): void {
  if (run === undefined) throw unknownRun(id);
}
