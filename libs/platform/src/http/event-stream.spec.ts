import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem } from '../problem.js';
import { EventStream } from './event-stream.js';
import { readerGone } from './reader-gone.js';

describe('an answer of server-sent events', () => {
  let server: Server;
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A server that answers this way, and a POST to it whose body was read. */
  const asking = async (
    answer: (response: ServerResponse) => void,
  ): Promise<{ said: () => Promise<IncomingMessage>; leave: () => void }> => {
    server = createServer((incoming, response) => {
      incoming.resume().once('end', () => answer(response));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const sent = request({ port, host: '127.0.0.1', method: 'POST' });
    sent.on('error', () => undefined);
    const response = once(sent, 'response') as Promise<[IncomingMessage]>;
    response.catch(() => undefined);
    sent.end('{}');
    return { said: async () => (await response)[0], leave: () => void sent.destroy() };
  };
  const textOf = async (message: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const chunk of message) text += String(chunk);
    return text;
  };

  it('begins before anything is told, and tells events with their places', async () => {
    const stream = Promise.withResolvers<EventStream>();
    const { said } = await asking((response) => stream.resolve(new EventStream(response)));

    const message = await said();
    const open = await stream.promise;
    open.tell('run', { text: 'two\nlines' }, 7);
    open.tell('done', {});
    open.end();

    expect(message.headers).toMatchObject({
      ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    });
    expect(await textOf(message)).toBe(
      'id: 7\nevent: run\ndata: {"text":"two\\nlines"}\n\nevent: done\ndata: {}\n\n',
    );
  });

  it('says that it is there while nothing is told', async () => {
    const { said, leave } = await asking((response) => void new EventStream(response, { signMs: 1 }));

    const [sign] = (await once(await said(), 'data')) as [Buffer];

    expect(String(sign)).toMatch(/^: here\n\n/);
    leave();
  });

  it('stops the work of a reader that leaves, though its request was read long ago', async () => {
    const stopped = Promise.withResolvers<string>();
    const { said, leave } = await asking((response) => {
      const work = async (gone: AbortSignal): Promise<void> => {
        await once(gone, 'abort');
        stopped.resolve('stopped');
        gone.throwIfAborted();
      };
      void new EventStream(response).finish(work, 'Not done');
    });

    await said();
    leave();

    expect(await stopped.promise).toBe('stopped');
  });

  it('and of one that left before the answer began', async () => {
    const signals = Promise.withResolvers<AbortSignal[]>();
    const { leave } = await asking((response) => {
      response.once('close', () => {
        setImmediate(() => signals.resolve([readerGone(response), new EventStream(response).gone]));
      });
      leave();
    });

    expect((await signals.promise).map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('waits for a reader that is slow, and not for one that has gone', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const { said, leave } = await asking((response) => begun.resolve(response));
    const response = await begun.promise;
    const stream = new EventStream(response);
    (await said()).pause();

    const telling = (async () => {
      let told = 0;
      // More than all buffers between the two hold.
      for (; told < 500 && !stream.gone.aborted; told += 1) {
        stream.tell('large', 'x'.repeat(100_000));
        await stream.taken();
      }
      return told;
    })();
    while (!response.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
    leave();

    expect(await telling).toBeLessThan(500);
    expect(response.writableLength).toBeLessThan(1_000_000);
  });

  it.each<[string, Error, object]>([
    [
      'what is known',
      new Problem({ status: 422, code: 'missing-variable', title: 'Missing', detail: 'No topic' }),
      { code: 'missing-variable', detail: 'No topic' },
    ],
    [
      'what nobody thought of',
      new Error('odd'),
      { code: 'internal-error', title: 'Not done', detail: 'odd' },
    ],
    [
      'a database that is away',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      { status: 503, code: 'database-away' },
    ],
  ])('ends with the problem where the work fails: %s', async (_name, error, problem) => {
    const { said } = await asking(
      (response) => void new EventStream(response).finish(() => Promise.reject(error), 'Not done'),
    );

    const [event, data] = (await textOf(await said())).split('\n');

    expect(event).toBe('event: failed');
    expect(JSON.parse(data!.slice('data: '.length))).toMatchObject(problem);
  });
});
