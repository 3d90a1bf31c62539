import { BlockFailure } from '@duofactory/block-kit';
import OpenAI, { type APIError } from 'openai';
import { RateLimited } from '../../app/language-model.js';

/** Codes that tell what is wrong with the request, with a status or without. */
const REQUEST_CODES: Record<string, string> = {
  context_length_exceeded: 'context-too-long',
  content_filter: 'content-filter',
  content_policy_violation: 'content-filter',
  image_content_policy_violation: 'content-filter',
  bio_policy: 'content-filter',
  misalignment_policy_violation: 'content-filter',
  data_residency_mismatch: 'invalid-model-request',
};
/** Of those that come without a status, the names of what is wrong with a prompt or its images. */
const REQUEST_FAULT = /^(?:invalid|unsupported|empty|image)_/;

/**
 * What a vendor's error means for an attempt: whether trying again can help, and when. The vendor's words are passed on
 * but for refused keys, which they quote in part.
 */
export function failureOf(error: unknown, model: string): unknown {
  if (error instanceof BlockFailure) return error;
  if (!(error instanceof OpenAI.APIError)) {
    // In the middle of a body the connection breaks with an error of its own, and half of one is no JSON.
    const broke = error instanceof SyntaxError || /terminated|aborted|socket|closed/i.test(String(error));
    // The vendor answered, and so was paid: whatever could not be read of it must not be forgotten.
    return broke
      ? new BlockFailure('model-away', `The connection broke in the middle of the answer: ${String(error)}`, {
          ...{ retryable: true, ambiguous: true, cause: error },
        })
      : new BlockFailure(
          'unreadable-answer',
          `The model's server answered in a shape of its own: ${String(error)}`,
          {
            ...{ retryable: true, ambiguous: true, cause: error },
          },
        );
  }
  if (error instanceof OpenAI.APIUserAbortError)
    return new BlockFailure('call-aborted', 'The call was given up while the vendor worked on it', {
      ...{ retryable: true, ambiguous: true, cause: error },
    });
  if (error instanceof OpenAI.APIConnectionError)
    return new BlockFailure('model-away', `The model's server does not answer: ${error.message}`, {
      ...{ retryable: true, ambiguous: !neverSent(error), cause: error },
    });
  const { status, code, type, requestID, headers } = error as APIError<
    number | undefined,
    Headers | undefined
  >;
  const at = requestID ? ` (request ${requestID})` : '';
  const says = `${error.message}${at}`;
  if (status === undefined) return failureInside(code ?? type, says, error);
  return failureOfStatus(status, { code, type, says, at, headers, model, cause: error });
}

interface Refusal {
  readonly code?: string | null | undefined;
  readonly type?: string | undefined;
  readonly says: string;
  /** The request, as a person is told it. */
  readonly at?: string;
  readonly headers?: Headers | undefined;
  readonly model?: string;
  readonly cause: unknown;
}

function failureOfStatus(status: number, refusal: Refusal): BlockFailure {
  const { code, type, says, at = '', headers, model, cause } = refusal;
  const afterMs = retryAfterMs(headers);
  const later = { retryable: true, ...(afterMs === undefined ? {} : { afterMs }), cause };
  if (status === 402 || [code, type].some((word) => NO_MONEY.has(word ?? ''))) return noMoney(says);
  if (status === 429) return new RateLimited(says, { ...later, limits: limitsOf(headers) });
  if (status === 401 || status === 403)
    return new BlockFailure('model-key-refused', `The vendor refuses the key: check OPENAI_API_KEY${at}`);
  if (status === 404)
    return new BlockFailure('unknown-model', model === undefined ? says : `"${model}": ${says}`);
  if (TIMED_OUT.has(status))
    // Whoever stands between gave up waiting; the model may have gone on, and been paid.
    return new BlockFailure('model-timeout', says, { ...later, ambiguous: true });
  if (status === 409 || status >= 500) return new BlockFailure('model-error', says, later);
  return new BlockFailure(REQUEST_CODES[code ?? ''] ?? 'invalid-model-request', says, { cause });
}

/** Some come with 429: trying again does not fill an account. */
const NO_MONEY = new Set(['insufficient_quota', 'billing_not_active', 'billing_hard_limit_reached']);
const noMoney = (says: string): BlockFailure =>
  new BlockFailure('insufficient-quota', `The vendor's account has no money left: ${says}`);

/**
 * What an error means that comes where all seemed well: in an answer that says that it failed, or as an event of a
 * stream. There is no status, only the vendor's code; with some gateways that is the status.
 */
export function failureInside(
  code: string | number | null | undefined,
  says: string,
  cause?: unknown,
): BlockFailure {
  const word = String(code ?? '');
  if (/^[45]\d\d$/.test(word)) return failureOfStatus(Number(word), { says, cause });
  if (NO_MONEY.has(word)) return noMoney(says);
  if (word === 'rate_limit_exceeded') return new RateLimited(says, { cause });
  const refused = REQUEST_CODES[word] ?? (REQUEST_FAULT.test(word) ? 'invalid-model-request' : undefined);
  return refused === undefined
    ? new BlockFailure('model-error', says, { retryable: true, cause })
    : new BlockFailure(refused, says, { cause });
}

/** Of the server, of a gateway, of Cloudflare. */
const TIMED_OUT = new Set([408, 504, 524]);
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

interface Caused {
  readonly code?: string;
  readonly cause?: Caused | null;
}

/** There was no connection by which the request could have gone. */
function neverSent(error: unknown): boolean {
  // Not by `instanceof`: what the runtime throws may be of another realm.
  for (let cause = error as Caused | null | undefined; cause; cause = cause.cause)
    if (NEVER_CONNECTED.has(cause.code ?? '')) return true;
  return false;
}

/** A minute, as the vendor says them with each answer. */
function limitsOf(headers: Headers | undefined): { requests?: number; tokens?: number } {
  const [requests, tokens] = ['requests', 'tokens'].map((name) =>
    Number(headers?.get(`x-ratelimit-limit-${name}`) ?? NaN),
  );
  return {
    ...(Number.isInteger(requests) && requests! > 0 ? { requests: requests! } : {}),
    ...(Number.isInteger(tokens) && tokens! > 0 ? { tokens: tokens! } : {}),
  };
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  const written = headers?.get('retry-after');
  if (!written) return undefined;
  const seconds = Number(written);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(written) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : undefined;
}
