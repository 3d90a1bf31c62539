import {
  BlockRequested,
  TasksCancelled,
  blockProgressV1,
  blockRequestedTopic,
  blockRequestedV1,
  blockTypeRegisteredV1,
  hashJson,
  tasksCancelledV1,
  uuidFrom,
  type CloudEvent,
  type Usage,
} from '@duofactory/contracts';
import type { Delivery, Handled, RunningSubscription } from '@duofactory/messaging';
import { MalformedMessage, UnknownEventType } from '@duofactory/messaging';
import {
  withTraceparent,
  type Background,
  type Counter,
  type Histogram,
  type ServiceParts,
} from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Compile } from 'typebox/compile';
import { Answers } from './answers.js';
import { CANCELLED, STOPPING, attemptBlock, type AttemptParts, type Progress } from './attempt.js';
import type { BlockType } from './block-type.js';
import { configurationCheck, type ConfigurationCheck } from './configuration-check.js';
import { Interruption } from './interruption.js';
import { Ledger, type EffectLedger } from './ledger.js';

interface Running {
  readonly request: BlockRequested;
  readonly askedAt: number;
  readonly abort: Interruption;
  /** Of the pool that it runs in. */
  readonly stop: AbortSignal;
  readonly begunAt: Date;
  progress: Progress;
  /** Not told yet. */
  fresh: boolean;
}

const SIGN_OF_LIFE_MS = 30_000;
/** Cancelled runs that are remembered: requests that are still under way to us are skipped. */
const MOST_CANCELLED = 10_000;
const requested = Compile(BlockRequested);
const cancelled = Compile(TasksCancelled);

/**
 * Runs a service's block types: announces their manifests, takes requests into a bounded pool a type, and acknowledges
 * each only when its answer is safe with the bus or in the outbox.
 */
export class BlockWorker implements Background {
  readonly #answers: Answers;
  readonly #attemptParts: AttemptParts;
  readonly #running = new Map<string, Running>();
  readonly #cancelled = new Map<string, number>();
  readonly #watched = new WeakSet<AbortSignal>();
  readonly #subscriptions: RunningSubscription[] = [];
  readonly #attempts: Counter<'type' | 'outcome'>;
  readonly #seconds: Histogram<'type'>;
  readonly #queueSeconds: Histogram<'type'>;
  readonly #name: string;
  #startedAt = 0;
  #callOffSigns = (): void => undefined;

  constructor(
    private readonly parts: ServiceParts,
    private readonly service: string,
    private readonly blocks: readonly BlockType[],
    ledger: EffectLedger = new Ledger(parts.database, parts.clock, parts),
  ) {
    const { transactions, objects, urls } = parts;
    this.#name = `${service}@${hostname()}/${process.pid}`;
    this.#answers = new Answers(parts, this.#name);
    const { metrics } = parts;
    this.#attempts = metrics.counter({
      name: 'duofactory_block_attempts_total',
      help: 'Attempts that ended, by block type and outcome',
      labels: ['type', 'outcome'],
    });
    this.#seconds = metrics.histogram({
      name: 'duofactory_block_attempt_seconds',
      help: 'How long attempts took from the start of their work',
      labels: ['type'],
      buckets: [0.01, 0.05, 0.25, 1, 5, 15, 60, 300],
    });
    this.#queueSeconds = metrics.histogram({
      name: 'duofactory_block_queue_seconds',
      help: 'How long requests waited, from their event to the start of their work, by block type',
      labels: ['type'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    });
    const running = metrics.gauge({
      name: 'duofactory_block_attempts_running',
      help: 'Attempts that are worked on now, by block type',
      labels: ['type'],
    });
    const places = metrics.gauge({
      name: 'duofactory_block_pool_size',
      help: 'How many tasks of a block type this process works on at most (DUOFACTORY_POOL_<TYPE>)',
      labels: ['type'],
    });
    metrics.beforeScrape('blocks', () => {
      for (const block of blocks) {
        running.set({ type: block.manifest.type }, 0);
        places.set({ type: block.manifest.type }, this.#poolOf(block));
      }
      for (const { request } of this.#running.values()) running.inc({ type: request.type });
    });
    this.#attemptParts = {
      ledger,
      objects,
      transactions,
      orchestratorUrl: urls.orchestrator,
    };
  }

  async start(): Promise<void> {
    const { bus, clock } = this.parts;
    this.#startedAt = clock.now().getTime();
    await bus.ensureTopics(this.blocks.map(({ manifest }) => ({ name: blockRequestedTopic(manifest.type) })));
    this.#subscriptions.push(
      await bus.subscribe({
        // Of its own: every process hears every cancellation.
        group: `${this.service}.${tasksCancelledV1.topic}.${randomUUID()}`,
        topics: [tasksCancelledV1.topic],
        each: (event) => this.#cancel(event),
      }),
    );
    for (const block of this.blocks) {
      const { type } = block.manifest;
      const topic = blockRequestedTopic(type);
      const check = configurationCheck(block.manifest);
      this.#subscriptions.push(
        await bus.subscribe({
          group: `${this.service}.${topic}`,
          topics: [topic],
          fromBeginning: true,
          concurrency: this.#poolOf(block),
          each: (event, delivery) => this.#handle(block, check, event, delivery),
        }),
      );
    }
    await this.#announce();
    await this.#answers.forgetOld();
    this.#giveSigns();
  }

  async stop(): Promise<void> {
    this.#callOffSigns();
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
    await this.#answers.stop();
  }

  async #handle(
    block: BlockType,
    check: ConfigurationCheck,
    event: CloudEvent,
    delivery: Delivery,
  ): Promise<Handled | void> {
    const request = event.data;
    // A later version of the request may mean something else.
    if (event.type !== blockRequestedV1.type)
      throw new UnknownEventType(event, blockRequestedTopic(block.manifest.type));
    if (!requested.Check(request)) throw new MalformedMessage('The data are no block request');
    const { task, attempt, run } = request;
    // A request from before our start, or handed over again, may be answered already.
    const again = delivery.again || delivery.attempt > 1 || Date.parse(event.time) < this.#startedAt;
    if (this.#answers.remembers(request) || (again && (await this.#answers.noted(request)))) return;

    const { signal: stop } = delivery;
    const begunAt = this.parts.clock.now();
    const askedAt = Date.parse(event.time);
    const abort = new Interruption();
    const running: Running = { request, askedAt, abort, stop, begunAt, progress: {}, fresh: false };
    const name = `${task}/${attempt}`;
    if ((this.#cancelled.get(run) ?? 0) > askedAt) abort.abort(CANCELLED);
    this.#watch(stop);
    this.#running.set(name, running);
    const waitedMs = begunAt.getTime() - Date.parse(event.time);
    this.#queueSeconds.observe({ type: request.type }, Math.max(0, waitedMs) / 1000);
    const span = this.parts.tracing.span(`block ${request.type}`, {
      kind: 'consumer',
      parent: event.traceparent,
      attributes: attributesOf(request),
    });
    const stopTimer = this.#seconds.startTimer({ type: request.type });
    try {
      const outcome = await withTraceparent(span.traceparent, () =>
        attemptBlock(block, check, request, this.#attemptParts, {
          begunAt,
          abort: running.abort,
          onProgress: (progress) => Object.assign(running, { progress, fresh: true }),
          onLateUsage: (usage) => this.#tellLate(request, usage),
        }),
      );
      if ('error' in outcome && outcome.error.code === 'internal-error') {
        this.parts.log.error(
          { runId: run, blockId: request.block, taskId: task, attempt, errorMessage: outcome.error.message },
          'block failed for a reason that it does not know',
        );
      }
      stopTimer();
      if ('error' in outcome) span.fail(outcome.error.code);
      span.end();
      this.#attempts.inc({
        type: request.type,
        outcome: 'error' in outcome ? outcome.error.code : 'completed',
      });
      return { safe: this.#answers.send(request, outcome, { begunAt, traceparent: span.traceparent }) };
    } finally {
      this.#running.delete(name);
    }
  }

  #tellLate(request: BlockRequested, usage: Usage): void {
    const { run, block, task, attempt } = request;
    this.#answers
      .sendLate(request, usage)
      .catch((error: unknown) =>
        this.parts.log.error(
          { runId: run, blockId: block, taskId: task, attempt, errorMessage: String(error) },
          'what was paid after the end of an attempt is not told: the ledger has it',
        ),
      );
  }

  /** One listener a pool, not one an attempt. */
  #watch(stop: AbortSignal): void {
    if (this.#watched.has(stop)) return;
    this.#watched.add(stop);
    const stopAll = (): void => {
      for (const running of this.#running.values()) if (running.stop === stop) running.abort.abort(STOPPING);
    };
    stop.addEventListener('abort', stopAll, { once: true });
  }

  async #cancel(event: CloudEvent): Promise<void> {
    const { time, type, data } = event;
    if (type !== tasksCancelledV1.type) throw new UnknownEventType(event, tasksCancelledV1.topic);
    if (!cancelled.Check(data)) throw new MalformedMessage('The data are no cancellation');
    const at = Date.parse(time);
    if (!data.tasks) this.#remember(data.run, at);
    const tasks = data.tasks && new Set(data.tasks);
    for (const { request, askedAt, abort } of this.#running.values()) {
      if (request.run !== data.run || (tasks && !tasks.has(request.task))) continue;
      // What was asked for later is not meant: the run was retried since, and this word came late or twice.
      if (askedAt <= at) abort.abort(CANCELLED);
    }
  }

  #remember(run: string, at: number): void {
    const latest = Math.max(at, this.#cancelled.get(run) ?? 0);
    this.#cancelled.delete(run);
    this.#cancelled.set(run, latest);
    for (const oldest of this.#cancelled.keys()) {
      if (this.#cancelled.size <= MOST_CANCELLED) break;
      this.#cancelled.delete(oldest);
    }
  }

  #poolOf({ manifest, pool }: BlockType): number {
    return this.parts.config.pools.get(manifest.type) ?? pool;
  }

  async #announce(): Promise<void> {
    await this.parts.transactions.run(async (_tx, emit) => {
      for (const { manifest } of this.blocks) {
        const id = uuidFrom(this.service, manifest.type, hashJson(manifest), this.#startedAt);
        emit(blockTypeRegisteredV1, { key: manifest.type, id, data: { service: this.service, manifest } });
      }
    });
  }

  /** What works for long says that it lives, and how far it is. */
  #giveSigns(): void {
    this.#callOffSigns = this.parts.clock.setTimer(SIGN_OF_LIFE_MS, () => {
      const signs = [...this.#running.values()];
      this.#giveSigns();
      if (signs.length === 0) return;
      this.#tell(signs).catch((error: unknown) =>
        this.parts.log.warn({ errorMessage: String(error) }, 'signs of life not sent'),
      );
    });
  }

  async #tell(signs: readonly Running[]): Promise<void> {
    await this.parts.transactions.run(async (_tx, emit) => {
      for (const running of signs) {
        const { run, task, attempt } = running.request;
        running.fresh = false;
        emit(blockProgressV1, {
          key: run,
          subject: run,
          id: randomUUID(),
          data: {
            ...{ run, task, attempt, ...running.progress },
            ...{ worker: this.#name, begunAt: running.begunAt.toISOString() },
          },
        });
      }
    });
  }
}

function attributesOf({
  type,
  run,
  block,
  task,
  attempt,
  key,
}: BlockRequested): Record<string, string | number> {
  return {
    'duofactory.block.type': type,
    'duofactory.run': run,
    'duofactory.block': block,
    'duofactory.task': task,
    'duofactory.attempt': attempt,
    'duofactory.key': key,
  };
}
