import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A collector that keeps nothing: in a process of its own, since a real one stands elsewhere. */
const server = createServer((request, response) => {
  request
    .resume()
    .once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
