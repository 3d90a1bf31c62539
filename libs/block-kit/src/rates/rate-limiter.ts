import { Problem, type Clock, type Database } from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  collectTurns,
  correctTokens,
  deleteRateLimit,
  grantTurns,
  learnLimits,
  leaveQueue,
  listRates,
  lockRate,
  nextInTurn,
  putRateLimit,
  queue as queueIn,
  readRate,
  writeRate,
  type RateLimit,
  type RateState,
  type Waiter,
} from './rate-rows.js';
import { lowered, rateNow, refilled } from './refill.js';

export type { RateLimit } from './rate-rows.js';

/** A vendor's refusal of a call for its rate. */
export interface RateRefusal {
  readonly afterMs?: number | undefined;
  /** A minute, as the vendor says with it. */
  readonly limits?: { readonly requests?: number; readonly tokens?: number } | undefined;
}

export interface RateKey {
  readonly provider: string;
  readonly model: string;
  /** Stands for the vendor's key, and does not tell it. */
  readonly keyHash: string;
}

interface LocalWaiter extends Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  /** The database knows it. */
  queued: boolean;
}

interface Queue {
  readonly waiting: Map<string, LocalWaiter>;
  turning: boolean;
}

const LOOK_MS = 100;
const LONGEST_LOOK_MS = 1_000;
const GONE_MS = 15_000;
const KNOWN_MS = 1_000;
const MOST_AT_ONCE = 500;
const MOST_A_MINUTE = 2 ** 31 - 1;

/**
 * Turns of calls, shared by all processes through the database: requests and tokens a minute for each model and key,
 * around the runs and people that wait. A refusal of the vendor halves the rate, which recovers by itself.
 */
export class RateLimiter {
  readonly #process = randomUUID();
  readonly #queues = new Map<string, Queue>();
  readonly #known = new Map<string, { state: RateState; atMs: number }>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list() {
    const { limits, states } = await listRates(this.database);
    const now = this.clock.now();
    return {
      limits,
      states: states.map((state) => {
        const { model, factor, blockedUntil, id } = refilled(state, now);
        const { requests = null, tokens = null } = rateNow(refilled(state, now));
        return { key: id, model, requestsNow: requests, tokensNow: tokens, factor, blockedUntil };
      }),
    };
  }

  /** What a refusal of the vendor blocks goes on as well. */
  async put(limit: RateLimit): Promise<void> {
    await putRateLimit(this.database, limit);
    this.#known.clear();
  }

  async delete(model: string): Promise<void> {
    if (!(await deleteRateLimit(this.database, model, this.clock.now())))
      throw new Problem({
        status: 404,
        code: 'unknown-rate-limit',
        title: 'Unknown rate limit',
        detail: `No limit is set for "${model}", and no refusal blocks it: GET /api/rate-limits lists both`,
      });
    this.#known.clear();
  }

  /** Resolves when it is the call's turn. `tokens`: what it will use, about. */
  async turn(key: RateKey, waiter: Waiter, signal: AbortSignal): Promise<void> {
    const id = idOf(key);
    const state = await this.#stateOf(id, key.model);
    if (!limits(state, this.clock.now())) return;
    const queue = this.#queues.get(id) ?? { waiting: new Map<string, LocalWaiter>(), turning: false };
    this.#queues.set(id, queue);
    const onAbort = (): void => {
      const left = queue.waiting.get(waiter.call);
      queue.waiting.delete(waiter.call);
      left?.reject(signal.reason);
      if (left?.queued) void leaveQueue(this.database, waiter.call).catch(() => undefined);
    };
    try {
      await new Promise<void>((resolve, reject) => {
        queue.waiting.set(waiter.call, { ...waiter, resolve, reject, queued: false });
        signal.addEventListener('abort', onAbort, { once: true });
        if (signal.aborted) onAbort();
        if (!queue.turning) void this.#giveTurns(id, queue);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The call is answered: what it used in truth. */
  async used(key: RateKey, { expected, actual }: { expected: number; actual: number }): Promise<void> {
    const state = await this.#stateOf(idOf(key), key.model);
    if (rateNow(state).tokens !== undefined) await correctTokens(this.database, state.id, actual - expected);
  }

  /** The vendor refused a call for its rate. `limits`: as it says them, a minute. */
  async refused(key: RateKey, { afterMs, limits: said }: RateRefusal): Promise<void> {
    const id = idOf(key);
    await this.#stateOf(id, key.model);
    if (said) {
      const { requests, tokens } = said;
      await learnLimits(this.database, { id, requests: storable(requests), tokens: storable(tokens) });
    }
    await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await writeRate(tx, lowered(refilled(await lockRate(tx, id), now), now, afterMs));
    });
    this.#known.delete(id);
  }

  /** As it was a moment ago: most calls meet no limit, and shall not ask for one each. */
  async #stateOf(id: string, model: string): Promise<RateState> {
    const nowMs = this.clock.now().getTime();
    const known = this.#known.get(id);
    if (known && nowMs - known.atMs < KNOWN_MS) return known.state;
    const state = await readRate(this.database, id, model, this.clock.now());
    this.#known.set(id, { state, atMs: nowMs });
    return state;
  }

  async #giveTurns(id: string, queue: Queue): Promise<void> {
    queue.turning = true;
    for (let lookMs = LOOK_MS; queue.waiting.size > 0; await pause(lookMs)) {
      try {
        const granted = await this.#look(id, queue);
        for (const call of granted) {
          queue.waiting.get(call)?.resolve();
          queue.waiting.delete(call);
        }
        lookMs = granted.length > 0 ? LOOK_MS : Math.min(lookMs * 1.5, LONGEST_LOOK_MS);
      } catch (error) {
        // Whoever waits sees the outage as its own.
        for (const { reject } of queue.waiting.values()) reject(error);
        queue.waiting.clear();
      }
    }
    queue.turning = false;
  }

  async #look(id: string, { waiting }: Queue): Promise<string[]> {
    const fresh = [...waiting.values()].filter(({ queued }) => !queued);
    const collected = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const state = refilled(await lockRate(tx, id), now);
      const goneBefore = new Date(now.getTime() - GONE_MS);
      await queueIn(tx, { state: id, process: this.#process, fresh, now, goneBefore });
      const granted = grantable(state, await nextInTurn(tx, id, MOST_AT_ONCE), now);
      const rate = rateNow(state);
      for (const { tokens } of granted) {
        if (rate.requests !== undefined) state.requests -= 1;
        if (rate.tokens !== undefined) state.tokens -= tokens;
      }
      await grantTurns(tx, { state: id, granted, now });
      await writeRate(tx, state);
      return collectTurns(tx, this.#process, id);
    });
    for (const one of fresh) one.queued = true;
    // Whoever was called off meanwhile was not there to be taken out.
    for (const { call } of fresh) if (!waiting.has(call)) await leaveQueue(this.database, call);
    return collected;
  }
}

/** Nobody can tell more from no limit. */
const storable = (aMinute: number | undefined): number | null =>
  aMinute === undefined ? null : Math.min(aMinute, MOST_A_MINUTE);

const idOf = ({ provider, model, keyHash }: RateKey): string => `${provider} ${model} ${keyHash}`;

function limits(state: RateState, now: Date): boolean {
  const { requests, tokens } = rateNow(state);
  return (
    requests !== undefined ||
    tokens !== undefined ||
    (state.blockedUntil !== null && state.blockedUntil > now)
  );
}

/** The first of those in turn for whom there is room. One call may owe tokens: it could be larger than any room. */
function grantable(state: RateState, inTurn: readonly Waiter[], now: Date): readonly Waiter[] {
  if (state.blockedUntil && state.blockedUntil > now) return [];
  const rate = rateNow(state);
  let requests = rate.requests === undefined ? Infinity : state.requests;
  let tokens = rate.tokens === undefined ? Infinity : state.tokens;
  const granted: Waiter[] = [];
  for (const waiter of inTurn) {
    if (requests < 1 || tokens <= 0) break;
    granted.push(waiter);
    requests -= 1;
    tokens -= waiter.tokens;
  }
  return granted;
}
