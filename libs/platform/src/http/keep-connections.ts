import type { Server } from 'node:http';

const KEPT_MS = 75_000;

/**
 * How long a connection stays open without a request. Node's 5 s are over when a process has stood still for as long: it
 * then closes connections whose requests lie there unread, and clients take it for dead.
 */
export function keepConnections(server: Server): void {
  server.keepAliveTimeout = KEPT_MS;
}
