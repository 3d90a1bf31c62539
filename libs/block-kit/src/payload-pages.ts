import type { ObjectStore } from '@duofactory/objects';
import { traceHeaders } from '@duofactory/platform';
import type { Payload } from './block-type.js';
import { ObjectsOnce } from './large-values.js';

interface Page {
  readonly payloads: readonly (Payload & { readonly sharedResults?: Readonly<Record<string, number>> })[];
  /** What several payloads of the page see, once. */
  readonly shared?: readonly unknown[];
  readonly next?: number;
}

const PAGE = 500;
const PATIENCE_MS = 15_000;

/** The orchestrator did not give a page: it is away, or too busy. Such work comes again. */
export class PayloadsUnavailable extends Error {
  readonly code = 'payloads-unavailable';
  readonly outage: boolean;
  constructor(url: string, status: number) {
    super(`The orchestrator answered ${status} to ${url}`);
    this.name = 'PayloadsUnavailable';
    this.outage = status >= 500 || status === 429;
  }
}

/** Reads the list of an `all` task from the orchestrator, a page at a time. */
export async function* payloadPages(of: {
  orchestratorUrl: string;
  href: string;
  objects: ObjectStore;
  signal: AbortSignal;
  /** Of the attempt. */
  timeoutMs: number;
}): AsyncIterable<readonly Payload[]> {
  for (let from: number | undefined = 0; from !== undefined;) {
    const url = new URL(of.href, of.orchestratorUrl);
    url.searchParams.set('from', String(from));
    url.searchParams.set('limit', String(PAGE));
    url.searchParams.set('results', 'shared');
    const { payloads, shared = [], next } = await pageAt(url, of);
    const objects = new ObjectsOnce(of.objects);
    yield await Promise.all(
      payloads.map(async ({ key, blockResults, sharedResults = {} }) => {
        const results = { ...blockResults };
        for (const [block, place] of Object.entries(sharedResults)) results[block] = shared[place];
        return { key, blockResults: await objects.unpacked(results) };
      }),
    );
    from = next;
  }
}

/**
 * An instance that has stopped takes what it is asked and never answers: another one is asked in time for the attempt to
 * go on. What was given up is no connection to be used again.
 */
async function pageAt(
  url: URL,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<Page> {
  for (;;) {
    const patience = AbortSignal.timeout(Math.min(PATIENCE_MS, Math.ceil(timeoutMs / 4)));
    try {
      const response = await fetch(url, {
        signal: AbortSignal.any([signal, patience]),
        headers: traceHeaders(),
      });
      if (!response.ok) throw new PayloadsUnavailable(url.href, response.status);
      return (await response.json()) as Page;
    } catch (error) {
      if (signal.aborted || !patience.aborted) throw error;
    }
  }
}
