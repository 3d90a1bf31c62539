import { describe, expect, it, jest } from '@jest/globals';
import { createRequire } from 'node:module';
import { quietRequestQueue } from './quiet-request-queue.js';

const require = createRequire(import.meta.url);

describe('the patch of kafkajs', () => {
  it('is for the version that is installed', () => {
    const { version } = require('kafkajs/package.json') as { version: string };

    // Another version: read its RequestQueue again before this number is changed.
    expect(version).toBe('2.2.4');
  });

  it('replaces the two methods that exist there', () => {
    const prototype = quietRequestQueue();

    expect(quietRequestQueue()).toBe(prototype);
    expect(Object.getOwnPropertyNames(prototype)).toEqual(
      expect.arrayContaining([
        'scheduleCheckPendingRequests',
        'scheduleRequestTimeoutCheck',
        'checkPendingRequests',
      ]),
    );
  });

  it('arms no timer while nothing waits, and one while something does', () => {
    const prototype = quietRequestQueue();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const queue = Object.assign(Object.create(prototype) as typeof prototype, {
      pending: [] as unknown[],
      throttledUntil: -1,
      throttleCheckTimeoutId: null as NodeJS.Timeout | null,
    });

    queue.scheduleCheckPendingRequests();
    const idle = timers.mock.calls.length;
    queue.pending.push({});
    queue.scheduleCheckPendingRequests();
    const waiting = timers.mock.calls.length;
    clearTimeout(queue.throttleCheckTimeoutId!);
    timers.mockRestore();

    expect(idle).toBe(0);
    expect(waiting).toBe(1);
  });
});
