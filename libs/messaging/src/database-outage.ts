import { types } from 'node:util';

export type DatabaseOutage = 'away' | 'read-only' | 'full';

// SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html): connection exceptions (class 08),
// insufficient resources (53), a transaction or session that was left idle for too long (25P03, 57P05), shutdown and
// start-up (57P0x).
const AWAY = /^(08...|25P03|53...|57P0[1-5])$/;
/** The disk is full, or fails. */
const FULL = /^(53100|58030)$/;
/** Connection failures of Node; pg says some of its own in words only. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
const PG_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;

/** Why the database could not be used, if that is the error's cause: such work succeeds when it is back. */
export function databaseOutage(error: unknown): DatabaseOutage | undefined {
  // Not `instanceof`: a socket's error comes from the realm of Node, wherever we run.
  for (
    let cause = error, depth = 0;
    types.isNativeError(cause) && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') {
      if (code === '25006') return 'read-only';
      if (FULL.test(code)) return 'full';
      if (AWAY.test(code) || SOCKET_CODES.has(code)) return 'away';
    }
    if (PG_WORDS.test(cause.message)) return 'away';
    if (cause instanceof AggregateError && cause.errors.length > 0) {
      const inner = databaseOutage(cause.errors[0]);
      if (inner) return inner;
    }
  }
  return undefined;
}
