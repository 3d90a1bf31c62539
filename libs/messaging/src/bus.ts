import type { CloudEvent } from '@duofactory/contracts';
import type { GroupFigures } from './work/tally.js';

/** What is published: `key` chooses the partition, so events of one key stay in order. */
export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly event: CloudEvent;
  /** The event's data as JSON, where they have been written as such before. */
  readonly body?: string;
}

export interface Delivery {
  /** Aborted when the bus stops without waiting any longer. */
  readonly signal: AbortSignal;
  /** From 1; the n-th time that this process hands over this event. */
  readonly attempt: number;
  /** Another member, or an earlier process, may have had it in hand before. */
  readonly again?: boolean;
}

/** The work on an event is done: its place is free for the next one. It is acknowledged only when `safe` resolves. */
export interface Handled {
  readonly safe: Promise<void>;
}

/**
 * One kind of consumer. Every group gets every message of its topics; the members of one group share them and
 * must name the same topics. Exactly one of `each` and `batch` is given.
 *
 * A handler that throws gets the message again after a back-off. After `maxAttempts`, or at once for an error with
 * `terminal === true`, the message is parked on `<topic>.dead-letter` and the consumer goes on. Outages (the
 * database or the broker away: see `isOutage`) are retried for ever and count as no attempt.
 */
export interface Subscription {
  readonly group: string;
  readonly topics: readonly string[];
  /** Where a group that has read nothing yet begins. Default false: at the end. */
  readonly fromBeginning?: boolean;
  /** Runs up to `concurrency` events at once, in no order. */
  readonly each?: (event: CloudEvent, delivery: Delivery) => Promise<void | Handled>;
  /** A micro-batch: whatever is there, at once when idle, up to `maxBatch`; in order of each key. */
  readonly batch?: (events: CloudEvent[], delivery: Delivery) => Promise<void>;
  /** Default 16 for `each`; for `batch` the number of lanes over which keys are spread, default 1. */
  readonly concurrency?: number;
  /** Default 500. */
  readonly maxBatch?: number;
  /** Default 5. */
  readonly maxAttempts?: number;
  /**
   * Batches that follow each other without a pause are so far apart, the first few excepted: for work that nobody waits
   * for to the millisecond, done in fewer and larger pieces. Default: none waits.
   */
  readonly paceMs?: number;
}

export interface TopicSpec {
  readonly name: string;
  /** Default: the configured number. */
  readonly partitions?: number;
  /** The last event of every key is kept, and handed to whoever subscribes from the beginning. */
  readonly compacted?: boolean;
}

export interface RunningSubscription {
  /** Waits for the work in hand; what was not begun goes to another member or comes back later. */
  stop(): Promise<void>;
}

/**
 * The port to the message bus. Order of a process's life: `ensureTopics`, `subscribe`, `start`, … `drain`, `stop`.
 * Whoever made the bus starts and stops it; a bus shared by several services starts once all of them have subscribed.
 */
export abstract class Bus {
  /** True where publisher and consumers share this process: nobody else sweeps its outboxes. */
  abstract readonly inProcess: boolean;
  /** Resolves when the messages are safe: acknowledged by the broker, or by every subscribed group of this process. */
  abstract publish(messages: readonly Message[]): Promise<void>;
  abstract subscribe(subscription: Subscription): Promise<RunningSubscription>;
  abstract ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Names of all that are there. undefined: none has to be made before it is used. */
  abstract listTopics(): Promise<string[] | undefined>;
  abstract start(): Promise<void>;
  /**
   * Begins nothing new, waits for the handlers in hand and for their acknowledgement. Those that go on after `graceMs`
   * are told to give up: what they did not finish comes again, elsewhere. Publishing still works on Kafka.
   */
  abstract drain(graceMs?: number): Promise<void>;
  abstract stop(): Promise<void>;
  /** Rejects with the reason when the bus cannot be used now. */
  abstract ready(): Promise<void>;
  /** How far every group of this process is with every topic: for metrics. Asks the broker only where reading is held up. */
  abstract figures(): Promise<GroupFigures[]>;
}

/** The bus no longer delivers in this process: the message stays in its outbox and goes out after the next start. */
export class BusStopped extends Error {
  readonly code = 'bus-stopped';
  constructor() {
    super('The bus is stopping: the message stays in the outbox.');
    this.name = 'BusStopped';
  }
}

export class InvalidSubscription extends Error {
  readonly code = 'invalid-subscription';
  readonly terminal = true;
  constructor(message: string) {
    super(message);
    this.name = 'InvalidSubscription';
  }
}
