import { createRequire } from 'node:module';

/** What we use of kafkajs 2.2.4's internal class. */
export interface RequestQueue {
  pending: unknown[];
  inflight: Map<number, { sentAt: number; requestTimeout: number; timeoutRequest(): void }>;
  requestTimeoutIntervalId?: NodeJS.Timeout;
  enforceRequestTimeout: boolean;
  requestTimeout: number;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(this: RequestQueue): void;
  scheduleRequestTimeoutCheck(): void;
}

const CHECK_TIMEOUTS_EVERY_MS = 1000;
const patched = Symbol.for('duofactory.quiet-request-queue');

/**
 * kafkajs re-arms a ~1 ms timer on every connection for ever (its issue 1751), and looks for timed-out requests ten
 * times a second: 5-7 % of a core with nothing to do. The first timer is needed only while requests wait; the second
 * is precise enough once a second. Its specs hold this against the version of kafkajs that is installed.
 */
export function quietRequestQueue(): RequestQueue {
  const require = createRequire(import.meta.url);
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  if (Object.hasOwn(prototype, patched)) return prototype;
  Object.defineProperty(prototype, patched, { value: true });

  // Called with its queue below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };

  prototype.scheduleRequestTimeoutCheck = function (this: RequestQueue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(
      () => {
        const now = Date.now();
        for (const request of this.inflight.values()) {
          if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
        }
        if (!this.isConnected()) this.destroy();
      },
      Math.min(this.requestTimeout, CHECK_TIMEOUTS_EVERY_MS),
    );
  };
  return prototype;
}
