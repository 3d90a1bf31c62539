import { CONTRACTS, blockRequestedV1 } from '@duofactory/contracts';
import {
  AnnouncedDeadLetters,
  DeadLetterStore,
  KafkaBus,
  LocalBus,
  type Bus,
  type Log,
} from '@duofactory/messaging';
import { FsObjectStore, S3ObjectStore, type ObjectStore } from '@duofactory/objects';
import { join } from 'node:path';
import type { PlatformConfig } from '../platform-config.js';

/**
 * The bus that the configuration names. Whoever opens it starts and stops it. Kafka keeps dead letters in topics, the
 * local bus puts them into the store that is given; both announce them.
 */
export function openBus(config: PlatformConfig, clientId: string, log: Log, letters?: DeadLetterStore): Bus {
  if (config.bus === 'local') return openLocalBus(log, letters);
  const { kafkaBrokers, kafkaSsl, kafkaPartitions, kafkaSessionMs, kafkaSaslMechanism } = config;
  const kafka: KafkaBus = new KafkaBus({
    brokers: kafkaBrokers,
    clientId,
    ssl: kafkaSsl,
    partitions: kafkaPartitions,
    sessionTimeoutMs: kafkaSessionMs,
    log,
    deadLetters: new AnnouncedDeadLetters((messages) => kafka.publish(messages)),
    ...(kafkaSaslMechanism === undefined
      ? {}
      : {
          sasl: {
            mechanism: kafkaSaslMechanism as 'plain' | 'scram-sha-256' | 'scram-sha-512',
            username: config.kafkaSaslUsername!,
            password: config.kafkaSaslPassword!,
          },
        }),
  });
  return kafka;
}

function openLocalBus(log: Log, letters?: DeadLetterStore): Bus {
  const bus: LocalBus = new LocalBus({
    log,
    deadLetters: new AnnouncedDeadLetters(async (messages) => {
      // Not awaited: who hears of a letter must not hold up the consumer that goes on.
      bus.publish(messages).catch((error: unknown) => log.warn({ err: error }, 'dead letter not announced'));
    }, letters),
  });
  return bus;
}

/** Every topic of the contracts but those of block types, which come with the service that works on them. */
export async function ensureContractTopics(bus: Bus): Promise<void> {
  const topics = new Map(
    CONTRACTS.filter(({ type }) => type !== blockRequestedV1.type).map(({ topic, compacted }) => [
      topic,
      { name: topic, ...(compacted ? { compacted } : {}) },
    ]),
  );
  await bus.ensureTopics([...topics.values()]);
}

/** Without keys of its own S3 gets what the vendor's SDK finds (AWS_ACCESS_KEY_ID, a profile, a role). */
export function openObjects({ objects, dataDir, ...s3 }: PlatformConfig): ObjectStore {
  if (objects === 'fs') return new FsObjectStore(join(dataDir, 'objects'));
  return new S3ObjectStore({
    bucket: s3.s3Bucket!,
    pathStyle: s3.s3PathStyle,
    ...(s3.s3Endpoint === undefined ? {} : { endpoint: s3.s3Endpoint }),
    ...(s3.s3Region === undefined ? {} : { region: s3.s3Region }),
    ...(s3.s3AccessKeyId === undefined
      ? {}
      : { credentials: { accessKeyId: s3.s3AccessKeyId, secretAccessKey: s3.s3SecretAccessKey! } }),
  });
}
