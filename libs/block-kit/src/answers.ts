import { blockCompletedV1, blockFailedV1, uuidFrom, type BlockRequested } from '@duofactory/contracts';
import type { Bus } from '@duofactory/messaging';
import type { EmittedEvent, Transactions } from '@duofactory/platform';
import type { Outcome } from './attempt.js';

export interface WorkedAttempt {
  readonly begunAt: Date;
  readonly traceparent: string | undefined;
}

/** So many answers are remembered: a request that comes twice is mostly not worked on twice. */
const MOST_REMEMBERED = 10_000;

/**
 * Sends what attempts came to. An answer goes to the bus as it is; where the bus cannot take it, it goes into the
 * outbox. Its request is acknowledged only then: after a crash in between, the attempt is worked on again, what it
 * paid for is read from the ledger, and its answer has the same id.
 */
export class Answers {
  readonly #sent = new Set<string>();

  constructor(
    private readonly bus: Bus,
    private readonly transactions: Transactions,
    private readonly worker: string,
  ) {}

  /** Has this process an answer of this attempt, sent or on its way? */
  has({ task, attempt }: BlockRequested): boolean {
    return this.#sent.has(`${task}/${attempt}`);
  }

  /** Resolves when the answer is safe. */
  async send(request: BlockRequested, outcome: Outcome, worked: WorkedAttempt): Promise<void> {
    const { run, task, attempt } = request;
    const [contract, data] = answerOf(outcome);
    const event: EmittedEvent = {
      key: run,
      subject: run,
      id: uuidFrom(task, attempt, contract.type),
      data: { run, task, attempt, ...data, worker: this.worker, begunAt: worked.begunAt.toISOString() },
      traceparent: worked.traceparent,
    };
    const name = `${task}/${attempt}`;
    this.#remember(name);
    try {
      await this.bus.publish([this.transactions.messageOf(contract, event)]);
    } catch {
      // Whatever the reason: from the outbox it is published as soon as that is possible, and logged until then.
      await this.transactions
        .run(async (_tx, emit) => emit(contract, event))
        .catch((error: unknown) => {
          this.#sent.delete(name);
          throw error;
        });
    }
  }

  #remember(name: string): void {
    this.#sent.add(name);
    if (this.#sent.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#sent) {
      this.#sent.delete(oldest);
      break;
    }
  }
}

function answerOf(outcome: Outcome): [typeof blockCompletedV1 | typeof blockFailedV1, object] {
  const usage = outcome.usage.length > 0 ? { usage: outcome.usage } : {};
  if ('error' in outcome) return [blockFailedV1, { error: outcome.error, ...usage }];
  const { outputs = [], picks, answer } = outcome;
  return [blockCompletedV1, { ...(answer ? { answer } : picks ? { picks } : { outputs }), ...usage }];
}
