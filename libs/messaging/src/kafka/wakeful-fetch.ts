import { createRequire } from 'node:module';

/** What we use of kafkajs 2.2.4's internal class. */
interface ConsumerGroup {
  memberId: string | null;
  fetch(nodeId: string): Promise<unknown[]>;
}

const patched = Symbol.for('duofactory.wakeful-fetch');
const waiting = new Map<string, Set<() => void>>();

/**
 * A fetch waits at the broker for news, and a consumer of kafkajs neither leaves its group nor joins again before it is
 * answered. Here the wait can be given up, so that it may be long: whatever the answer brings is fetched again.
 */
export function wakefulFetch(): ConsumerGroup {
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/consumer/consumerGroup.js') as { prototype: ConsumerGroup };
  if (Object.hasOwn(prototype, patched)) return prototype;
  Object.defineProperty(prototype, patched, { value: true });

  // Called with its group below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { fetch } = prototype;
  prototype.fetch = async function (this: ConsumerGroup, nodeId: string) {
    const member = this.memberId ?? '';
    const wakers = waiting.get(member) ?? new Set();
    waiting.set(member, wakers);
    let wake = (): void => undefined;
    const woken = new Promise<unknown[]>((resolve) => (wake = () => resolve([])));
    wakers.add(wake);
    try {
      return await Promise.race([fetch.call(this, nodeId), woken]);
    } finally {
      wakers.delete(wake);
      if (wakers.size === 0) waiting.delete(member);
    }
  };
  return prototype;
}

/** The member's fetches that wait now bring nothing. */
export function wakeFetches(member: string): void {
  for (const wake of waiting.get(member) ?? []) wake();
}
