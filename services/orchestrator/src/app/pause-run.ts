import { Problem } from '@duofactory/platform';
import { openChildren } from '../store/children.js';
import type { AdvanceRuns } from './advance-runs.js';

/** Pauses and resumes a run, with the runs inside it. Asked twice, or for a run that has ended, it changes nothing. */
export class PauseRun {
  constructor(private readonly advance: AdvanceRuns) {}

  async pause(id: string): Promise<void> {
    for (const child of await this.#switch(id, 'pause')) await this.pause(child);
  }

  async resume(id: string): Promise<void> {
    for (const child of await this.#switch(id, 'resume')) await this.resume(child);
  }

  /** Returns the runs inside it. */
  #switch(id: string, what: 'pause' | 'resume'): Promise<string[]> {
    return this.advance.step(async (step, tx) => {
      found(id, await step[what](id));
      return openChildren(tx, id);
    });
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
