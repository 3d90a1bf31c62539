import { databaseOutage } from '@duofactory/messaging';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from '../problem.js';

/** Of PostgreSQL: a character that it has no place for, in text or in JSON. */
const UNSTORABLE = new Set(['22021', '22P05']);
/** What the framework refuses before our code sees it: code and title. */
const REFUSALS: Record<number, [string, string]> = {
  400: ['malformed-request', 'The request cannot be read'],
  404: ['unknown-path', 'There is nothing at this path: /api/docs shows what there is'],
  405: ['wrong-method', 'This path does not take this method: /api/docs shows what it takes'],
  413: ['too-large', 'The request is too large'],
  415: ['wrong-media-type', 'The body is of a type that is not read here'],
};
/** What is the matter, what to do about it, and what became of the request. */
const OUTAGES = {
  // It may have gone after it had stored, and before it could say so.
  away: `It is not reached: see that PostgreSQL runs and that DUOFACTORY_DATABASE_URL leads to it. Whether the request was stored is not known: send it again in a moment, with the same Idempotency-Key.`,
  'read-only': `It is read-only: switch default_transaction_read_only off, or let DUOFACTORY_DATABASE_URL name the primary. Nothing was stored: send the request again then.`,
  full: `Its disk is full: make room on it. Nothing was stored: send the request again then.`,
} as const;

/** Of a caller that names its requests; anything else would be a way to write into our log. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;

interface JsonResponse {
  readonly closed: boolean;
  readonly headersSent: boolean;
  destroy(): void;
  status(code: number): JsonResponse;
  type(mediaType: string): JsonResponse;
  send(body: string): void;
}

/** A request that failed through no fault of its caller. */
export interface FailedRequest {
  readonly error: unknown;
  /** The answer has it too. */
  readonly requestId: string;
}

/**
 * Every error as problem details (RFC 9457). What we did not foresee is told without its inner words: those are in the
 * log, under the id that the answer names.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly failed: (request: FailedRequest) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<JsonResponse>();
    // Work that stopped because its reader went away: nobody to tell, and nothing wrong.
    if (response.closed && (error as Error | null)?.name === 'AbortError') return;
    // An answer that has begun can only be cut, so that nobody takes the half for the whole.
    if (response.headersSent) {
      this.failed({ error, requestId: randomUUID() });
      response.destroy();
      return;
    }
    const problem = this.#problemOf(error);
    response.status(problem.status).type('application/problem+json');
    if (problem.status < 500) return response.send(JSON.stringify(problem));
    const given = http.getRequest<IncomingMessage>().headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    this.failed({ error, requestId });
    response.send(JSON.stringify({ ...problem.toJSON(), requestId }));
  }

  #problemOf(error: unknown): Problem {
    const foreseen = foreseenProblem(error);
    if (foreseen) return foreseen;
    return new Problem({
      status: 500,
      code: 'internal-error',
      title: 'Something went wrong here',
      detail:
        'The error is in the log of this service, under the requestId of this answer. Nothing that was not acknowledged has happened.',
    });
  }
}

/** What is known to be the matter; undefined: nobody thought of this error. */
export function foreseenProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof HttpException) {
    const status = error.getStatus();
    const [code, title] = REFUSALS[status] ?? [`http-${status}`, 'The request is refused'];
    return new Problem({ status, code, title, detail: error.message });
  }
  if (UNSTORABLE.has((error as { code?: string } | null)?.code ?? '')) {
    return new Problem({
      status: 400,
      code: 'unusable-text',
      title: 'A text cannot be used',
      detail: 'It has a character that cannot be stored, such as NUL. Send it without.',
    });
  }
  const outage = databaseOutage(error);
  if (outage) {
    return new Problem(
      {
        status: 503,
        code: `database-${outage}`,
        title: 'The database cannot be used now',
        detail: OUTAGES[outage],
      },
      { cause: error },
    );
  }
  return undefined;
}
