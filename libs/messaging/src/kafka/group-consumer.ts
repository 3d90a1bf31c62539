import type { Admin, Consumer, ConsumerGroupJoinEvent, EachBatchPayload, IHeaders, Kafka } from 'kafkajs';
import type { Subscription } from '../bus.js';
import type { BackOff } from '../back-off.js';
import { isDeadLetterTopic, parkedEvent } from '../dead-letter.js';
import { readEnvelope } from '../envelope.js';
import { codeOf, messageOf } from '../failure.js';
import type { Log } from '../log.js';
import { Pace } from '../work/pace.js';
import { Tally, type GroupFigures } from '../work/tally.js';
import { workerFor } from '../work/worker-for.js';
import type { Worker } from '../work/worker.js';
import { readLetter, type RawRecord } from './dead-letter-record.js';
import { KafkaParcel } from './kafka-parcel.js';
import { PartitionReader } from './partition-reader.js';
import { forgetPace, paceFetches, wakeFetches } from './wakeful-fetch.js';
import { within } from './within.js';

export interface GroupConsumerSettings {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly subscription: Subscription;
  readonly log: Log;
  readonly backOff: BackOff;
  /** Most messages of one partition in hand. */
  readonly cap: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly commitEveryMs: number;
  readonly maxWaitMs: number;
  /** Keeps the record and why it failed; resolves when that is safe. */
  readonly park: (failure: {
    record: RawRecord;
    group: string;
    error: unknown;
    attempts: number;
  }) => Promise<void>;
}

const RESTART_AFTER_MS = 1000;
const ENDS_WITHIN_MS = 1000;
/** A broker that is away keeps nobody from stopping. */
const COMMIT_WITHIN_MS = 1000;
const LEAVE_WITHIN_MS = 1500;

/**
 * One member of one consumer group. It reads partitions into the worker without waiting for it, and commits the lowest
 * contiguous offset of what the worker has settled. After a rebalance it goes on with the partitions that stayed and
 * forgets those that left. A consumer of kafkajs that has crashed is left behind and another one takes its place:
 * whatever the old one still does concerns nobody.
 */
export class GroupConsumer {
  readonly #settings: GroupConsumerSettings;
  readonly #worker: Worker;
  readonly #readers = new Map<string, PartitionReader>();
  readonly #parking = new Set<Promise<void>>();
  readonly #tallies: ReadonlyMap<string, Tally>;
  #consumer: Consumer;
  #memberId: string | undefined;
  /** Where a group begins that has committed nothing yet and reads from the end. */
  #ends = new Map<string, number>();
  #heartbeat: (() => Promise<void>) | undefined;
  #heartbeatTimer: NodeJS.Timeout | undefined;
  #commitTimer: NodeJS.Timeout | undefined;
  #restartTimer: NodeJS.Timeout | undefined;
  #committing: Promise<void> = Promise.resolve();
  #draining = false;
  #stopping: Promise<void> | undefined;
  #stopped = false;
  #joined: () => void = () => undefined;
  #failure: Error | undefined;

  constructor(settings: GroupConsumerSettings) {
    this.#settings = settings;
    const { subscription, backOff } = settings;
    this.#tallies = new Map(subscription.topics.map((topic) => [topic, new Tally()]));
    this.#worker = workerFor(subscription, {
      backOff,
      park: (parcel, error) => {
        const { record, attempts } = parcel as KafkaParcel;
        return this.#park(record, error, attempts);
      },
      retrying: (parcel, error, delayMs) => this.#retrying(parcel as KafkaParcel, error, delayMs),
    });
    this.#consumer = this.#newConsumer();
  }

  /** Resolves when the member is in its group: what is published from now on is read. */
  async start(): Promise<void> {
    if (!this.#settings.subscription.fromBeginning) {
      this.#ends = await whileRetriable(() => this.#uncommittedEnds(), this.#settings.backOff);
    }
    const joined = new Promise<void>((resolve) => (this.#joined = resolve));
    await this.#run();
    await joined;
    this.#heartbeatTimer = setInterval(() => {
      // A failure is seen by the consumer's own loop, which joins again: at once, and not when its fetch is answered.
      this.#heartbeat?.().catch(() => this.#wakeFetch());
    }, this.#settings.heartbeatMs);
  }

  /** The reason why nothing is read now. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async figures(): Promise<GroupFigures[]> {
    await this.#lookForEnds();
    return Array.from(this.#tallies, ([topic, { handled, retried, parked }]) => {
      const readers = [...this.#readers.values()].filter((reader) => reader.topic === topic);
      const oldest = readers
        .map(({ ledger: { firstOpen } }) =>
          firstOpen instanceof KafkaParcel ? firstOpen.event.time : undefined,
        )
        .filter((time) => time !== undefined)
        .map((time) => Date.parse(time));
      return {
        group: this.#settings.subscription.group,
        topic,
        lag: readers.reduce((sum, { lag }) => sum + lag, 0),
        ...(oldest.length > 0 ? { oldestAtMs: Math.min(...oldest) } : {}),
        handled,
        retried,
        parked,
      };
    });
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stopNow());
  }

  async #stopNow(): Promise<void> {
    this.#draining = true;
    clearTimeout(this.#restartTimer);
    await this.#worker.drain();
    await Promise.all(this.#parking);
    clearTimeout(this.#commitTimer);
    await this.#endsWithin(COMMIT_WITHIN_MS, this.#commit());
    clearInterval(this.#heartbeatTimer);
    this.#stopped = true;
    const left = this.#consumer.disconnect();
    // It stops at its next turn, which would come with the answer.
    setImmediate(() => this.#wakeFetch());
    await this.#endsWithin(LEAVE_WITHIN_MS, left);
    this.#forgetPace();
  }

  #forgetPace(): void {
    if (this.#memberId !== undefined) forgetPace(this.#memberId);
  }

  #wakeFetch(): void {
    if (this.#memberId !== undefined) wakeFetches(this.#memberId);
  }

  abort(): void {
    this.#worker.abort();
  }

  async #endsWithin(ms: number, work: Promise<void>): Promise<void> {
    try {
      await within(ms, work);
    } catch (error) {
      const { group } = this.#settings.subscription;
      this.#settings.log.warn({ group, errorMessage: messageOf(error) }, 'consumer left without a farewell');
    }
  }

  #newConsumer(): Consumer {
    const { kafka, subscription, sessionTimeoutMs, heartbeatMs, maxWaitMs } = this.#settings;
    const consumer = kafka.consumer({
      groupId: subscription.group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(10_000, sessionTimeoutMs),
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: maxWaitMs,
      minBytes: 1,
      allowAutoTopicCreation: false,
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      if (consumer === this.#consumer) this.#assigned(payload);
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#crashed(consumer, payload.error));
    return consumer;
  }

  async #run(): Promise<void> {
    const { topics, fromBeginning = false } = this.#settings.subscription;
    const consumer = this.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      partitionsConsumedConcurrently: 1,
      eachBatch: async (payload) => {
        if (consumer === this.#consumer) await this.#read(payload);
      },
    });
    // Stopped while it joined: it must not stay in the group, where it would hold partitions that it does not read.
    if (this.#stopped) await consumer.disconnect();
  }

  /** Never waits for the worker, so a slow handler holds no partition and heartbeats go on. */
  async #read(payload: EachBatchPayload): Promise<void> {
    this.#heartbeat = () => payload.heartbeat();
    if (this.#draining) return;
    const { batch } = payload;
    const { topic, partition } = batch;
    const reader = this.#readers.get(placeOf(topic, partition));
    if (reader === undefined) return;
    reader.sawEnd(Number(batch.highWatermark));
    const parcels: KafkaParcel[] = [];
    for (const { offset, key, value, headers } of batch.messages) {
      const record: RawRecord = {
        topic,
        partition,
        offset: Number(offset),
        key,
        value,
        headers: textHeaders(headers),
      };
      try {
        const event = isDeadLetterTopic(topic)
          ? parkedEvent(readLetter(record))
          : readEnvelope(record.headers, value);
        const parcel = new KafkaParcel(event, record, reader);
        if (reader.open(parcel)) parcels.push(parcel);
      } catch (error) {
        const entry = { offset: record.offset, settled: false };
        if (reader.open(entry)) this.#parkBroken(record, error, () => reader.settle(entry));
      }
    }
    reader.pauseIfFull();
    this.#worker.accept(parcels);
  }

  async #park(record: RawRecord, error: unknown, attempts: number): Promise<void> {
    const { park, subscription } = this.#settings;
    await park({ record, group: subscription.group, error, attempts });
    this.#tallies.get(record.topic)!.parked += 1;
  }

  #parkBroken(record: RawRecord, error: unknown, done: () => void): void {
    const { backOff } = this.#settings;
    const attempt = async (failures: number): Promise<void> => {
      try {
        await this.#park(record, error, 0);
        done();
      } catch {
        if (this.#draining) return;
        await new Promise((resolve) => setTimeout(resolve, backOff(failures)));
        return attempt(failures + 1);
      }
    };
    const parking = attempt(1).finally(() => this.#parking.delete(parking));
    this.#parking.add(parking);
  }

  #assigned({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const consumer = this.#consumer;
    // With a new member id we may have missed generations in which others moved our partitions on.
    const continues = memberId === this.#memberId;
    if (!continues) this.#forgetPace();
    this.#memberId = memberId;
    const { paceMs } = this.#settings.subscription;
    if (!continues && paceMs !== undefined) paceFetches(memberId, new Pace(paceMs));
    this.#failure = undefined;
    const mine = new Set<string>();
    for (const [topic, partitions] of Object.entries(memberAssignment)) {
      for (const partition of partitions) {
        const place = placeOf(topic, partition);
        mine.add(place);
        const known = this.#readers.get(place);
        if (known && continues) {
          const { next } = known.ledger;
          if (next !== undefined) consumer.seek({ topic, partition, offset: String(next) });
          continue;
        }
        known?.ledger.revoke();
        const reader = this.#newReader(topic, partition);
        this.#readers.set(place, reader);
        const end = this.#ends.get(place);
        if (end === undefined) consumer.resume([{ topic, partitions: [partition] }]);
        else {
          consumer.seek({ topic, partition, offset: String(end) });
          // Committed at once, so that a later member does not begin at a later end.
          reader.ledger.giveBack(end);
          this.#commitSoon();
        }
      }
    }
    for (const [place, reader] of this.#readers) {
      if (mine.has(place)) continue;
      reader.ledger.revoke();
      this.#readers.delete(place);
    }
    this.#ends.clear();
    this.#joined();
  }

  #newReader(topic: string, partition: number): PartitionReader {
    const place = [{ topic, partitions: [partition] }];
    const tally = this.#tallies.get(topic)!;
    return new PartitionReader(
      { topic, partition, cap: this.#settings.cap },
      {
        pause: () => this.#consumer.pause(place),
        resume: () => this.#consumer.resume(place),
        progressed: () => {
          tally.handled += 1;
          this.#commitSoon();
        },
      },
    );
  }

  #commitSoon(): void {
    this.#commitTimer ??= setTimeout(() => {
      this.#commitTimer = undefined;
      void this.#commit();
    }, this.#settings.commitEveryMs);
  }

  #commit(): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commitNow());
    return this.#committing;
  }

  async #commitNow(): Promise<void> {
    const taken: { reader: PartitionReader; offset: number }[] = [];
    for (const reader of this.#readers.values()) {
      const offset = reader.ledger.takeCommittable();
      if (offset !== undefined) taken.push({ reader, offset });
    }
    if (taken.length === 0) return;
    try {
      await this.#consumer.commitOffsets(
        taken.map(({ reader: { topic, partition }, offset }) => ({
          topic,
          partition,
          offset: String(offset),
        })),
      );
    } catch (error) {
      // The group is rebalancing or the broker is away: handlers survive a second delivery.
      for (const { reader, offset } of taken) reader.ledger.giveBack(offset);
      if (this.#draining) {
        const { group } = this.#settings.subscription;
        this.#settings.log.warn({ group, errorCode: codeOf(error) }, 'offsets not committed before stopping');
      } else this.#commitSoon();
    }
  }

  /** A partition that is held up brings no news of its end. */
  async #lookForEnds(): Promise<void> {
    const held = new Set([...this.#readers.values()].flatMap(({ paused, topic }) => (paused ? topic : [])));
    for (const topic of held) {
      // Without an answer the figure stays what the last fetch told: a lower bound.
      const ends = await within(ENDS_WITHIN_MS, this.#settings.admin.fetchTopicOffsets(topic)).catch(
        () => [],
      );
      for (const { partition, high } of ends)
        this.#readers.get(placeOf(topic, partition))?.sawEnd(Number(high));
    }
  }

  async #uncommittedEnds(): Promise<Map<string, number>> {
    const { admin, subscription } = this.#settings;
    const topics = [...subscription.topics];
    const committed = await admin.fetchOffsets({ groupId: subscription.group, topics });
    const ends = new Map<string, number>();
    for (const { topic, partitions } of committed) {
      const fresh = new Set(
        partitions.filter(({ offset }) => offset === '-1').map((entry) => entry.partition),
      );
      if (fresh.size === 0) continue;
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        if (fresh.has(partition)) ends.set(placeOf(topic, partition), Number(high));
      }
    }
    return ends;
  }

  #crashed(crashed: Consumer, error: Error): void {
    if (crashed !== this.#consumer) return;
    this.#failure = error;
    if (this.#draining) return;
    const { log, subscription } = this.#settings;
    log.error(
      { group: subscription.group, errorCode: codeOf(error), err: error },
      'consumer failed, starts again',
    );
    // From now on nothing that the old one does is ours.
    const next = (this.#consumer = this.#newConsumer());
    crashed.disconnect().catch(() => undefined);
    this.#restartTimer = setTimeout(() => {
      this.#run().catch((cause: unknown) => this.#crashed(next, cause as Error));
    }, RESTART_AFTER_MS);
  }

  #retrying({ event, attempts, record }: KafkaParcel, error: unknown, delayMs: number): void {
    this.#tallies.get(record.topic)!.retried += 1;
    this.#settings.log.warn(
      {
        topic: record.topic,
        group: this.#settings.subscription.group,
        eventId: event.id,
        runId: event.subject,
        attempt: attempts,
        delayMs: Math.round(delayMs),
        errorCode: codeOf(error),
        errorMessage: messageOf(error),
      },
      'event failed, will be tried again',
    );
  }
}

const START_WITHIN_MS = 120_000;
/** kafkajs calls it final: it looks for a coordinator a few times only. */
const NO_COORDINATOR = 'KafkaJSGroupCoordinatorNotFound';
/** What its admin client trips over where a broker answers without a topic that was made a moment ago. */
const NOT_IN_THE_ANSWER = 'TypeError';

/** A broker that has just started loads its groups for a while; kafkajs's admin client does not wait for it. */
async function whileRetriable<T>(work: () => Promise<T>, backOff: BackOff): Promise<T> {
  const deadline = Date.now() + START_WITHIN_MS;
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      const { retriable, name } = error as { retriable?: boolean; name?: string };
      const passing = retriable === true || name === NO_COORDINATOR || name === NOT_IN_THE_ANSWER;
      if (!passing || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.max(50, backOff(failures))));
    }
  }
}

const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

function textHeaders(headers: IHeaders | undefined): Record<string, string> {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) text[name] = Array.isArray(value) ? String(value[0]) : value.toString();
  }
  return text;
}
