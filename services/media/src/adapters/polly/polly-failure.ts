import {
  SpeechFailure,
  SpeechRefused,
  SpeechThrottled,
  SpeechUnauthorized,
  SpeechVendorFailed,
  TextTooLong,
  VoiceUnknown,
} from '../../app/speech-failure.js';

interface VendorError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  readonly $response?: { readonly headers?: Record<string, string> };
}

const THROTTLED = /Throttl|TooManyRequests|LimitExceeded|QuotaExceeded|SlowDown/;
const VOICE = new Set(['EngineNotSupportedException', 'LanguageNotSupportedException']);
const WAIT_MS = 2_000;

/** What a call's error means, and whether the same call may succeed later. Never repeats what it was signed with. */
export function pollyFailure(error: unknown, asked: { voice: string; engine: string }): SpeechFailure {
  const { name = 'Error', message = '', $metadata, $response } = error as VendorError;
  const status = $metadata?.httpStatusCode;
  const request = $metadata?.requestId === undefined ? '' : ` (request ${$metadata.requestId})`;
  const options = { cause: error };
  if (THROTTLED.test(name) || status === 429) {
    const afterMs = retryAfterMs($response?.headers?.['retry-after']) ?? WAIT_MS;

    return new SpeechThrottled(
      `Polly takes no more requests now${request}: fewer at a time by DUOFACTORY_POOL_SPEECH, or a higher quota.`,
      { ...options, afterMs },
    );
  }
  if (status === 401 || status === 403 || name === 'CredentialsProviderError') {
    return new SpeechUnauthorized(
      `Polly refused the credentials${request}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a ` +
        'role that may call polly:SynthesizeSpeech.',
    );
  }
  if (VOICE.has(name)) {
    return new VoiceUnknown(
      `Polly has no voice ${asked.voice} with the engine ${asked.engine}${request}: ${message}`,
      options,
    );
  }
  if (status !== undefined && status >= 400 && status < 500) {
    const Refusal = name === 'TextLengthExceededException' ? TextTooLong : SpeechRefused;
    return new Refusal(`Polly refused the request, ${name}${request}: ${message}`, options);
  }

  return new SpeechVendorFailed(`Polly did not answer as it should, ${name}${request}: ${message}`, {
    ...options,
    ambiguous: isUnseen(error),
  });
}

/** It may have been spoken, and billed: the answer was cut off, or a gateway gave up waiting for it. */
export function isUnseen(error: unknown): boolean {
  const { code = '', $metadata } = error as VendorError;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status < 400 || GATEWAY.has(status);
  return !NOT_SENT.has(code);
}

/** What stands between says so, and knows nothing of what the vendor did. */
const GATEWAY = new Set([502, 504]);
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = Number(header);

  return header === undefined || !Number.isFinite(seconds) ? undefined : seconds * 1_000;
}
