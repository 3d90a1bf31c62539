import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { CloudEvent, EventContract, EventData } from '@duofactory/contracts';
import type { Delivery, Subscription } from '../bus.js';

export interface ConsumesOptions extends Pick<
  Subscription,
  'fromBeginning' | 'concurrency' | 'maxBatch' | 'maxAttempts' | 'paceMs'
> {
  /** Where it is not the contract's own, such as one block type's `duofactory.block-requested.<type>`. */
  readonly topic?: string;
  /** Every process gets every event, instead of one process of the service. For hints, from now on. */
  readonly everyInstance?: boolean;
}

/** What the strategy reads back from Nest as the handler's extras. */
export interface Consumption extends ConsumesOptions {
  readonly contracts: readonly EventContract[];
  readonly batched: boolean;
}

type Handles<C extends EventContract> = C extends EventContract
  ? CloudEvent<EventData<C>> & { type: C['type'] }
  : never;
/** Any method that can be called as F: it may take fewer parameters, or wider ones. */
type MethodOf<F> = <M extends F>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/**
 * Makes a controller's method the handler of an event, `(event, delivery)`. The data is checked against the contract
 * before: what does not fit is terminal and parked; unknown fields pass. Of a list of contracts all must share the topic.
 */
export function Consumes<const C extends EventContract>(
  contracts: C | readonly C[],
  options: ConsumesOptions = {},
): MethodOf<(event: Handles<C>, delivery: Delivery) => Promise<void>> {
  return consumes({ ...options, contracts: [contracts].flat(), batched: false });
}

/** As `Consumes`, for a micro-batch: `(events, delivery)`, in order of each key. */
export function ConsumesBatch<const C extends EventContract>(
  contracts: C | readonly C[],
  options: ConsumesOptions = {},
): MethodOf<(events: Handles<C>[], delivery: Delivery) => Promise<void>> {
  return consumes({ ...options, contracts: [contracts].flat(), batched: true });
}

/** A handler's failure on its way through Nest, whose exception layer would keep nothing of it but its text. */
export class HandlerFailure {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

function consumes<F extends (events: never, delivery: Delivery) => Promise<void>>(
  consumption: Consumption,
): MethodOf<F> {
  return (target, key, descriptor) => {
    const method = descriptor.value as unknown as (...args: unknown[]) => Promise<void>;
    const handler = async function (this: unknown, ...args: unknown[]): Promise<HandlerFailure | undefined> {
      try {
        await method.apply(this, args);
        return undefined;
      } catch (error) {
        return new HandlerFailure(error);
      }
    };
    Object.defineProperty(handler, 'name', { value: method.name });
    descriptor.value = handler as never;
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    EventPattern(patternOf(consumption), consumption)(target, key, descriptor as PropertyDescriptor);
  };
}

function patternOf({ contracts, topic }: Consumption): string {
  return `${topic ?? contracts[0]?.topic}: ${contracts.map(({ type }) => type).join(', ')}`;
}
