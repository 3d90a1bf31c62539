import type { RateKey, RateLimiter } from '@duofactory/block-kit';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SheetFailure } from '../../app/sources/spreadsheets.js';

const MOST_TRIES = 6;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 64_000;
/** An answer of 5,000 rows takes seconds. */
const PATIENCE_MS = 60_000;

interface VendorError {
  readonly message?: string;
  readonly code?: number | string;
  readonly response?: { readonly status?: number; readonly headers?: Headers | Record<string, string> };
}

/** The vendor failed at a call that changes something: it may be done, and is not to be made again unseen. */
export class EndUnseen extends SheetFailure {
  constructor(failure: SheetFailure) {
    super(failure.code, failure.message, failure.options, failure);
  }
}

/**
 * Calls of the vendor within its quota, which all processes share: each waits for its turn. What the vendor refuses for
 * its rate or fails at is tried again, later and later. What it does not answer at all is not: whoever asked may try later.
 */
export class PacedCalls {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly key: RateKey,
    private readonly backOff: (ms: number, signal: AbortSignal) => Promise<unknown> = (ms, signal) =>
      pause(ms, undefined, { signal }),
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** `call` ends when its signal says so. Throws SheetFailure; of one that changes something EndUnseen. */
  async make<T>(
    call: (within: AbortSignal) => Promise<T>,
    signal: AbortSignal,
    { changes = false } = {},
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      await this.limiter.turn(this.key, { call: randomUUID(), party: 'user sheets', tokens: 0 }, signal);
      const patience = AbortSignal.timeout(this.patienceMs);
      try {
        return await call(AbortSignal.any([signal, patience]));
      } catch (error) {
        signal.throwIfAborted();
        if (patience.aborted) throw noAnswer(this.patienceMs, error);
        const failure = failureOf(error as VendorError);
        const { retryable, afterMs } = failure.options;
        if (failure.code === 'sheets-rate-limited')
          await this.limiter.refused(this.key, afterMs === undefined ? {} : { afterMs });
        if (changes && failure.code === 'sheets-away') throw new EndUnseen(failure);
        if (!retryable || tries === MOST_TRIES) throw failure;
        await this.rest(tries, afterMs, signal);
      }
    }
  }

  /** As the vendor advises: twice as long each time, and never all at once. */
  async rest(tries: number, afterMs: number | undefined, signal: AbortSignal): Promise<void> {
    const longest = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (tries - 1));
    const advised = afterMs ?? longest * (0.5 + Math.random() / 2);
    // Longer than that is the limiter's to wait, or another attempt's; a timer cannot count years.
    await this.backOff(Math.min(advised, LONGEST_BACK_OFF_MS), signal);
  }
}

function noAnswer(patienceMs: number, cause: unknown): SheetFailure {
  const message = `Google Sheets gave no answer within ${patienceMs / 1000} s: try again later`;
  return new SheetFailure('sheets-away', message, { retryable: true }, cause);
}

function failureOf(error: VendorError): SheetFailure {
  const status = error.response?.status ?? Number(error.code);
  const says = reasonIn(error.message) ?? 'no reason given';
  const afterMs = retryAfterMs(error);
  const after = afterMs === undefined ? {} : { afterMs };
  if (status === 429)
    return new SheetFailure('sheets-rate-limited', `Google Sheets: quota used up (${says})`, {
      ...{ retryable: true, ...after },
    });
  if (status === 404)
    return refused(
      'unknown-spreadsheet',
      'there is no such spreadsheet: its id is the long part of its address',
    );
  if (status === 403)
    return refused(
      'sheet-forbidden',
      `the service account may not do this (${says}): share the spreadsheet with it`,
    );
  if (status === 401) return refused('sheets-unauthenticated', `the key file is refused (${says})`);
  // 408: it waited too long for the request, and does not know it.
  if (status >= 400 && status < 500 && status !== 408) return refused('sheets-refused', says);
  return new SheetFailure('sheets-away', `Google Sheets does not answer as it should (${says})`, {
    ...{ retryable: true, ...after },
  });

  function refused(code: string, what: string): SheetFailure {
    return new SheetFailure(
      code,
      `Google Sheets: ${what}`,
      { retryable: false, field: 'spreadsheet' },
      error,
    );
  }
}

/** Of an answer that is taken as text the client hands on all of it. */
function reasonIn(message: string | undefined): string | undefined {
  if (!message?.startsWith('{')) return message;
  try {
    const { error } = JSON.parse(message) as { error?: { message?: string } };
    return error?.message ?? message;
  } catch {
    return message;
  }
}

const isHeaders = (headers: Headers | Record<string, string> | undefined): headers is Headers =>
  typeof headers?.get === 'function';

function retryAfterMs({ response }: VendorError): number | undefined {
  const { headers } = response ?? {};
  // Not by `instanceof`: they may be of another realm.
  const text = isHeaders(headers) ? headers.get('retry-after') : headers?.['retry-after'];
  const seconds = Number(text ?? '');
  return seconds > 0 ? seconds * 1000 : undefined;
}
