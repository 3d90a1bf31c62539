import { types } from 'node:util';
import { databaseOutage } from './database-outage.js';

/** Trying again cannot help: the message is parked at once. */
export function isTerminal(error: unknown): boolean {
  return read(error, 'terminal') === true;
}

/** Of fetch: the other side was not there, or went away in the middle. */
const FETCH_OUTAGE = new Set(['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * A part that the handler needs is away, and no message is to blame: these failures count as no attempt, or an outage
 * of a minute would park everything. An error says so itself by `outage === true`.
 */
export function isOutage(error: unknown): boolean {
  if (databaseOutage(error) !== undefined) return true;
  // Not `instanceof`: a socket's error comes from the realm of Node, wherever we run.
  for (
    let cause = error, depth = 0;
    types.isNativeError(cause) && depth < 5;
    cause = cause.cause, depth += 1
  ) {
    if (read(cause, 'outage') === true) return true;
    const code = read(cause, 'code');
    if (typeof code === 'string' && FETCH_OUTAGE.has(code)) return true;
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
