import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pace } from '../work/pace.js';

/** What we use of kafkajs 2.2.4's internal class. */
interface ConsumerGroup {
  memberId: string | null;
  fetch(nodeId: string): Promise<Batch[]>;
}

/** Of one partition: a fetch brings one for each, also where there is no news. */
interface Batch {
  readonly rawMessages: readonly unknown[];
}

const patched = Symbol.for('duofactory.wakeful-fetch');
const waiting = new Map<string, Set<() => void>>();
const paces = new Map<string, Pace>();

/**
 * A fetch waits at the broker for news, and a consumer of kafkajs neither leaves its group nor joins again before it is
 * answered. Here the wait can be given up, so that it may be long: whatever the answer brings is fetched again. A
 * member that has a pace fetches no more often than that, as long as there is news each time; partitions without news
 * are left out, which kafkajs would hand on one by one.
 */
export function wakefulFetch(): ConsumerGroup {
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };
  if (Object.hasOwn(prototype, patched)) return prototype;
  Object.defineProperty(prototype, patched, { value: true });

  // Called with its group below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { fetch } = prototype;
  const restMs = new WeakMap<ConsumerGroup, number>();
  const paced = async (group: ConsumerGroup, nodeId: string, woken: AbortSignal): Promise<Batch[]> => {
    const waitMs = restMs.get(group) ?? 0;
    if (waitMs > 0) await pause(waitMs, undefined, { signal: woken }).catch(() => undefined);
    if (woken.aborted) return [];
    const news = (await fetch.call(group, nodeId)).filter(({ rawMessages }) => rawMessages.length > 0);
    restMs.set(group, news.length > 0 ? (paces.get(group.memberId ?? '')?.next() ?? 0) : 0);
    return news;
  };
  prototype.fetch = async function (this: ConsumerGroup, nodeId: string) {
    const member = this.memberId ?? '';
    const wakers = waiting.get(member) ?? new Set();
    waiting.set(member, wakers);
    const waking = new AbortController();
    let wake = (): void => undefined;
    const woken = new Promise<Batch[]>((resolve) => {
      wake = () => {
        waking.abort();
        resolve([]);
      };
    });
    wakers.add(wake);
    try {
      return await Promise.race([paced(this, nodeId, waking.signal), woken]);
    } finally {
      wakers.delete(wake);
      if (wakers.size === 0) waiting.delete(member);
    }
  };
  return prototype;
}

/** How often a member fetches at most. */
export function paceFetches(member: string, pace: Pace): void {
  paces.set(member, pace);
}

/** The member has left. */
export function forgetPace(member: string): void {
  paces.delete(member);
}

/** The member's fetches that wait now bring nothing. */
export function wakeFetches(member: string): void {
  for (const wake of waiting.get(member) ?? []) wake();
}
