import { attemptPaidV1, paymentOf, uuidFrom, type Usage } from '@duofactory/contracts';
import type { Clock, Database, EmittedEvent, Transactions } from '@duofactory/platform';
import {
  claimEffects,
  loseSight,
  recordAnswers,
  recordSecondPayment,
  releaseClaim,
  renewClaims,
  type Answered,
  type Claim,
  type ClaimedRow,
  type EndedAttempt,
} from './ledger-rows.js';

export interface LostClaim {
  /** How many calls of the effect were interrupted by now. */
  readonly interrupted: number;
  /** A person decides whether it is made again. */
  readonly held: boolean;
}

/** Where a ledger's rows are: in the service's own schema, or with the service that keeps the ledger of all money. */
export abstract class Claims {
  /** Whoever has not renewed its claim for so long is gone. */
  abstract readonly leaseMs: number;

  /** Are runs told of late answers when these are stored? */
  abstract readonly tellsLate: boolean;

  /** The rows as they are after the claim, in the order asked: whose `owner` is the claim's own may cause the effect. */
  abstract claim(claims: readonly Claim[]): Promise<readonly ClaimedRow[]>;

  /**
   * Which of the answers were stored; of the others another call's answer is there already. What comes late is told to
   * its run with that: both happen, or neither.
   */
  abstract record(answers: readonly Answered[]): Promise<readonly boolean[]>;

  /** A second call was answered as well. The answer that counts. */
  abstract recordSecond(answer: Answered): Promise<{ value: unknown } | undefined>;

  /** It failed before our eyes, unpaid. */
  abstract release(id: string, owner: string): Promise<void>;

  /** Its end was not seen: it is listed. */
  abstract lose(id: string, owner: string): Promise<LostClaim>;

  /** Owners by what they hold. */
  abstract renew(held: ReadonlyMap<string, string>): Promise<void>;
}

export interface LedgerOptions {
  /** Whoever has not renewed its claim for so long is gone; what it asked for may have happened. */
  readonly leaseMs?: number;
  /** What follows where nobody saw the end of a call: it is made again, or a person decides. */
  readonly ambiguous?: 'retry' | 'hold';
  /** To tell runs what comes too late for their attempts. */
  readonly transactions?: Transactions;
}

/** Tells a run what an attempt was paid for after its end. The same payment is the same event, whoever tells it. */
export function paidLate({ run, task, attempt }: EndedAttempt, usage: Usage): EmittedEvent {
  const payment = paymentOf(usage);
  return {
    ...{ key: run, subject: run, data: { run, task, attempt, usage: [usage] } },
    ...(payment === undefined ? {} : { id: uuidFrom(attemptPaidV1.type, task, payment) }),
  };
}

/** The rows in the service's own schema. */
export class OwnClaims extends Claims {
  readonly leaseMs: number;
  readonly #hold: boolean;
  readonly #transactions: Transactions | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    { leaseMs = 30_000, ambiguous = 'retry', transactions }: LedgerOptions = {},
  ) {
    super();
    this.leaseMs = leaseMs;
    this.#hold = ambiguous === 'hold';
    this.#transactions = transactions;
  }

  get tellsLate(): boolean {
    return this.#transactions !== undefined;
  }

  claim(claims: readonly Claim[]): Promise<ClaimedRow[]> {
    const now = this.clock.now();
    return claimEffects(this.database, claims, { now, leaseMs: this.leaseMs, hold: this.#hold });
  }

  record(answers: readonly Answered[]): Promise<boolean[]> {
    const now = this.clock.now();
    if (!this.#transactions || answers.every(({ late }) => late === undefined))
      return recordAnswers(this.database, answers, now);
    return this.#transactions.run(async (tx, emit) => {
      const stored = await recordAnswers(tx, answers, now);
      answers.forEach(({ late, usage }, i) => {
        if (stored[i] && late && usage) emit(attemptPaidV1, paidLate(late, usage));
      });
      return stored;
    });
  }

  recordSecond(answer: Answered): Promise<{ value: unknown } | undefined> {
    return recordSecondPayment(this.database, answer);
  }

  release(id: string, owner: string): Promise<void> {
    return releaseClaim(this.database, id, owner);
  }

  async lose(id: string, owner: string): Promise<LostClaim> {
    const interrupted = await loseSight(this.database, { id, owner, hold: this.#hold });
    return { interrupted, held: this.#hold && interrupted > 0 };
  }

  renew(held: ReadonlyMap<string, string>): Promise<void> {
    return renewClaims(this.database, held, this.leaseMs);
  }
}
