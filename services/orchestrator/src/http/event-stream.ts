import type { Request, Response } from 'express';

/** Begins an answer of server-sent events. Returns the signal that its reader is gone. */
export function beginEventStream(request: Request, response: Response): AbortSignal {
  const gone = new AbortController();
  request.on('close', () => gone.abort());
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.flushHeaders();
  return gone.signal;
}
