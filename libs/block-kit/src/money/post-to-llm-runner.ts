import { traceHeaders } from '@duofactory/platform';
import { BlockFailure } from '../block-failure.js';
import { LedgerAway } from '../ledger-away.js';

interface Told {
  readonly code?: string;
  readonly detail?: string;
  readonly hold?: BlockFailure['hold'];
}

const PATIENCE_MS = 15_000;

/** Throws LedgerAway where nobody answers or a server failed, else a BlockFailure with the code and the hold it was told. */
export async function postToLlmRunner<T>(url: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...traceHeaders() },
    body: JSON.stringify(body),
    signal: signal ? AbortSignal.any([signal, patience]) : patience,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new LedgerAway(error);
  });
  if (response.status >= 500) throw new LedgerAway(new Error(`It answered ${response.status} to ${url}`));
  const told = (await response.json().catch((error: unknown) => {
    throw new LedgerAway(error);
  })) as T & Told;
  if (response.ok) return told;
  const { code = `http-${response.status}`, detail, hold } = told;
  throw new BlockFailure(code, detail ?? `llm-runner answered ${response.status} to ${url}`, {
    retryable: hold !== undefined || response.status === 429,
    ...(hold === undefined ? {} : { hold }),
  });
}
