import {
  MissingVariable,
  lookupIn,
  resolveTemplates,
  type BlockAnswer,
  type BlockCompleted,
  type BlockError,
  type BlockRequested,
  type Usage,
} from '@duofactory/contracts';
import { isOutage } from '@duofactory/messaging';
import type { ObjectStore } from '@duofactory/objects';
import type { Transactions } from '@duofactory/platform';
import { BlockFailure } from './block-failure.js';
import type { BlockContext, BlockOutputs, BlockTask, BlockType, Payload } from './block-type.js';
import type { ConfigurationCheck } from './configuration-check.js';
import { packed, packedAnswer, unpacked } from './large-values.js';
import type { EffectLedger } from './ledger.js';
import { payloadPages } from './payload-pages.js';

export type Outcome =
  | (Pick<BlockCompleted, 'outputs' | 'picks' | 'answer'> & { readonly usage: Usage[] })
  | { readonly error: BlockError; readonly usage: Usage[] };

export type Progress = Parameters<BlockContext['progress']>[0];

export interface AttemptParts {
  readonly ledger: EffectLedger;
  readonly objects: ObjectStore;
  readonly transactions: Transactions;
  readonly orchestratorUrl: string;
}

/** Reasons of an abort. */
export const CANCELLED = 'cancelled';
export const STOPPING = 'stopping';
const LATE = 'late';
/** Timers cannot wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The time that an attempt may take for its work. */
class TimeLimit {
  #timer: NodeJS.Timeout | undefined;
  #leftMs: number;
  #since = 0;
  #waits = 0;

  constructor(
    timeoutMs: number,
    private readonly onLate: () => void,
  ) {
    this.#leftMs = timeoutMs;
    this.#run();
  }

  /** Of several waits at once the time stands still until the last has ended. */
  async without<T>(wait: () => Promise<T>): Promise<T> {
    this.#waits += 1;
    if (this.#waits === 1) {
      clearTimeout(this.#timer);
      this.#leftMs -= performance.now() - this.#since;
    }
    try {
      return await wait();
    } finally {
      this.#waits -= 1;
      if (this.#waits === 0) this.#run();
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#waits = Infinity;
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.onLate, Math.min(Math.max(0, this.#leftMs), LONGEST_TIMER_MS));
  }
}

/** One attempt of one task: from the request to what is answered. Throws only what is no answer: outages, and a stop. */
export async function attemptBlock(
  block: BlockType,
  check: ConfigurationCheck,
  request: BlockRequested,
  parts: AttemptParts,
  { abort, onProgress }: { abort: AbortController; onProgress: (progress: Progress) => void },
): Promise<Outcome> {
  const usage: Usage[] = [];
  const { signal } = abort;
  const limit = new TimeLimit(request.timeoutMs, () => abort.abort(LATE));
  try {
    const task = await taskOf(request, check, parts, signal);
    const context = contextOf(request, parts, { signal, usage, onProgress, limit });
    const returned = await untilAborted(block.execute(task as BlockTask<never>, context), signal);
    const answer = await answered(block, returned, parts.objects);
    return { ...(await packedAnswer(answer, parts.objects)), usage };
  } catch (error) {
    if (signal.reason === CANCELLED)
      return { error: { code: CANCELLED, message: 'The run was cancelled', retryable: true }, usage };
    if (signal.reason === LATE) {
      const message = `The attempt took longer than ${request.timeoutMs} ms: raise the block's timeout, or see why it is slow`;
      return { error: { code: 'timeout', message, retryable: true }, usage };
    }
    if (signal.aborted || (!(error instanceof BlockFailure) && isOutage(error))) throw error;
    return { error: errorOf(error), usage };
  } finally {
    limit.end();
  }
}

async function taskOf(
  request: BlockRequested,
  check: ConfigurationCheck,
  { objects, orchestratorUrl }: AttemptParts,
  signal: AbortSignal,
): Promise<BlockTask<Record<string, unknown>>> {
  const { key, payload, payloads, inputs = {}, variables = {} } = request;
  const blockResults = await unpacked(payload?.blockResults ?? {}, objects);
  // Templates over values that travel as pointers are left to us.
  const configuration = request.unresolved
    ? resolveTemplates(request.with, lookupIn({ ...variables, ...inputs, ...blockResults }))
    : request.with;
  const pages = (): AsyncIterable<readonly Payload[]> => {
    if (!payloads)
      throw new BlockFailure('no-payload-list', 'This block takes one payload: it was asked for a list');
    return payloadPages({ orchestratorUrl, href: payloads.href, objects, signal });
  };
  return {
    with: check(configuration),
    payload: { key, blockResults },
    inputs,
    variables,
    pages,
    async payloads() {
      const all: Payload[] = [];
      for await (const page of pages()) all.push(...page);
      return all;
    },
  };
}

function contextOf(
  { run, workflow, task, attempt, block, key, sample, lineage }: BlockRequested,
  { ledger, objects, transactions }: AttemptParts,
  {
    signal,
    usage,
    onProgress,
    limit,
  }: { signal: AbortSignal; usage: Usage[]; onProgress: (progress: Progress) => void; limit: TimeLimit },
): BlockContext {
  const named = workflow === undefined ? {} : { workflow };
  return {
    run,
    ...named,
    task,
    attempt,
    block,
    key,
    sample,
    lineage,
    signal,
    objects,
    transactions,
    async once(step, request, effect, of) {
      const identity = { lineage, block, key, sample, step, run, task, ...named, ...of };
      const recorded = await ledger.once({
        ...{ ...identity, request, signal },
        effect: (its, call) => effect(its, { ...call, untimed: (wait) => limit.without(wait) }),
      });
      if (recorded.usage) usage.push(recorded.usage);
      return recorded.value;
    },
    usage: (one) => void usage.push(one),
    progress: onProgress,
  };
}

async function answered(
  { manifest }: BlockType,
  returned: BlockOutputs[keyof BlockOutputs],
  objects: ObjectStore,
): Promise<BlockAnswer> {
  if (manifest.output === 'one') return { outputs: [await packed(returned, objects)] };
  if (manifest.output === 'many') {
    const outputs: NonNullable<BlockAnswer['outputs']> = [];
    for (const { id, result } of returned as BlockOutputs['many'])
      outputs.push({ ...(id === undefined ? {} : { id }), ...(await packed(result, objects)) });
    return { outputs };
  }
  const picks = returned as BlockOutputs['pick'];
  return { picks: picks.map(({ key, result }) => ({ key, result: result as Record<string, unknown> })) };
}

/** A block that ignores its signal is left behind when the time is over. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it any more: its own rejection must not end the process.
    work.catch(() => undefined);
    return Promise.reject(reasonOf(signal));
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(reasonOf(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason));
}

function errorOf(error: unknown): BlockError {
  if (error instanceof BlockFailure) {
    const { code, message, retryable, afterMs, hold } = error;
    return {
      code,
      message,
      retryable,
      ...(afterMs === undefined ? {} : { afterMs }),
      ...(hold === undefined ? {} : { hold }),
    };
  }
  if (error instanceof MissingVariable) return { code: error.code, message: error.message, retryable: false };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal-error', message, retryable: true };
}
