import { InvalidSubscription, type Subscription } from '../bus.js';
import { Lane } from './lane.js';
import { Lanes } from './lanes.js';
import { Pace } from './pace.js';
import { Pool } from './pool.js';
import type { Worker, WorkerSettings } from './worker.js';

const MAX_ATTEMPTS = 5;
const MAX_BATCH = 500;
const POOL_SIZE = 16;

export function workerFor(subscription: Subscription, settings: Omit<WorkerSettings, 'maxAttempts'>): Worker {
  const { group, topics, each, batch, maxAttempts = MAX_ATTEMPTS, maxBatch = MAX_BATCH } = subscription;
  const { paceMs } = subscription;
  if (topics.length === 0) throw new InvalidSubscription(`Group ${group} names no topic.`);
  if ((each === undefined) === (batch === undefined)) {
    throw new InvalidSubscription(`Group ${group} must give exactly one of "each" and "batch".`);
  }
  if (each) {
    return new Pool({ ...settings, maxAttempts, each, concurrency: subscription.concurrency ?? POOL_SIZE });
  }
  const lanes = Array.from(
    { length: subscription.concurrency ?? 1 },
    () =>
      new Lane({
        ...{ ...settings, maxAttempts, batch: batch!, maxBatch },
        ...(paceMs !== undefined && { pace: new Pace(paceMs) }),
      }),
  );
  return lanes.length === 1 ? lanes[0]! : new Lanes(lanes);
}
