export { configurationCheck, type ConfigurationCheck } from './configuration-check.js';
export { BlockFailure, type BlockFailureOptions } from './block-failure.js';
export {
  defineBlock,
  type BlockContext,
  type BlockOutputs,
  type BlockTask,
  type BlockType,
  type Effect,
  type EffectCall,
  type NotPicked,
  type OnceDetails,
  type Payload,
} from './block-type.js';
export { BlockWorker } from './block-worker.js';
export { Claims, OwnClaims, type LedgerOptions, type LostClaim } from './claims.js';
export type { Answered, Claim, ClaimedRow, EndedAttempt } from './ledger-rows.js';
export {
  AmbiguousEffect,
  ClaimedLedger,
  EffectLedger,
  Ledger,
  effectId,
  holdOf,
  noteUsage,
  readBy,
  type EffectIdentity,
  type OnceOptions,
  type Recorded,
} from './ledger.js';
export { ObjectsOnce, packed } from './large-values.js';
export { LedgerAway } from './ledger-away.js';
export { SharedBudgets, type CallToPay } from './money/shared-budgets.js';
export { SharedClaims } from './money/shared-claims.js';
export { BLOCK_MIGRATIONS } from './migrations.js';
export { problemOfFailure } from './problem-of-failure.js';
export { testBlock, type TestedTask } from './test-block.js';
export { RateLimiter, type RateKey, type RateLimit, type RateRefusal } from './rates/rate-limiter.js';
export type { RateState } from './rates/rate-rows.js';
export { RATE_TABLES } from './rates/rate-tables.js';
export { lowered, rateNow, refilled } from './rates/refill.js';
