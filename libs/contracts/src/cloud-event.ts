import type { Static, TSchema } from 'typebox';

/** CloudEvents 1.0, as far as DuoFactory uses it. `source` and `id` together name one event for ever. */
export interface CloudEvent<T = unknown> {
  /** Stable over redelivery. */
  readonly id: string;
  /** `/duofactory/<service>`, or whatever another team's service calls itself. */
  readonly source: string;
  /** A past fact with its version: `block-completed.v1`. */
  readonly type: string;
  /** The run's id, where there is one. */
  readonly subject?: string;
  /** RFC 3339. */
  readonly time: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly data: T;
}

/** What an event is called, where it travels and what it carries. */
export interface EventContract<S extends TSchema = TSchema> {
  readonly type: string;
  /** A topic; `block-requested` has one a block type and appends it. */
  readonly topic: string;
  readonly compacted?: boolean;
  readonly description: string;
  readonly schema: S;
}

export type EventData<C extends EventContract> = Static<C['schema']>;

export function eventContract<S extends TSchema>(contract: EventContract<S>): EventContract<S> {
  return contract;
}
