import { uuidFrom, type CloudEvent, type EventContract } from '@duofactory/contracts';
import type { Message, Outbox, OutboxRelay } from '@duofactory/messaging';
import { activeTraceparent } from '../tracing/tracing.js';
import type { Clock } from '../clock.js';
import type { Database, Transaction } from '../database.js';

export interface EmittedEvent {
  /** Events of one key stay in order. */
  readonly key: string;
  /** The run's id, where there is one. */
  readonly subject?: string;
  /** Stable: the same fact, the same id. Default: from the event's type and data. */
  readonly id?: string;
  /** Where it is not the contract's own. */
  readonly topic?: string;
  readonly data: unknown;
  /** Default: of the work under way. */
  readonly traceparent?: string | undefined;
}

export type Emit = (contract: EventContract, event: EmittedEvent) => void;

/** Changes and the events that tell of them: both happen, or neither. */
export class Transactions {
  constructor(
    private readonly service: string,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly relay: OutboxRelay,
    private readonly clock: Clock,
  ) {}

  /** One transaction. What `work` emits is published right after the commit, or by a sweep after a crash. */
  async run<T>(work: (tx: Transaction, emit: Emit) => Promise<T>): Promise<T> {
    const { result, rows } = await this.database.transaction(async (tx) => {
      const messages: Message[] = [];
      const result = await work(tx, (contract, event) => messages.push(this.messageOf(contract, event)));
      return { result, rows: this.outbox.add(tx, messages) };
    });
    this.relay.published(rows);
    return result;
  }

  /** What `emit` publishes: for an event that goes with no change. */
  messageOf(contract: EventContract, { key, subject, id, topic, data, ...traced }: EmittedEvent): Message {
    const traceparent = 'traceparent' in traced ? traced.traceparent : activeTraceparent();
    const event: CloudEvent = {
      id: id ?? uuidFrom(contract.type, JSON.stringify(data)),
      source: `/duofactory/${this.service}`,
      type: contract.type,
      ...(subject === undefined ? {} : { subject }),
      time: this.clock.now().toISOString(),
      ...(traceparent === undefined ? {} : { traceparent }),
      data,
    };
    return { topic: topic ?? contract.topic, key, event };
  }
}
