import { setTimeout as pause } from 'node:timers/promises';
import { messageParkedV1 } from '@duofactory/contracts';
import type { Admin, Kafka as KafkaClient, KafkaConfig, Producer, SASLOptions } from 'kafkajs';
import { exponential, type BackOff } from '../back-off.js';
import {
  Bus,
  BusStopped,
  type Message,
  type RunningSubscription,
  type Subscription,
  type TopicSpec,
} from '../bus.js';
import {
  deadLetterTopic,
  isDeadLetterTopic,
  withoutBody,
  type DeadLetter,
  type DeadLetterStore,
} from '../dead-letter.js';
import { stderrLog, type Log } from '../log.js';
import type { GroupFigures } from '../work/tally.js';
import { letterFromFailure, writeLetterHeaders, type RawRecord } from './dead-letter-record.js';
import { GroupConsumer } from './group-consumer.js';
import { keyPartitioner } from './partitioner.js';
import { Kafka, logLevel } from './lean-kafkajs.js';
import { kafkaMessageOf, TopicProducer } from './topic-producer.js';
import { within } from './within.js';

export interface KafkaBusOptions {
  readonly brokers: readonly string[];
  /** Seen in the broker's logs: the service's name. */
  readonly clientId: string;
  readonly ssl?: boolean;
  readonly sasl?: SASLOptions;
  /** Of topics that do not say it themselves. Default 6. */
  readonly partitions?: number;
  /** Default: the broker's. */
  readonly replicationFactor?: number;
  /** Kept beside the dead-letter topic, for listing. */
  readonly deadLetters?: DeadLetterStore;
  readonly log?: Log;
  readonly backOff?: BackOff;
  /** Most messages of one partition in hand before it is paused. Default 4096. */
  readonly inHandPerPartition?: number;
  /** How long a dead process keeps its partitions. Default 10 s; the broker has a floor. */
  readonly sessionTimeoutMs?: number;
  /** Default a third of the session. */
  readonly heartbeatMs?: number;
  /** Default 100. */
  readonly commitEveryMs?: number;
  /** How long a fetch waits for news; after a rebalance the next one may wait for it. Default 2000. */
  readonly maxWaitMs?: number;
}

const PARTITIONS = 6;
const READY_WITHIN_MS = 3000;
const LEAVE_WITHIN_MS = 1000;
const LED_WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 25;
/** Of topics that carry letters, four times the broker's default: a letter is its message and more, partly in base64. */
const LETTER_BYTES = 4 * 1024 * 1024;
/** Of Kafka's protocol: https://kafka.apache.org/protocol#protocol_error_codes */
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE']);

/** The bus on Apache Kafka: CloudEvents in binary mode, any client can take part. */
export class KafkaBus extends Bus {
  readonly inProcess = false;
  readonly #options: KafkaBusOptions;
  readonly #log: Log;
  readonly #kafka: KafkaClient;
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #topics = new Map<string, TopicProducer>();
  readonly #ensured = new Map<string, Promise<void>>();
  readonly #consumers = new Set<GroupConsumer>();
  #connected: Promise<void> | undefined;
  #started = false;
  #draining = false;
  #stopped = false;

  constructor(options: KafkaBusOptions) {
    super();
    this.#options = options;
    this.#log = options.log ?? stderrLog;
    this.#kafka = new Kafka(configurationOf(options, this.#log));
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({
      createPartitioner: keyPartitioner,
      allowAutoTopicCreation: false,
      metadataMaxAge: 60_000,
    });
  }

  async publish(messages: readonly Message[]): Promise<void> {
    if (this.#stopped) throw new BusStopped();
    const first = messages[0];
    if (first === undefined) return;
    if (messages.every(({ topic }) => topic === first.topic)) return this.#send(first.topic, messages);

    const topics = new Map<string, Message[]>();
    for (const message of messages) {
      const same = topics.get(message.topic);
      if (same === undefined) topics.set(message.topic, [message]);
      else same.push(message);
    }
    await Promise.all(Array.from(topics, ([topic, ofTopic]) => this.#send(topic, ofTopic)));
  }

  async subscribe(subscription: Subscription): Promise<RunningSubscription> {
    const { sessionTimeoutMs = 10_000 } = this.#options;
    const consumer = new GroupConsumer({
      kafka: this.#kafka,
      admin: this.#admin,
      subscription,
      log: this.#log,
      backOff: this.#options.backOff ?? exponential(100, 10_000),
      cap: this.#options.inHandPerPartition ?? 4096,
      sessionTimeoutMs,
      heartbeatMs: this.#options.heartbeatMs ?? Math.floor(sessionTimeoutMs / 3),
      commitEveryMs: this.#options.commitEveryMs ?? 100,
      maxWaitMs: this.#options.maxWaitMs ?? 2000,
      park: (failure) => this.#park(failure),
    });
    this.#consumers.add(consumer);
    const begin = async (): Promise<void> => {
      await Promise.all(subscription.topics.map((topic) => this.#ensure(topic)));
      await consumer.start();
    };
    if (this.#started) await begin();
    else this.#beginnings.push(begin);
    return {
      stop: async () => {
        this.#consumers.delete(consumer);
        await consumer.stop();
      },
    };
  }

  /** Creates what is missing, with its dead-letter topic. Never alters a topic that is there. */
  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#connect();
    const existing = new Set(await this.#admin.listTopics());
    const { partitions = PARTITIONS, replicationFactor = -1 } = this.#options;
    const wanted = topics.flatMap((topic): TopicSpec[] =>
      isDeadLetterTopic(topic.name)
        ? [{ ...topic, partitions: topic.partitions ?? 1 }]
        : [topic, { name: deadLetterTopic(topic.name), partitions: 1 }],
    );
    const missing = new Map(
      wanted.filter(({ name }) => !existing.has(name)).map((spec) => [spec.name, spec]),
    );
    if (missing.size > 0) {
      await this.#admin.createTopics({
        // Not by kafkajs: it gives up where another process makes the same topics at the same time.
        waitForLeaders: false,
        topics: Array.from(missing.values(), (spec) => ({
          topic: spec.name,
          numPartitions: spec.partitions ?? partitions,
          replicationFactor,
          configEntries: configEntriesOf(spec),
        })),
      });
      await this.#untilLed([...missing.keys()]);
    }
    for (const { name } of wanted) this.#ensured.set(name, Promise.resolve());
  }

  async listTopics(): Promise<string[]> {
    await this.#connect();
    return this.#admin.listTopics();
  }

  async start(): Promise<void> {
    if (this.#started) return;
    await this.#connect();
    this.#started = true;
    await Promise.all(this.#beginnings.splice(0).map((begin) => begin()));
  }

  async drain(graceMs?: number): Promise<void> {
    this.#draining = true;
    const timer = graceMs === undefined ? undefined : setTimeout(() => this.#abort(), graceMs);
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop()));
    clearTimeout(timer);
    this.#consumers.clear();
  }

  async stop(): Promise<void> {
    this.#abort();
    await this.drain();
    this.#stopped = true;
    const farewell = Promise.all([this.#producer.disconnect(), this.#admin.disconnect()]);
    // A broker that is away keeps nobody from stopping.
    await within(LEAVE_WITHIN_MS, farewell).catch(() => undefined);
  }

  async ready(): Promise<void> {
    if (this.#draining || !this.#started) throw new BusStopped();
    for (const { failure } of this.#consumers) if (failure) throw failure;
    await within(READY_WITHIN_MS, this.#admin.describeCluster());
  }

  async figures(): Promise<GroupFigures[]> {
    return (await Promise.all([...this.#consumers].map((consumer) => consumer.figures()))).flat();
  }

  readonly #beginnings: (() => Promise<void>)[] = [];

  #abort(): void {
    for (const consumer of this.#consumers) consumer.abort();
  }

  async #send(topic: string, messages: readonly Message[]): Promise<void> {
    const ensured = this.#ensured.get(topic);
    await (ensured ?? this.#ensure(topic));
    await this.#producerOf(topic).send(messages.map(kafkaMessageOf));
  }

  #producerOf(topic: string): TopicProducer {
    let producer = this.#topics.get(topic);
    if (producer === undefined)
      this.#topics.set(topic, (producer = new TopicProducer(this.#producer, topic)));
    return producer;
  }

  /** A topic that nobody announced gets the configured number of partitions. */
  #ensure(name: string): Promise<void> {
    let ensured = this.#ensured.get(name);
    if (ensured === undefined) {
      ensured = this.ensureTopics([{ name }]).catch((error: unknown) => {
        this.#ensured.delete(name);
        throw error;
      });
      this.#ensured.set(name, ensured);
    }
    return ensured;
  }

  /** A topic that was just made, here or elsewhere, is known to every broker only a moment later. */
  async #untilLed(topics: readonly string[]): Promise<void> {
    for (const deadline = Date.now() + LED_WITHIN_MS; ; await pause(LOOK_AGAIN_MS)) {
      try {
        const known = await this.#admin.fetchTopicMetadata({ topics: [...topics] });
        const led = known.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
        if (led && known.topics.length === topics.length) return;
      } catch (error) {
        if (!NOT_YET.has((error as { type?: string }).type ?? '') || Date.now() > deadline) throw error;
      }
      if (Date.now() > deadline) throw new Error(`Topics have no leader yet: ${topics.join(', ')}`);
    }
  }

  #connect(): Promise<void> {
    this.#connected ??= Promise.all([this.#admin.connect(), this.#producer.connect()]).then(
      () => undefined,
      (error: unknown) => {
        this.#connected = undefined;
        throw error;
      },
    );
    return this.#connected;
  }

  async #park(failure: {
    record: RawRecord;
    group: string;
    error: unknown;
    attempts: number;
  }): Promise<void> {
    const { record, group, error, attempts } = failure;
    const letter = letterFromFailure(failure);
    const place = { topic: record.topic, partition: record.partition, offset: record.offset, group };
    if (isDeadLetterTopic(record.topic)) {
      // A letter about a letter would go round for ever; the first one is kept already.
      this.#log.error({ ...place, errorCode: letter.errorCode }, 'dead letter not handled');
      return;
    }
    const topic = deadLetterTopic(record.topic);
    await this.#ensure(topic);
    await orWithoutBody(letter, (one) =>
      this.#producerOf(topic).send([
        {
          key: one === letter ? record.key : one.key,
          value: one === letter ? record.value : one.body,
          headers: writeLetterHeaders(one),
        },
      ]),
    );
    await orWithoutBody(letter, async (one) => this.#options.deadLetters?.keep(one));
    this.#log.error(
      {
        ...place,
        eventId: record.headers['ce_id'],
        runId: record.headers['ce_subject'],
        attempts,
        errorCode: letter.errorCode,
        err: error,
      },
      'message parked',
    );
  }
}

/** Where the broker refuses it for its size, it is kept without its body: a partition must not stand for it. */
async function orWithoutBody(letter: DeadLetter, keep: (letter: DeadLetter) => Promise<void>): Promise<void> {
  try {
    await keep(letter);
  } catch (error) {
    if (!TOO_LARGE.has((error as { type?: string }).type ?? '')) throw error;
    await keep(withoutBody(letter));
  }
}

function configEntriesOf({ name, compacted }: TopicSpec): { name: string; value: string }[] {
  const carriesLetters = isDeadLetterTopic(name) || name === messageParkedV1.topic;
  return [
    ...(compacted ? [{ name: 'cleanup.policy', value: 'compact' }] : []),
    ...(carriesLetters ? [{ name: 'max.message.bytes', value: String(LETTER_BYTES) }] : []),
  ];
}

function configurationOf(options: KafkaBusOptions, log: Log): KafkaConfig {
  return {
    brokers: [...options.brokers],
    clientId: options.clientId,
    ...(options.ssl && { ssl: true }),
    ...(options.sasl && { ssl: options.ssl ?? false, sasl: options.sasl }),
    connectionTimeout: 3000,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 2000,
      retries: 8,
      // A group's consumer is replaced as a whole by its owner.
      restartOnFailure: () => Promise.resolve(false),
    },
    logLevel: logLevel.WARN,
    // What kafkajs calls an error it mostly retries by itself: what it gives up on is logged where it is handled.
    logCreator:
      () =>
      ({ level, namespace, log: entry }) => {
        const { message } = entry;
        const error = entry['error'] as unknown;
        if (level === logLevel.ERROR) log.warn({ kafkajs: namespace, error }, message);
        else log.info({ kafkajs: namespace, error }, message);
      },
  };
}
