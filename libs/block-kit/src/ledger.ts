import { hashJson, type Usage } from '@duofactory/contracts';
import { databaseOutage } from '@duofactory/messaging';
import type { Clock, Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { BlockFailure } from './block-failure.js';
import type { Effect, EffectCall } from './block-type.js';
import { OwnClaims, type Claims, type LedgerOptions } from './claims.js';
import type { Answered, Claim, ClaimedRow, EffectIdentity, EndedAttempt } from './ledger-rows.js';
import { LedgerAway } from './ledger-away.js';
import { Together } from './together.js';

export type { EffectIdentity } from './ledger-rows.js';

export interface OnceOptions<T> extends EffectIdentity {
  /** Any JSON: another request is another effect. */
  readonly request: unknown;
  readonly effect: (signal: AbortSignal, call: EffectCall) => Promise<Effect<T>>;
  readonly signal: AbortSignal;
  /** Asked when the answer is there: for which attempt it comes too late. */
  readonly late?: (() => EndedAttempt | undefined) | undefined;
}

export interface Recorded<T> {
  readonly value: T;
  /** As the block reports it: `saved` where another task paid, `again` where its own did before. */
  readonly usage?: Usage;
  /** The run was told of it when it was stored. */
  readonly told?: true;
}

/** Where `once` remembers: an effect that is in it is never caused again. */
export abstract class EffectLedger {
  abstract once<T>(options: OnceOptions<T>): Promise<Recorded<T>>;
}

/** A call of this effect began and nobody saw its end: a person decides whether it is made again. */
export class AmbiguousEffect extends BlockFailure {
  constructor(id: string, { interrupted, calls }: Pick<ClaimedRow, 'interrupted' | 'calls'>) {
    const reason = `Nobody saw the end of call ${calls.at(-1) ?? ''}: see "duofactory ledger ambiguous", then "duofactory ledger resolve ${id}"`;
    super('ambiguous-call', reason, {
      retryable: true,
      hold: { reason, id: holdOf(id), epoch: interrupted },
    });
  }
}

/** The hold under which runs wait for a person's decision about an effect. */
export const holdOf = (id: string): string => `ledger/${id}`;

const LONGEST_LOOK_MS = 1_000;
const KEEP_TRYING_MS = 5 * 60_000;
const MOST_AT_ONCE = 200;

/**
 * A row is claimed before the effect and holds its answer after it; between the two its owner renews a lease. A claim
 * that ran out is counted as interrupted: the effect may have happened without its answer.
 */
export class ClaimedLedger extends EffectLedger {
  readonly #claims: Together<Claim, ClaimedRow>;
  readonly #answers: Together<Answered, boolean>;
  /** Owners by what they hold. */
  readonly #held = new Map<string, string>();
  #callOff = (): void => undefined;

  constructor(
    private readonly rows: Claims,
    private readonly clock: Clock,
  ) {
    super();
    this.#claims = new Together((claims) => rows.claim(claims), MOST_AT_ONCE);
    this.#answers = new Together((answers) => rows.record(answers), MOST_AT_ONCE);
  }

  async once<T>({ request, effect, signal, late, ...identity }: OnceOptions<T>): Promise<Recorded<T>> {
    const requestHash = hashJson(request ?? null);
    const id = effectId(identity, request);
    const owner = randomUUID();
    for (let lookMs = 20; ; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
      signal.throwIfAborted();
      const row = await this.#claims.ask({ id, owner, of: { ...identity, requestHash } });
      if (row.state === 'ambiguous') throw new AmbiguousEffect(id, row);
      if (row.owner === owner) return this.#cause(row, { effect, signal, late });
      if (row.state === 'done') {
        const value = row.value as T;
        return row.usage === null ? { value } : { value, usage: readBy(identity.task, row.task, row.usage) };
      }
      // Another worker is at it: its answer is ours too.
      await pause(lookMs, undefined, { signal });
    }
  }

  async #cause<T>(
    { id, owner, calls }: ClaimedRow,
    { effect, signal, late }: Pick<OnceOptions<T>, 'effect' | 'signal' | 'late'>,
  ): Promise<Recorded<T>> {
    const free = this.#keep(id, owner);
    try {
      const { value, usage, requestId, afterwards } = await this.#releasing(id, owner, () =>
        effect(signal, { id: owner, untimed: (wait) => wait(), interrupted: calls }),
      );
      const paid = usage === undefined ? undefined : { ...usage, ledger: id };
      const ended = paid && this.rows.tellsLate ? late?.() : undefined;
      const answered = { id, owner, value, usage: paid, requestId, ...(ended ? { late: ended } : {}) };
      const { counts, stored } = await this.#recordSurely(answered);
      await afterwards?.().catch(() => undefined);
      if (paid === undefined) return { value: counts as T };
      return { value: counts as T, usage: paid, ...(stored && ended ? { told: true } : {}) };
    } finally {
      free();
    }
  }

  async #releasing<T>(id: string, owner: string, effect: () => Promise<T>): Promise<T> {
    try {
      return await effect();
    } catch (error) {
      // Where the database is away the lease runs out by itself.
      if (!(error instanceof BlockFailure && error.ambiguous)) {
        await this.rows.release(id, owner).catch(() => undefined);
        throw error;
      }
      const lost = await this.rows.lose(id, owner).catch(() => undefined);
      if (lost?.held) throw new AmbiguousEffect(id, { interrupted: lost.interrupted, calls: [owner] });
      throw error;
    }
  }

  /** What is paid for must not be lost to a database that is away for a while. Returns the answer that counts. */
  async #recordSurely(answered: Answered): Promise<{ counts: unknown; stored: boolean }> {
    for (
      let triedMs = 0, pauseMs = 100;
      ;
      triedMs += pauseMs, pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)
    ) {
      try {
        if (await this.#answers.ask(answered)) return { counts: answered.value, stored: true };
        // We were taken for dead, and another call was answered first.
        const first = await this.rows.recordSecond(answered);
        return { counts: first?.value ?? answered.value, stored: false };
      } catch (error) {
        // Later the claim is taken over, as after a crash.
        if (!isAway(error) || triedMs >= KEEP_TRYING_MS) throw error;
        await pause(pauseMs);
      }
    }
  }

  /** Renews the lease until it is given back. */
  #keep(id: string, owner: string): () => void {
    this.#held.set(id, owner);
    if (this.#held.size === 1) this.#renewLater();
    return () => {
      this.#held.delete(id);
      if (this.#held.size === 0) this.#callOff();
    };
  }

  #renewLater(): void {
    this.#callOff = this.clock.setTimer(this.rows.leaseMs / 3, () => {
      this.#renewLater();
      // What is not renewed now is next time: a lease bears two that fail.
      this.rows.renew(this.#held).catch(() => undefined);
    });
  }
}

/** The ledger in the service's own schema. */
export class Ledger extends ClaimedLedger {
  constructor(database: Database, clock: Clock, options: LedgerOptions = {}) {
    super(new OwnClaims(database, clock, options), clock);
  }
}

/** As whoever reads an answer tells of it. Its own task may have paid in an attempt that could not tell. */
export function readBy(reader: string | undefined, payer: string | null | undefined, usage: Usage): Usage {
  return reader !== undefined && reader === payer
    ? { ...usage, saved: false, again: true }
    : { ...usage, saved: true };
}

/** Adds what a call used; what it was caused instead of is taken out: whoever read that saved nothing. */
export function noteUsage(
  usage: Usage[],
  { usage: used }: Pick<Recorded<unknown>, 'usage'>,
  insteadOf: readonly string[],
): void {
  for (let i = usage.length - 1; i >= 0; i -= 1) {
    const { ledger, saved } = usage[i]!;
    if (saved && ledger !== undefined && insteadOf.includes(ledger)) usage.splice(i, 1);
  }
  if (used) usage.push(used);
}

/** The name of an effect in a ledger: of its identity and what it asks. */
export function effectId({ lineage, block, key, sample, step }: EffectIdentity, request: unknown): string {
  return hashJson([lineage, block, key, sample, step, hashJson(request ?? null)]);
}

/** The ledger cannot be reached now: what is to be stored there is tried again. */
const isAway = (error: unknown): boolean =>
  error instanceof LedgerAway || databaseOutage(error) !== undefined;
