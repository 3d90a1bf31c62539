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
  type Payload,
} from './block-type.js';
export { BlockWorker } from './block-worker.js';
export {
  AmbiguousEffect,
  EffectLedger,
  Ledger,
  holdOf,
  type EffectIdentity,
  type LedgerOptions,
  type OnceOptions,
  type Recorded,
} from './ledger.js';
export { BLOCK_MIGRATIONS } from './migrations.js';
export { testBlock, type TestedTask } from './test-block.js';
export { RateLimiter, type RateKey, type RateLimit, type RateRefusal } from './rates/rate-limiter.js';
export type { RateState } from './rates/rate-rows.js';
export { RATE_TABLES } from './rates/rate-tables.js';
export { lowered, rateNow, refilled } from './rates/refill.js';
