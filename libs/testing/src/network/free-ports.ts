import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/**
 * Ports that the system gave and that were let go again, for programs that cannot listen on 0: somebody else may take
 * one in between, so whoever uses them must be ready to try again with others.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}
