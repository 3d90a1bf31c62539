// First: it loads kafkajs with a codec of its own, which nobody may have loaded before.
import '@duofactory/messaging';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Admin, Consumer, Kafka, Producer } from 'kafkajs';

const OUTSIDER = 'outsider';

export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RawMessage {
  readonly topic: string;
  /** Undefined: by the key. */
  readonly partition?: number;
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Backlog {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
}

/** Kafka as anybody may use it, beside the product: bytes in, bytes out, and where groups stand. */
export class RawKafka {
  readonly #kafka: Kafka;
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #consumers: Consumer[] = [];

  private constructor(brokers: readonly string[]) {
    this.#kafka = new kafkajs.Kafka({
      brokers: [...brokers],
      clientId: OUTSIDER,
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 100, maxRetryTime: 1000 },
    });
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({ allowAutoTopicCreation: false });
  }

  static async connect(brokers: readonly string[]): Promise<RawKafka> {
    const raw = new RawKafka(brokers);
    await Promise.all([raw.#admin.connect(), raw.#producer.connect()]);
    return raw;
  }

  /** In order; those of one topic together, in one batch, of which a broker takes a megabyte. */
  async send(messages: readonly RawMessage[]): Promise<void> {
    for (const [topic, ofTopic] of Map.groupBy(messages, (message) => message.topic)) {
      const batch = ofTopic.map(({ partition, key = null, value, headers = {} }) => {
        const place = partition === undefined ? {} : { partition };
        return { ...place, key, value, headers: { ...headers } };
      });
      await insisting(() => this.#producer.send({ topic, messages: batch }));
    }
  }

  topics(): Promise<string[]> {
    return insisting(() => this.#admin.listTopics());
  }

  async partitionsOf(topic: string): Promise<number> {
    return (await insisting(() => this.#admin.fetchTopicOffsets(topic))).length;
  }

  /** All that lies in the topics and all that comes. A group of its own, which commits nothing. */
  async tail(topics: readonly string[], onRecord: (record: RawRecord) => void): Promise<void> {
    const consumer = this.#kafka.consumer({
      groupId: `${OUTSIDER}-${randomUUID()}`,
      retry: { retries: 100, maxRetryTime: 1000, restartOnFailure: () => Promise.resolve(true) },
    });
    this.#consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const { offset, key, value, headers = {} } = message;
        const texts = Object.entries(headers).map(([name, one]) => [name, String(one)]);
        onRecord({
          ...{ topic, partition, offset: Number(offset), key, value },
          headers: Object.fromEntries(texts) as Record<string, string>,
        });
      },
    });
  }

  /** Partitions whose group has not committed all that is in them. */
  backlogs(ofGroup: (group: string) => boolean): Promise<Backlog[]> {
    return insisting(() => this.#backlogs(ofGroup));
  }

  /** Topics that members of groups read now, by group. Groups of outsiders do not count. */
  subscriptions(): Promise<Map<string, string[]>> {
    return insisting(() => this.#subscriptions());
  }

  async stop(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.disconnect()));
    await Promise.all([this.#admin.disconnect(), this.#producer.disconnect()]);
  }

  async #subscriptions(): Promise<Map<string, string[]>> {
    const { groups } = await this.#admin.listGroups();
    const ours = groups.map(({ groupId }) => groupId).filter((group) => !group.startsWith(OUTSIDER));
    const described = await this.#admin.describeGroups(ours);
    return new Map(
      described.groups.map(({ groupId, members }) => [
        groupId,
        // Of a group whose members change nothing is told but their names.
        members
          .filter(({ memberMetadata }) => memberMetadata.length > 0)
          .flatMap(
            ({ memberMetadata }) =>
              kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [],
          ),
      ]),
    );
  }

  /** Ends are asked for last: what comes in between counts as not read. */
  async #backlogs(ofGroup: (group: string) => boolean): Promise<Backlog[]> {
    const subscribed = await this.#subscriptions();
    const { groups } = await this.#admin.listGroups();
    const known = await Promise.all(
      groups
        .map(({ groupId }) => groupId)
        .filter(ofGroup)
        .map(async (group) => {
          const committed = new Map<string, Map<number, number>>();
          // A group that has read a topic and committed nothing of it yet is told nothing about.
          for (const topic of subscribed.get(group) ?? []) committed.set(topic, new Map());
          for (const { topic, partitions } of await this.#admin.fetchOffsets({ groupId: group })) {
            const offsets = partitions.map(({ partition, offset }) => [partition, Number(offset)] as const);
            committed.set(topic, new Map(offsets));
          }
          return { group, committed };
        }),
    );
    const topics = [...new Set(known.flatMap(({ committed }) => [...committed.keys()]))];
    const ends = new Map(
      await Promise.all(
        topics.map(async (topic) => [topic, await this.#admin.fetchTopicOffsets(topic)] as const),
      ),
    );
    return known.flatMap(({ group, committed }) =>
      [...committed].flatMap(([topic, offsets]) =>
        ends.get(topic)!.flatMap(({ partition, high }) => {
          const reached = Math.max(0, offsets.get(partition) ?? 0);
          const end = Number(high);
          return reached < end ? [{ group, topic, partition, committed: reached, end }] : [];
        }),
      ),
    );
  }
}

const TRIES = 300;

/** A broker that is away, or has just come back, is asked again for a minute and more. */
async function insisting<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES) throw error;
      await pause(250);
    }
  }
}
