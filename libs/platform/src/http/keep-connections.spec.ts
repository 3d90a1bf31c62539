import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { keepConnections } from './keep-connections.js';

/** Longer than Node keeps a connection by itself. */
const STANDSTILL_MS = 6500;

describe('a server whose process stands still', () => {
  it('answers the request that came meanwhile by a connection of before', async () => {
    const server = createServer((_, response) => response.end('here'));
    keepConnections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const ask = (): boolean => client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    const answer = async (): Promise<string> =>
      Promise.race([
        once(client, 'data').then(([chunk]) => String(chunk)),
        once(client, 'close').then(() => 'closed'),
      ]);
    const first = answer();
    ask();
    const before = await first;

    const second = answer();
    ask();
    for (const began = performance.now(); performance.now() - began < STANDSTILL_MS;);

    const after = await second;
    client.destroy();
    server.close();

    expect(before).toContain('200 OK');
    expect(after).toContain('200 OK');
  }, 30_000);
});
