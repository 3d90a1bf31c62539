import { memoryLimit, watchMemory } from '@duofactory/platform';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { checkExpression } from './check-expression.js';
import { ExpressionFailed, ExpressionTimeout, InvalidExpression } from './expression-errors.js';
import { WORKER_CODE } from './worker-code.js';

export interface EvaluateOptions {
  /** Of the thread's own time, for the whole call. Default: 1 s, and 5 ms more for each scope. */
  readonly timeLimitMs?: number;
  readonly signal?: AbortSignal;
}

interface Job {
  readonly id: number;
  readonly expression: string;
  readonly scopes: readonly object[];
  readonly limitMs: number;
  readonly resolve: (values: unknown[]) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  /** Left out where the thread could not read what it was asked. */
  readonly id?: number;
  readonly values?: (string | undefined)[];
  readonly failure?: string;
}

const LIMIT_MS = 1000;
const LIMIT_PER_SCOPE_MS = 5;
/** What is done with lies there, too, until it is collected. */
const MOST_MEGABYTES = 512;
/** A thread that works all the time is counted a little less than that by the system's ticks. */
const MOST_OF = 0.9;

/**
 * Evaluates JSONata in a thread of its own, one call at a time: an expression that loops or fills the memory ends its
 * thread, and the next one gets a new thread. The thread starts with the first call.
 *
 * The limit is of processor time: on a busy machine a thread may stand still for seconds, and an expression that did
 * nothing wrong must not fail its run for it. The clock only says when to look.
 */
export class Expressions {
  #worker: Worker | undefined;
  #ready = false;
  #jobs: Job[] = [];
  #current: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopLooking = (): void => undefined;
  #lastId = 0;

  /**
   * The value for each scope, `undefined` where there is none. Throws InvalidExpression, ExpressionFailed,
   * ExpressionTimeout, or the signal's reason.
   */
  async evaluate(
    expression: string,
    scopes: readonly object[],
    { timeLimitMs = LIMIT_MS + scopes.length * LIMIT_PER_SCOPE_MS, signal }: EvaluateOptions = {},
  ): Promise<unknown[]> {
    signal?.throwIfAborted();
    const fault = checkExpression(expression);
    if (fault) throw new InvalidExpression(expression, fault.message, fault.position);
    if (scopes.length === 0) return [];
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      const onAbort = (): void => this.#drop(id, signal!.reason as Error);
      signal?.addEventListener('abort', onAbort, { once: true });
      const over = (): void => signal?.removeEventListener('abort', onAbort);
      this.#jobs.push({
        id,
        expression,
        scopes,
        limitMs: timeLimitMs,
        resolve: (values) => (over(), resolve(values)),
        reject: (error) => (over(), reject(error)),
      });
      this.#next();
    });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    await worker?.terminate();
  }

  #next(): void {
    if (this.#current || this.#jobs.length === 0) return;
    this.#worker ??= this.#start();
    // Its start is not the expression's time.
    if (!this.#ready) return;
    const job = this.#jobs.shift()!;
    this.#current = job;
    this.#watch(this.#worker, job);
    const { id, expression, scopes } = job;
    this.#stopLooking = watchMemory(this.#worker, {
      megabytes: MOST_MEGABYTES,
      isOver: () => this.#end(new ExpressionFailed(expression, `it takes more than ${MOST_MEGABYTES} MB`)),
    });
    try {
      this.#worker.postMessage({ id, expression, scopes });
    } catch (error) {
      // What it is to see goes into no message: it is nested too deep.
      this.#answered({ id, failure: (error as Error).message });
    }
  }

  /** Looks at the thread each time the limit has passed by the clock; `since`: the time it had used before. */
  #watch(worker: Worker, job: Job, since?: NodeJS.CpuUsage): void {
    this.#timer = setTimeout(() => {
      worker.cpuUsage(since).then(
        (used) => {
          if (this.#current !== job) return;
          if (since !== undefined && (used.user + used.system) / 1000 >= job.limitMs * MOST_OF)
            return this.#end(new ExpressionTimeout(job.expression, job.limitMs));
          this.#watch(worker, job, since ?? used);
        },
        // It has ended, and said so.
        () => undefined,
      );
    }, job.limitMs);
  }

  #start(): Worker {
    const worker = new Worker(WORKER_CODE, {
      eval: true,
      workerData: { jsonata: createRequire(import.meta.url).resolve('jsonata') },
      resourceLimits: memoryLimit(MOST_MEGABYTES),
      // It needs nothing of the process, and untrusted expressions must not see it.
      env: {},
    });
    worker.unref();
    worker.on('message', (message: 'ready' | Answer) => {
      if (worker !== this.#worker) return;
      if (message === 'ready') {
        this.#ready = true;
        this.#next();
      } else this.#answered(message);
    });
    worker.on('error', (error: Error) => {
      if (worker !== this.#worker) return;
      const job = this.#current;
      // Its memory was full: the thread is gone already.
      this.#end(job ? new ExpressionFailed(job.expression, error.message) : error);
    });
    return worker;
  }

  #answered({ id, values, failure }: Answer): void {
    const job = this.#current;
    if (!job || job.id !== (id ?? job.id)) return;
    clearTimeout(this.#timer);
    this.#stopLooking();
    this.#current = undefined;
    if (values)
      job.resolve(values.map((text) => (text === undefined ? undefined : (JSON.parse(text) as unknown))));
    else job.reject(new ExpressionFailed(job.expression, failure ?? 'no reason given'));
    this.#next();
  }

  /** Ends the thread with what it works on; the others go on in a new one. */
  #end(error: Error): void {
    const job = this.#current;
    const worker = this.#worker;
    this.#forget();
    void worker?.terminate();
    job?.reject(error);
    this.#next();
  }

  #drop(id: number, reason: Error): void {
    if (this.#current?.id === id) return this.#end(reason);
    const job = this.#jobs.find((one) => one.id === id);
    this.#jobs = this.#jobs.filter((one) => one !== job);
    job?.reject(reason);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#stopLooking();
    this.#worker = undefined;
    this.#ready = false;
    this.#current = undefined;
  }
}
