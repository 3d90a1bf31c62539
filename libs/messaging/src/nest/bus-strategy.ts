import { randomUUID } from 'node:crypto';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { CloudEvent, EventContract } from '@duofactory/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import { InvalidSubscription, type Bus, type Delivery, type RunningSubscription } from '../bus.js';
import { HandlerFailure, type Consumption } from './consumes.js';
import { checkOf, UnknownEventType, type EventCheck } from './event-check.js';

export interface BusStrategyOptions {
  readonly bus: Bus;
  /** The service: each topic's consumer group is `<group>.<topic>`. */
  readonly group: string;
  /**
   * All contracts there are. A type among them that has no handler here is somebody else's and passed over; any other
   * type is parked. Without this list every type without a handler is passed over.
   */
  readonly contracts?: readonly EventContract[];
}

interface Handler {
  readonly consumption: Consumption;
  readonly call: MessageHandler;
}

/**
 * Runs `@Consumes` methods of one Nest application on the bus: `app.connectMicroservice({ strategy })`. It subscribes
 * when the application listens and stops its subscriptions when it closes; the bus itself belongs to the process.
 */
export class BusStrategy extends Server implements CustomTransportStrategy {
  readonly #options: BusStrategyOptions;
  readonly #running: RunningSubscription[] = [];

  constructor(options: BusStrategyOptions) {
    super();
    this.#options = options;
  }

  listen(callback: (error?: unknown) => void): void {
    this.#subscribe().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((subscription) => subscription.stop()));
  }

  on(): never {
    throw new InvalidSubscription('The bus has no connection events: ask Bus.ready().');
  }

  unwrap<T>(): T {
    return this.#options.bus as T;
  }

  async #subscribe(): Promise<void> {
    for (const [topic, handlers] of this.#handlersByTopic()) {
      const { consumption } = handlers[0]!;
      const { fromBeginning, concurrency, maxBatch, maxAttempts, paceMs, everyInstance } = consumption;
      const group = `${this.#options.group}.${topic}${everyInstance ? `.${randomUUID()}` : ''}`;
      this.#running.push(
        await this.#options.bus.subscribe({
          group,
          topics: [topic],
          ...(fromBeginning !== undefined && { fromBeginning }),
          ...(concurrency !== undefined && { concurrency }),
          ...(maxBatch !== undefined && { maxBatch }),
          ...(maxAttempts !== undefined && { maxAttempts }),
          ...(paceMs !== undefined && { paceMs }),
          ...(consumption.batched
            ? { batch: this.#batchOf(topic, handlers[0]!) }
            : { each: this.#eachOf(topic, handlers) }),
        }),
      );
    }
  }

  #handlersByTopic(): Map<string, Handler[]> {
    const topics = new Map<string, Handler[]>();
    for (const [pattern, call] of this.messageHandlers) {
      const consumption = call.extras as Consumption | undefined;
      if (consumption?.contracts === undefined) {
        throw new InvalidSubscription(
          `Handler of "${pattern}" must be declared by @Consumes or @ConsumesBatch.`,
        );
      }
      if (call.next) throw new InvalidSubscription(`Two handlers for "${pattern}": keep one @Consumes.`);
      const names = new Set(consumption.contracts.map((contract) => consumption.topic ?? contract.topic));
      if (names.size !== 1) {
        throw new InvalidSubscription(
          `"${pattern}" lists contracts of ${names.size} topics: give each its @Consumes.`,
        );
      }
      const [topic] = names;
      const same = topics.get(topic!) ?? [];
      topics.set(topic!, [...same, { consumption, call }]);
    }
    for (const [topic, handlers] of topics) refuseConflicts(topic, handlers);
    return topics;
  }

  #eachOf(topic: string, handlers: readonly Handler[]) {
    const routes = new Map<string, { check: EventCheck; call: MessageHandler }>();
    for (const { consumption, call } of handlers) {
      for (const contract of consumption.contracts)
        routes.set(contract.type, { check: checkOf(contract), call });
    }
    const foreign = this.#foreignTypes(topic);
    return async (event: CloudEvent, delivery: Delivery): Promise<void> => {
      const route = routes.get(event.type);
      if (route === undefined) return foreign(event);
      route.check(event);
      await outcomeOf(await route.call(event, delivery));
    };
  }

  #batchOf(topic: string, { consumption, call }: Handler) {
    const checks = new Map(consumption.contracts.map((contract) => [contract.type, checkOf(contract)]));
    const foreign = this.#foreignTypes(topic);
    return async (events: CloudEvent[], delivery: Delivery): Promise<void> => {
      let ours = events;
      for (const event of events) {
        const check = checks.get(event.type);
        // One that does not fit fails the batch, which is then cut until it stands alone and is parked.
        if (check !== undefined) check(event);
        else {
          foreign(event);
          if (ours === events) ours = events.filter(({ type }) => checks.has(type));
        }
      }
      if (ours.length > 0) await outcomeOf(await call(ours, delivery));
    };
  }

  #foreignTypes(topic: string): (event: CloudEvent) => void {
    const { contracts } = this.#options;
    if (contracts === undefined) return () => undefined;
    const known = new Set(contracts.map(({ type }) => type));
    return (event) => {
      if (!known.has(event.type)) throw new UnknownEventType(event, topic);
    };
  }
}

function refuseConflicts(topic: string, handlers: readonly Handler[]): void {
  const seen = new Set<string>();
  for (const { consumption } of handlers) {
    if (consumption.batched && handlers.length > 1) {
      throw new InvalidSubscription(
        `${topic} has ${handlers.length} handlers, one of them for batches: list all its contracts in one @ConsumesBatch.`,
      );
    }
    for (const { type } of consumption.contracts) {
      if (seen.has(type))
        throw new InvalidSubscription(`Two handlers for ${type} on ${topic}: keep one @Consumes.`);
      seen.add(type);
    }
  }
}

/** Nest answers with the handler's value, or with an observable where a guard, pipe or interceptor stood in between. */
async function outcomeOf(answer: unknown): Promise<void> {
  const value: unknown = isObservable(answer)
    ? await lastValueFrom(answer, { defaultValue: undefined })
    : answer;
  if (value instanceof HandlerFailure) throw value.error;
}
