import {
  MissingVariable,
  lookupIn,
  resolveTemplates,
  type BlockAnswer,
  type BlockCompleted,
  type BlockError,
  type BlockRequested,
  type Ref,
  type Usage,
} from '@duofactory/contracts';
import { isOutage } from '@duofactory/messaging';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import type { Transactions } from '@duofactory/platform';
import { BlockFailure } from './block-failure.js';
import type {
  BlockContext,
  BlockOutputs,
  BlockTask,
  BlockType,
  NotPicked,
  OnceDetails,
  Payload,
} from './block-type.js';
import type { ConfigurationCheck } from './configuration-check.js';
import { packed, packedAnswer, packedOutputs, ObjectsOnce } from './large-values.js';
import type { Interruption } from './interruption.js';
import { effectId, noteUsage, type EffectLedger } from './ledger.js';
import { payloadPages } from './payload-pages.js';

export type Outcome =
  | (Pick<BlockCompleted, 'outputs' | 'picks' | 'notPicked' | 'answer'> & { readonly usage: Usage[] })
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

/** What an attempt used, until it is told; and what comes later. */
class UsageOfAttempt {
  readonly #usage: Usage[] = [];
  #isTold = false;

  constructor(private readonly onLate: (usage: Usage) => void) {}

  note(used: { readonly usage?: Usage }, insteadOf: readonly string[] = []): void {
    if (!this.#isTold) noteUsage(this.#usage, used, insteadOf);
    else if (used.usage && !used.usage.saved) this.onLate(used.usage);
  }

  get isTold(): boolean {
    return this.#isTold;
  }

  told(): Usage[] {
    this.#isTold = true;
    return this.#usage;
  }
}

/** One attempt of one task: from the request to what is answered. Throws only what is no answer: outages, and a stop. */
export async function attemptBlock(
  block: BlockType,
  check: ConfigurationCheck,
  request: BlockRequested,
  parts: AttemptParts,
  {
    begunAt,
    abort,
    onProgress,
    onLateUsage,
  }: {
    begunAt: Date;
    abort: Interruption;
    onProgress: (progress: Progress) => void;
    /** What was used by work that went on after the attempt's end: its outcome does not tell it. */
    onLateUsage: (usage: Usage) => void;
  },
): Promise<Outcome> {
  const usage = new UsageOfAttempt(onLateUsage);
  const limit = new TimeLimit(request.timeoutMs, () => abort.abort(LATE));
  try {
    checkDeadline(request, begunAt);
    const task = await taskOf(request, check, parts, abort);
    const notPicked: NotPicked[] = [];
    const context = contextOf(request, parts, { abort, usage, notPicked, onProgress, limit });
    const returned = await abort.unless(block.execute(task as BlockTask<never>, context));
    return {
      ...(await answered(block, returned, { notPicked, objects: parts.objects, abort })),
      usage: usage.told(),
    };
  } catch (error) {
    if (abort.reason === CANCELLED)
      return {
        error: { code: CANCELLED, message: 'The run was cancelled', retryable: true },
        usage: usage.told(),
      };
    if (abort.reason === LATE) {
      const message = `The attempt took longer than ${request.timeoutMs} ms: raise the block's timeout, or see why it is slow`;
      return { error: { code: 'timeout', message, retryable: true }, usage: usage.told() };
    }
    if (abort.reason !== undefined || (!(error instanceof BlockFailure) && isOutage(error))) throw error;
    return { error: errorOf(error), usage: usage.told() };
  } finally {
    limit.end();
  }
}

/** Work that nobody can use any more is not begun, nor paid for: the request has waited in the queue for too long. */
function checkDeadline({ deadlineAt }: BlockRequested, begunAt: Date): void {
  if (deadlineAt === undefined || Date.parse(deadlineAt) > begunAt.getTime()) return;
  throw new BlockFailure(
    'deadline-exceeded',
    `The task was to be settled by ${deadlineAt}: it was not begun`,
  );
}

async function taskOf(
  request: BlockRequested,
  check: ConfigurationCheck,
  { objects, orchestratorUrl }: AttemptParts,
  abort: Interruption,
): Promise<BlockTask<Record<string, unknown>>> {
  const { key, payload, payloads, inputs = {}, variables = {}, timeoutMs } = request;
  const blockResults = await new ObjectsOnce(objects).unpacked(payload?.blockResults ?? {});
  // Templates over values that travel as pointers are left to us.
  const configuration = request.unresolved
    ? resolveTemplates(request.with, lookupIn({ ...variables, ...inputs, ...blockResults }))
    : request.with;
  const pages = (): AsyncIterable<readonly Payload[]> => {
    if (!payloads)
      throw new BlockFailure('no-payload-list', 'This block takes one payload: it was asked for a list');
    return payloadPages({ orchestratorUrl, href: payloads.href, objects, signal: abort.signal, timeoutMs });
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
  { run, workflow, above, task, attempt, block, key, sample, lineage }: BlockRequested,
  { ledger, objects, transactions }: AttemptParts,
  {
    abort,
    usage,
    notPicked,
    onProgress,
    limit,
  }: {
    abort: Interruption;
    usage: UsageOfAttempt;
    notPicked: NotPicked[];
    onProgress: (progress: Progress) => void;
    limit: TimeLimit;
  },
): BlockContext {
  const named = workflow === undefined ? {} : { workflow };
  const late: BlockContext['late'] = () => (usage.isTold ? { run, task, attempt } : undefined);
  const untimed: BlockContext['untimed'] = (wait) => limit.without(wait);
  return {
    run,
    ...named,
    ...(above === undefined ? {} : { above }),
    task,
    attempt,
    block,
    key,
    sample,
    lineage,
    get signal() {
      return abort.signal;
    },
    objects,
    transactions,
    async once(step, request, effect, { insteadOf = [], ...of }: Partial<OnceDetails> = {}) {
      const identity = { lineage, block, key, sample, step, run, task, ...named, ...of };
      const passedOver = insteadOf.map((one) => effectId({ ...identity, step: one.step }, one.request));
      const recorded = await ledger.once({
        ...{ ...identity, insteadOf: passedOver, request, signal: abort.signal },
        effect: (its, call) => effect(its, { ...call, untimed }),
        late,
      });
      usage.note(recorded.told ? {} : recorded, passedOver);
      return recorded.value;
    },
    untimed,
    late,
    usage: (one) => usage.note({ usage: one }),
    // Not spread: there may be more of them than a call takes arguments.
    notPicked: (payloads) => payloads.forEach((one) => notPicked.push(one)),
    progress: onProgress,
  };
}

async function answered(
  { manifest }: BlockType,
  returned: BlockOutputs[keyof BlockOutputs],
  {
    notPicked,
    objects,
    abort,
  }: { notPicked: readonly NotPicked[]; objects: ObjectStore; abort: Interruption },
): Promise<BlockAnswer | { answer: Ref }> {
  if (manifest.output === 'one') return { outputs: [await packed(returned, objects)] };
  if (manifest.output === 'many') {
    const outputs = returned as BlockOutputs['many'];
    const packing = packedOutputs(outputs, objects, () => abort.signal);
    // Outputs that come while they are packed are work still.
    return Array.isArray(outputs) ? packing : abort.unless(packing);
  }
  const picks = (returned as BlockOutputs['pick']).map(({ key, result }) => {
    return { key, result: result as Record<string, unknown> };
  });
  const left = notPicked.map(({ key, why }) => ({ key, why: { ...why } }));
  return packedAnswer({ picks, ...(left.length > 0 ? { notPicked: left } : {}) }, objects);
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
  if (error instanceof ObjectMissing || error instanceof ObjectCorrupt)
    return { code: error.code, message: error.message, retryable: true };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'internal-error', message, retryable: true };
}
