import {
  attemptPaidV1,
  blockCompletedV1,
  blockFailedV1,
  uuidFrom,
  type BlockRequested,
  type Usage,
} from '@duofactory/contracts';
import type { EmittedEvent, ServiceParts } from '@duofactory/platform';
import type { Outcome } from './attempt.js';
import { paidLate } from './claims.js';

export interface WorkedAttempt {
  readonly begunAt: Date;
  readonly traceparent: string | undefined;
}

/** So many answers are remembered in memory. */
const MOST_REMEMBERED = 10_000;
const MOST_NOTED_AT_ONCE = 1000;
const NOTED_WITHIN_MS = 1000;
const OUTCOMES_KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Sends what attempts came to. An answer goes to the bus as it is; where the bus cannot take it, it goes into the
 * outbox. Its request is acknowledged only then. What was answered is noted in the database a moment later, many at a
 * time, for whoever gets those requests again: after a crash within that moment an attempt is worked on again, what it
 * paid for is read from the ledger, and its answer has the same id.
 */
export class Answers {
  readonly #sent = new Set<string>();
  #unnoted: BlockRequested[] = [];
  #callOffNote: (() => void) | undefined;
  #noting: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Pick<ServiceParts, 'bus' | 'transactions' | 'database' | 'clock' | 'log'>,
    private readonly worker: string,
  ) {}

  /** Has this process answered the attempt, or is about to? */
  remembers({ task, attempt }: BlockRequested): boolean {
    return this.#sent.has(nameOf(task, attempt));
  }

  /** Has a process of this service answered it? */
  async noted({ task, attempt }: BlockRequested): Promise<boolean> {
    const { rowCount } = await this.parts.database.query({
      name: 'outcome-known',
      text: `select from outcomes where task = $1 and attempt = $2`,
      values: [task, attempt],
    });
    return rowCount === 1;
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
    const { bus, transactions } = this.parts;
    const name = nameOf(task, attempt);
    this.#remember(name);
    try {
      await bus.publish([transactions.messageOf(contract, event)]);
    } catch {
      // Whatever the reason: from the outbox it is published as soon as that is possible, and logged until then.
      await transactions
        .run(async (_tx, emit) => emit(contract, event))
        .catch((error: unknown) => {
          this.#sent.delete(name);
          throw error;
        });
    }
    this.#note(request);
  }

  /** What an attempt used after it was answered. */
  async sendLate(request: BlockRequested, usage: Usage): Promise<void> {
    await this.parts.transactions.run(async (_tx, emit) => emit(attemptPaidV1, paidLate(request, usage)));
  }

  /** Notes what is not noted yet. Call it after the bus is drained. */
  async stop(): Promise<void> {
    this.#callOffNote?.();
    await this.#noteAll();
  }

  async forgetOld(): Promise<void> {
    await this.parts.database.query({
      text: 'delete from outcomes where at < $1',
      values: [new Date(this.parts.clock.now().getTime() - OUTCOMES_KEPT_MS)],
    });
  }

  #remember(name: string): void {
    this.#sent.add(name);
    if (this.#sent.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#sent) {
      this.#sent.delete(oldest);
      break;
    }
  }

  #note(request: BlockRequested): void {
    this.#unnoted.push(request);
    if (this.#unnoted.length >= MOST_NOTED_AT_ONCE) void this.#noteAll();
    else
      this.#callOffNote ??= this.parts.clock.setTimer(NOTED_WITHIN_MS, () => {
        this.#callOffNote = undefined;
        void this.#noteAll();
      });
  }

  #noteAll(): Promise<void> {
    const some = this.#unnoted;
    this.#unnoted = [];
    if (some.length > 0) this.#noting = Promise.all([this.#noting, this.#insert(some)]).then(() => undefined);
    return this.#noting;
  }

  async #insert(answered: readonly BlockRequested[]): Promise<void> {
    try {
      await this.parts.database.query({
        name: 'outcomes-insert',
        // -- $1 tasks, $2 attempts, $3 now
        text: `insert into outcomes (task, attempt, at)
          select task, attempt, $3 from unnest($1::uuid[], $2::int[]) as row (task, attempt)
          on conflict do nothing`,
        values: [
          answered.map(({ task }) => task),
          answered.map(({ attempt }) => attempt),
          this.parts.clock.now(),
        ],
      });
    } catch (error) {
      // They are answered all the same: what is lost is that others know it.
      this.parts.log.warn({ errorMessage: String(error) }, 'answered attempts not noted');
    }
  }
}

const nameOf = (task: string, attempt: number): string => `${task}/${attempt}`;

function answerOf(outcome: Outcome): [typeof blockCompletedV1 | typeof blockFailedV1, object] {
  const usage = outcome.usage.length > 0 ? { usage: outcome.usage } : {};
  if ('error' in outcome) return [blockFailedV1, { error: outcome.error, ...usage }];
  const { outputs = [], picks, notPicked, answer } = outcome;
  const picked = picks && { picks, ...(notPicked ? { notPicked } : {}) };
  return [blockCompletedV1, { ...(answer ? { answer } : (picked ?? { outputs })), ...usage }];
}
