import { SharedBudgets } from '@duofactory/block-kit';
import { SpeechBudget, type SpeechToPay } from '../../app/speech-budget.js';

/** The budgets of llm-runner: models and voices are paid from the same money. */
export class SharedSpeechBudget extends SpeechBudget {
  readonly #budgets: SharedBudgets;

  constructor(
    llmRunnerUrl: string,
    private readonly provider: string,
  ) {
    super();
    this.#budgets = new SharedBudgets(llmRunnerUrl);
  }

  async lease({ call, interrupted, payer, price }: SpeechToPay, signal: AbortSignal) {
    const { run, workflow, above, untimed } = payer ?? {};
    const lease = {
      ...{ call, interrupted, name: `${this.provider} ${price.model}`, amount: price.amount },
      ...(run === undefined ? {} : { run }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(above === undefined ? {} : { above }),
    };
    const wait = () => this.#budgets.lease(lease, signal);
    return untimed ? untimed(wait) : wait();
  }
}
