import { Problem } from '@duofactory/platform';
import { itemsGoOn } from '../../store/batches.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import { unknownRun } from './unknown-run.js';

/** Goes on with a failed or cancelled run, and its batch with it. A run that goes on already stays as it is. */
export class RetryRun {
  constructor(private readonly advance: AdvanceRuns) {}

  /** `by`: who asks, for the history. */
  async execute(id: string, by?: string): Promise<void> {
    const goesOn = await this.advance.step(async (step, tx) => {
      const retried = await step.retry(id, by);
      if (retried) await itemsGoOn(tx, id);
      return retried;
    });
    if (goesOn === undefined) throw unknownRun(id);
    if (!goesOn) {
      throw new Problem({
        status: 409,
        code: 'not-retryable',
        title: 'This run cannot be retried',
        detail: `Only a failed or cancelled run can, and not after minSuccess, maxPayloads or its deadline. A rerun takes over what succeeded.`,
      });
    }
  }
}
