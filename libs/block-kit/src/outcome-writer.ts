import {
  blockCompletedV1,
  blockFailedV1,
  uuidFrom,
  type BlockRequested,
  type EventContract,
} from '@duofactory/contracts';
import type { Clock, Queryable, Transaction, Transactions } from '@duofactory/platform';
import type { Outcome } from './attempt.js';

interface Pending {
  readonly request: BlockRequested;
  readonly outcome: Outcome;
  readonly attempt: WorkedAttempt;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface WorkedAttempt {
  readonly begunAt: Date;
  readonly traceparent: string | undefined;
}

const MOST_AT_ONCE = 500;

/**
 * Stores outcomes with their events, as many as wait in one transaction. Of two outcomes of one attempt the first
 * stays: the events of the second are not sent.
 */
export class OutcomeWriter {
  #pending: Pending[] = [];
  #writing = false;

  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly worker: string,
  ) {}

  /** Resolves when it is stored. */
  write(request: BlockRequested, outcome: Outcome, attempt: WorkedAttempt): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ request, outcome, attempt, resolve, reject });
      if (!this.#writing) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#pending.length > 0) {
      const batch = this.#pending.splice(0, MOST_AT_ONCE);
      try {
        await this.#store(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#writing = false;
  }

  #store(batch: readonly Pending[]): Promise<void> {
    return this.transactions.run(async (tx, emit) => {
      const first = await insertOutcomes(
        tx,
        batch.map(({ request }) => request),
        this.clock.now(),
      );
      for (const { request, outcome, attempt: worked } of batch) {
        const { run, task, attempt } = request;
        if (!first.delete(nameOf(task, attempt))) continue;
        const [contract, data] = eventOf(outcome);
        emit(contract, {
          key: run,
          subject: run,
          id: uuidFrom(task, attempt, contract.type),
          data: { run, task, attempt, ...data, worker: this.worker, begunAt: worked.begunAt.toISOString() },
          // Whoever came first has begun the batch: its trace is not that of the others.
          traceparent: worked.traceparent,
        });
      }
    });
  }
}

/** Has this attempt been answered? Its event is sent already, or lies in the outbox. */
export async function isAnswered(tx: Queryable, task: string, attempt: number): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'outcome-known',
    text: `select from outcomes where task = $1 and attempt = $2`,
    values: [task, attempt],
  });
  return rowCount === 1;
}

// -- $1 tasks, $2 attempts, $3 now
async function insertOutcomes(
  tx: Transaction,
  requests: readonly BlockRequested[],
  now: Date,
): Promise<Set<string>> {
  const { rows } = await tx.query<{ task: string; attempt: number }>({
    name: 'outcomes-insert',
    text: `insert into outcomes (task, attempt, at)
      select task, attempt, $3 from unnest($1::uuid[], $2::int[]) as row (task, attempt)
      on conflict do nothing returning task, attempt`,
    values: [requests.map(({ task }) => task), requests.map(({ attempt }) => attempt), now],
  });
  return new Set(rows.map(({ task, attempt }) => nameOf(task, attempt)));
}

function eventOf(outcome: Outcome): [EventContract, object] {
  const usage = outcome.usage.length > 0 ? { usage: outcome.usage } : {};
  if ('error' in outcome) return [blockFailedV1, { error: outcome.error, ...usage }];
  const { outputs = [], picks, answer } = outcome;
  return [blockCompletedV1, { ...(answer ? { answer } : picks ? { picks } : { outputs }), ...usage }];
}

const nameOf = (task: string, attempt: number): string => `${task}/${attempt}`;
