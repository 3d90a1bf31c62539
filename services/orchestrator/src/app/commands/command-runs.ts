import type { Clock } from '@duofactory/platform';
import type { CancelRun } from './cancel-run.js';
import { eachForItself } from '../each-for-itself.js';
import type { PauseRun } from './pause-run.js';
import type { RetryRun } from './retry-run.js';

export const RUN_COMMANDS = ['cancel', 'pause', 'resume', 'retry'] as const;
export type RunCommand = (typeof RUN_COMMANDS)[number];

export interface CommandedRuns {
  /** Before the first of them was given. */
  readonly at: Date;
  readonly done: readonly string[];
  readonly refused: readonly { readonly run: string; readonly code: string; readonly message: string }[];
}

/** One command for several runs. One that is refused keeps none of the others back. */
export class CommandRuns {
  constructor(
    private readonly cancelRun: CancelRun,
    private readonly pauseRun: PauseRun,
    private readonly retryRun: RetryRun,
    private readonly clock: Clock,
  ) {}

  async execute(command: RunCommand, runs: readonly string[], by: string): Promise<CommandedRuns> {
    const at = this.clock.now();
    const { done, refused } = await eachForItself(runs, (run) => this.#give(command, run, by));
    return { at, done, refused: refused.map(({ of: run, ...why }) => ({ run, ...why })) };
  }

  #give(command: RunCommand, run: string, by: string): Promise<void> {
    switch (command) {
      case 'cancel':
        return this.cancelRun.execute(run, by);
      case 'pause':
        return this.pauseRun.pause(run, by);
      case 'resume':
        return this.pauseRun.resume(run, by);
      case 'retry':
        return this.retryRun.execute(run, by);
    }
  }
}
