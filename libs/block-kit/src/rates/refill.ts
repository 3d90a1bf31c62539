import type { RateState } from './rate-rows.js';

/** How much may gather while nobody asks: the calls of so long. */
const BURST_MS = 5_000;
const MINUTE_MS = 60_000;
/** From half the rate to the whole one in 50 seconds. */
const RECOVERY_A_SECOND = 0.01;
const LOWEST_FACTOR = 0.05;
/** Refusals of calls that were out together are one refusal. */
const ONE_REFUSAL_MS = 2_000;
const BLOCKED_MS = 1_000;
/**
 * A block is everybody's, and a vendor that errs, or whose clock does, may ask for years. Where it means more than an
 * hour, as at the end of a day's quota, the calls that are refused again each hour cost nothing.
 */
const LONGEST_BLOCK_MS = 3_600_000;
/** More than an hour's worth nobody waits for, whatever a vendor says was used. */
const MOST_OWED_MINUTES = LONGEST_BLOCK_MS / MINUTE_MS;

/** Requests and tokens a minute now; undefined: no limit is known. */
export function rateNow({ limitRequests, limitTokens, learnedRequests, learnedTokens, factor }: RateState): {
  requests: number | undefined;
  tokens: number | undefined;
} {
  const [requests, tokens] = [limitRequests ?? learnedRequests, limitTokens ?? learnedTokens];
  return {
    requests: requests === null ? undefined : requests * factor,
    tokens: tokens === null ? undefined : tokens * factor,
  };
}

/** The state at `now`: what has come in since, and a factor on its way back to 1. */
export function refilled(state: RateState, now: Date): RateState {
  const elapsedMs = Math.max(0, now.getTime() - state.refilledAt.getTime());
  const factor = Math.min(1, state.factor + (elapsedMs / 1000) * RECOVERY_A_SECOND);
  const rate = rateNow({ ...state, factor });
  const filled = (held: number, aMinute: number | undefined): number =>
    aMinute === undefined
      ? held
      : Math.min(
          Math.max(1, (aMinute * BURST_MS) / MINUTE_MS),
          Math.max(held, -aMinute * MOST_OWED_MINUTES) + (aMinute * elapsedMs) / MINUTE_MS,
        );
  return {
    ...state,
    factor,
    requests: filled(state.requests, rate.requests),
    tokens: filled(state.tokens, rate.tokens),
    refilledAt: now,
    blockedUntil: state.blockedUntil && withinBound(state.blockedUntil, now),
  };
}

/** The state after the vendor refused a call for its rate. */
export function lowered(state: RateState, now: Date, afterMs = BLOCKED_MS): RateState {
  const until = new Date(now.getTime() + Math.min(afterMs, LONGEST_BLOCK_MS));
  const blockedUntil = state.blockedUntil && state.blockedUntil > until ? state.blockedUntil : until;
  const same = state.loweredAt !== null && now.getTime() - state.loweredAt.getTime() < ONE_REFUSAL_MS;
  if (same) return { ...state, blockedUntil };
  const factor = Math.max(LOWEST_FACTOR, state.factor / 2);
  return { ...state, factor, loweredAt: now, blockedUntil, requests: Math.min(0, state.requests) };
}

function withinBound(until: Date, now: Date): Date {
  return new Date(Math.min(until.getTime(), now.getTime() + LONGEST_BLOCK_MS));
}
