import { types } from 'node:util';

/** Trying again cannot help: the message is parked at once. */
export function isTerminal(error: unknown): boolean {
  return read(error, 'terminal') === true;
}

// PostgreSQL: connection exceptions (class 08), read-only (25006), insufficient resources (53: disk, memory,
// connections), a transaction or session that was left idle for too long (25P03, 57P05), shutdown and start-up (57P0x),
// an error of its disk (58030).
const POSTGRES_OUTAGE = /^(08...|25006|25P03|53...|57P0[1-5]|58030)$/;
const SOCKET_OUTAGE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // Of fetch: the other side was not there, or went away in the middle.
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);
// pg's client and pool report these without a code.
const PG_CLIENT_OUTAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)|not queryable/;

/**
 * A part that the handler needs is away, and no message is to blame: these failures count as no attempt, or an outage
 * of a minute would park everything. An error says so itself by `outage === true`.
 */
export function isOutage(error: unknown): boolean {
  // Not `instanceof`: a socket's error comes from the realm of Node, wherever we run.
  for (
    let cause = error, depth = 0;
    types.isNativeError(cause) && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (read(cause, 'outage') === true) return true;
    const code = read(cause, 'code');
    if (typeof code === 'string' && (POSTGRES_OUTAGE.test(code) || SOCKET_OUTAGE.has(code))) return true;
    if (PG_CLIENT_OUTAGE.test(cause.message)) return true;
  }
  return false;
}

export function codeOf(error: unknown): string {
  const code = read(error, 'code');
  if (typeof code === 'string' && code !== '') return code;
  return error instanceof Error ? error.name : 'unknown';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function read(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}
