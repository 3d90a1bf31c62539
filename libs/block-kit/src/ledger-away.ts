import { BlockFailure } from './block-failure.js';

/** The service that keeps the ledger and the budgets does not answer: nothing is paid for meanwhile. */
export class LedgerAway extends BlockFailure {
  constructor(cause: unknown) {
    super('llm-runner-away', 'llm-runner, which keeps the ledger of money, does not answer: is it running?', {
      retryable: true,
      cause,
    });
  }
}
