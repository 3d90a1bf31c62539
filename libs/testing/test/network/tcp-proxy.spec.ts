import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TcpProxy } from '../../src/network/index.js';

/** A server that answers each word with the word, louder. */
async function anEcho(): Promise<{ server: Server; heard: string[]; address: AddressInfo }> {
  const heard: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      heard.push(data.toString());
      socket.write(data.toString().toUpperCase());
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, heard, address: server.address() as AddressInfo };
}

describe('a wire that can go wrong', () => {
  const opened: { close(): unknown }[] = [];

  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });

  async function aWire(): Promise<{ proxy: TcpProxy; heard: string[] }> {
    const { server, heard, address } = await anEcho();
    const proxy = await TcpProxy.open({ host: '127.0.0.1', port: address.port });
    opened.push(server, proxy);
    return { proxy, heard };
  }

  async function aClient({ port }: TcpProxy): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    opened.push({ close: () => socket.destroy() });
    return socket;
  }

  const ask = async (socket: Socket, word: string): Promise<string> => {
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(word);
    return (await answer)[0].toString();
  };

  /** However it ended. */
  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => socket.once('close', () => resolve()));

  it('passes what is said, both ways', async () => {
    const { proxy } = await aWire();

    expect(await ask(await aClient(proxy), 'hello')).toBe('HELLO');
    expect(new URL(proxy.through('postgres://me:secret@db:5432/x')).port).toBe(String(proxy.port));
  });

  it('is cut, and lets nobody through until it is mended', async () => {
    const { proxy } = await aWire();
    const before = await aClient(proxy);
    await ask(before, 'hello');

    const ended = closed(before);
    proxy.cut();
    await ended;
    const meanwhile = await aClient(proxy);
    await closed(meanwhile);
    proxy.mend();

    expect(await ask(await aClient(proxy), 'again')).toBe('AGAIN');
  });

  it('refuses the new and keeps the old', async () => {
    const { proxy } = await aWire();
    const before = await aClient(proxy);
    await ask(before, 'hello');

    proxy.refuse();
    await closed(await aClient(proxy));

    expect(await ask(before, 'still here')).toBe('STILL HERE');
  });

  it('is silent without an end, and then says all of it', async () => {
    const { proxy, heard } = await aWire();
    const before = await aClient(proxy);
    await ask(before, 'hello');

    proxy.hold();
    const answer = ask(before, 'late');
    const other = await aClient(proxy);
    const otherAnswer = ask(other, 'later');
    await once(other, 'connect');
    const meanwhile = [...heard];
    proxy.mend();

    expect(meanwhile).toEqual(['hello']);
    expect(await Promise.all([answer, otherAnswer])).toEqual(['LATE', 'LATER']);
  });

  it('ends after the server has heard a word and before its answer', async () => {
    const { proxy, heard } = await aWire();
    const client = await aClient(proxy);
    const answers: string[] = [];
    client.on('data', (data: Buffer) => answers.push(data.toString()));
    const ended = closed(client);

    const cut = proxy.cutBeforeAnswer((chunk) => chunk.includes('commit'));
    client.write('commit');
    await cut;
    await ended;

    expect(heard).toEqual(['commit']);
    expect(answers).toEqual([]);
    expect(await ask(await aClient(proxy), 'commit')).toBe('COMMIT');
  });
});
