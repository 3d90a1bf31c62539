import type { RunAbove } from '@duofactory/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { postToLlmRunner } from './post-to-llm-runner.js';

/** A call of a vendor that is about to be made. */
export interface CallToPay {
  /** As the ledger calls it. */
  readonly call: string;
  /** Names of earlier calls of it whose end nobody saw. */
  readonly interrupted: readonly string[];
  readonly run?: string;
  readonly workflow?: string;
  /** Runs that the run works for, nearest first: they pay as well. */
  readonly above?: readonly RunAbove[];
  /** What is paid for, for whoever reads why it may not be: `polly neural`. */
  readonly name: string;
  /** What it may cost, in US dollars; null: nobody knows. */
  readonly amount: number | null;
}

const LOOK_AGAIN_MS = 200;

/** The budgets, which llm-runner keeps: for services that pay vendors of their own. */
export class SharedBudgets {
  constructor(private readonly llmRunnerUrl: string) {}

  /**
   * Resolves when the call may be made. Throws BlockFailure `budget-reached` or `price-unknown` with a hold, under which
   * the run pauses; LedgerAway.
   */
  async lease(
    call: CallToPay,
    signal: AbortSignal,
  ): Promise<{ settle: (amount: number | null) => Promise<void> }> {
    const url = new URL('/api/budgets/leases', this.llmRunnerUrl).href;
    // What is out may cost less than it might, and then there is room.
    while (!(await postToLlmRunner<{ room: boolean }>(url, call, signal)).room)
      await pause(LOOK_AGAIN_MS, undefined, { signal });
    return {
      settle: async (amount) => {
        await postToLlmRunner(`${url}/${call.call}/settlement`, { amount });
      },
    };
  }
}
