import { databaseOutage } from '@duofactory/messaging';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
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

interface JsonResponse {
  readonly closed: boolean;
  status(code: number): JsonResponse;
  type(mediaType: string): JsonResponse;
  send(body: string): void;
}

/** Every error as problem details (RFC 9457). What we did not foresee is told without its inner words. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly unforeseen: (error: unknown) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<JsonResponse>();
    // Work that stopped because its reader went away: nobody to tell, and nothing wrong.
    if (response.closed && (error as Error | null)?.name === 'AbortError') return;
    const problem = this.#problemOf(error);
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  #problemOf(error: unknown): Problem {
    const foreseen = foreseenProblem(error);
    if (foreseen) return foreseen;
    this.unforeseen(error);
    return new Problem({
      status: 500,
      code: 'internal-error',
      title: 'Something went wrong here',
      detail: 'The error is in the log of this service. Nothing that was not acknowledged has happened.',
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
