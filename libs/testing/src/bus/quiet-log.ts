import type { Log } from '@duofactory/messaging';

/** For tests whose failures are on purpose. */
export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
