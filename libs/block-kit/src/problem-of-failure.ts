import { Problem } from '@duofactory/platform';
import type { BlockFailure } from './block-failure.js';

/** A failure for who asked by REST. Limits that a person can raise are no outage: 409, with the hold. */
export function problemOfFailure(
  { code, message, hold, afterMs, retryable }: BlockFailure,
  title: string,
): Problem {
  const after = afterMs === undefined ? {} : { afterMs };
  if (hold)
    return new Problem({
      ...{ status: 409, code, title: `${title}: it is held`, detail: message, more: { hold, ...after } },
    });
  return new Problem({ status: retryable ? 503 : 422, code, title, detail: message, more: after });
}
