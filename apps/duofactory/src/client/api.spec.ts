import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api } from './api.js';

describe('a service that is away', () => {
  let server: Server | undefined;
  const serving = async (listener: RequestListener): Promise<Api> => {
    server = createServer(listener);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  };

  afterEach(() => {
    server?.close();
  });

  it('is said not to be there where nothing listens', async () => {
    const api = await serving(() => undefined);
    server!.close();
    await once(server!, 'close');

    await expect(api.get('/api/runs')).rejects.toThrow(/^Nothing answers at http.*: start DuoFactory/);
  });

  it('is said to have broken off where it took the request, before its answer or in the midst of it', async () => {
    const before = await serving((_request, response) => response.destroy());
    await expect(before.post('/api/runs')).rejects.toThrow(
      /^The connection to http.* broke \(.+\): what was/,
    );
    server!.close();

    const amidst = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"runs":', () => response.destroy());
    });
    await expect(amidst.get('/api/runs')).rejects.toThrow(/^The connection to http.* broke/);
  });
});
