import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Problem } from '../problem.js';
import { foreseenProblem } from './problem-filter.js';
import { readerGone } from './reader-gone.js';

/** Clients and proxies give up on a stream that is silent for minutes. */
const SIGN_MS = 15_000;

/** An answer of server-sent events: begun with its headers, alive while nothing is told, over when its reader goes. */
export class EventStream {
  /** Aborts when the reader goes: all work for this answer takes it. */
  readonly gone: AbortSignal;

  /** `sign`: what it says while nothing is told. A browser hears events only, no comments. */
  constructor(
    private readonly response: ServerResponse,
    { signMs = SIGN_MS, sign = ': here' }: { signMs?: number; sign?: string } = {},
  ) {
    this.gone = readerGone(response);
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    if (this.gone.aborted) return;
    const signs = setInterval(() => response.writableEnded || response.write(`${sign}\n\n`), signMs);
    this.gone.addEventListener('abort', () => clearInterval(signs), { once: true });
  }

  /** Of a sequence, the place is what `Last-Event-ID` brings back. */
  tell(event: string, data: unknown, place?: string | number): void {
    const id = place === undefined ? '' : `id: ${place}\n`;
    this.response.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Resolves when a slow reader has taken what it was told, or has gone: nothing is piled up for it here. */
  async taken(): Promise<void> {
    if (!this.response.writableNeedDrain || this.gone.aborted) return;
    await once(this.response, 'drain', { signal: this.gone }).catch(() => undefined);
  }

  end(): void {
    this.response.end();
  }

  /** The last word of a piece of work: `done` with what it answers, or `failed` with problem details. */
  async finish(work: (gone: AbortSignal) => Promise<unknown>, titleOfFailure: string): Promise<void> {
    try {
      this.tell('done', await work(this.gone));
    } catch (error) {
      this.tell('failed', foreseenProblem(error) ?? unforeseen(error, titleOfFailure));
    }
    this.end();
  }
}

function unforeseen(error: unknown, title: string): Problem {
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ status: 500, code: 'internal-error', title, detail });
}
