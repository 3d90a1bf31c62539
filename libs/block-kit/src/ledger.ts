import { storableJson, hashJson, type Usage } from '@duofactory/contracts';
import { databaseOutage, type Clock, type Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Effect } from './block-type.js';

/** What an effect is for: together with the request its identity. */
export interface EffectIdentity {
  /** The first run of a chain of reruns, or what else stands for "once". */
  readonly lineage: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number;
  readonly step: string;
  /** For reading the ledger only. */
  readonly run?: string;
  readonly task?: string;
}

export interface OnceOptions<T> extends EffectIdentity {
  /** Any JSON: another request is another effect. */
  readonly request: unknown;
  readonly effect: (signal: AbortSignal) => Promise<Effect<T>>;
  readonly signal: AbortSignal;
}

export interface Recorded<T> {
  readonly value: T;
  /** As the block reports it: `saved` where nothing was paid now. */
  readonly usage?: Usage;
}

/** Where `once` remembers: an effect that is in it is never caused again. */
export abstract class EffectLedger {
  abstract once<T>(options: OnceOptions<T>): Promise<Recorded<T>>;
}

interface Row {
  owner: string;
  state: 'pending' | 'done';
  value: unknown;
  usage: Usage | null;
}

/** Whoever has not renewed its claim for so long is gone; what it asked for may have happened (ambiguous). */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const LONGEST_LOOK_MS = 1_000;
const KEEP_TRYING_MS = 5 * 60_000;

/**
 * The ledger in the service's schema. A row is claimed before the effect and holds its answer after it; between the
 * two its owner renews a lease. A claim that ran out is taken over and counted as interrupted: the effect may have
 * happened without its answer.
 */
export class Ledger extends EffectLedger {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  async once<T>({ request, effect, signal, ...identity }: OnceOptions<T>): Promise<Recorded<T>> {
    const requestHash = hashJson(request ?? null);
    const { lineage, block, key, sample, step } = identity;
    const id = hashJson([lineage, block, key, sample, step, requestHash]);
    const owner = randomUUID();
    for (let lookMs = 20; ; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
      signal.throwIfAborted();
      const row = await this.#claim(id, owner, { ...identity, requestHash });
      if (row.owner === owner) return this.#cause(id, owner, effect, signal);
      if (row.state === 'done') {
        const value = row.value as T;
        return row.usage === null ? { value } : { value, usage: { ...row.usage, saved: true } };
      }
      // Another worker is at it: its answer is ours too.
      await pause(lookMs, undefined, { signal });
    }
  }

  async #cause<T>(
    id: string,
    owner: string,
    effect: (signal: AbortSignal) => Promise<Effect<T>>,
    signal: AbortSignal,
  ): Promise<Recorded<T>> {
    const callOff = this.#renewRegularly(id, owner);
    try {
      const { value, usage } = await this.#releasing(id, owner, () => effect(signal));
      const paid = usage === undefined ? undefined : { ...usage, ledger: id };
      await this.#recordSurely(id, owner, value, paid);
      return paid === undefined ? { value } : { value, usage: paid };
    } finally {
      callOff();
    }
  }

  async #releasing<T>(id: string, owner: string, effect: () => Promise<T>): Promise<T> {
    try {
      return await effect();
    } catch (error) {
      // It failed before our eyes: nothing to remember. Where the database is away the lease runs out by itself.
      await this.#release(id, owner).catch(() => undefined);
      throw error;
    }
  }

  /** What is paid for must not be lost to a database that is away for a while. Later the claim is taken over, as after a crash. */
  async #recordSurely(id: string, owner: string, value: unknown, usage: Usage | undefined): Promise<void> {
    for (
      let triedMs = 0, pauseMs = 100;
      ;
      triedMs += pauseMs, pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)
    ) {
      try {
        return await this.#record(id, owner, value, usage);
      } catch (error) {
        if (!databaseOutage(error) || triedMs >= KEEP_TRYING_MS) throw error;
        await pause(pauseMs);
      }
    }
  }

  // -- $1 id, $2 owner, $3 lineage, $4 run, $5 task, $6 block, $7 key, $8 sample, $9 step, $10 request hash, $11 now,
  // -- $12 end of the lease
  async #claim(id: string, owner: string, of: EffectIdentity & { requestHash: string }): Promise<Row> {
    const now = this.clock.now();
    const { rows } = await this.database.query<Row>({
      name: 'ledger-claim',
      text: `with claimed as (
          insert into ledger (id, owner, lineage, run, task, block, key, sample, step, request_hash, started_at, lease_until)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
          on conflict (id) do update set owner = excluded.owner, started_at = excluded.started_at,
            lease_until = excluded.lease_until, interrupted = ledger.interrupted + 1
          where ledger.state = 'pending' and ledger.lease_until < excluded.started_at
          returning owner, state, value, usage
        )
        select owner, state, value, usage from claimed
        union all
        select owner, state, value, usage from ledger where id = $1 and not exists (select from claimed)`,
      values: [
        id,
        owner,
        of.lineage,
        of.run ?? null,
        of.task ?? null,
        of.block,
        of.key,
        of.sample,
        of.step,
        of.requestHash,
        now,
        new Date(now.getTime() + LEASE_MS),
      ],
    });
    // Nothing: the row was released between the two halves of the statement. The next look claims it.
    return rows[0] ?? { owner: '', state: 'pending', value: null, usage: null };
  }

  // -- $1 id, $2 owner, $3 value, $4 usage, $5 now
  async #record(id: string, owner: string, value: unknown, usage: Usage | undefined): Promise<void> {
    await this.database.query({
      name: 'ledger-record',
      text: `update ledger set state = 'done', value = $3, usage = $4, done_at = $5 where id = $1 and owner = $2`,
      values: [
        id,
        owner,
        storableJson(value ?? null),
        usage === undefined ? null : storableJson(usage),
        this.clock.now(),
      ],
    });
  }

  async #release(id: string, owner: string): Promise<void> {
    await this.database.query({
      name: 'ledger-release',
      text: `delete from ledger where id = $1 and owner = $2 and state = 'pending'`,
      values: [id, owner],
    });
  }

  #renewRegularly(id: string, owner: string): () => void {
    let callOff = (): void => undefined;
    const next = (): void => {
      callOff = this.clock.setTimer(RENEW_MS, () => {
        next();
        this.#renew(id, owner).catch(() => undefined);
      });
    };
    next();
    return () => callOff();
  }

  async #renew(id: string, owner: string): Promise<void> {
    await this.database.query({
      name: 'ledger-renew',
      text: `update ledger set lease_until = $3 where id = $1 and owner = $2 and state = 'pending'`,
      values: [id, owner, new Date(this.clock.now().getTime() + LEASE_MS)],
    });
  }
}
