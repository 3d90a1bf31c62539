import { CONTRACTS, blockRequestedV1 } from '@duofactory/contracts';
import {
  AnnouncedDeadLetters,
  DeadLetterStore,
  KafkaBus,
  LocalBus,
  type Bus,
  type Log,
} from '@duofactory/messaging';
import { FsObjectStore, type ObjectStore } from '@duofactory/objects';
import { join } from 'node:path';
import { InvalidConfiguration } from '../configuration.js';
import type { PlatformConfig } from '../platform-config.js';

/**
 * The bus that the configuration names. Whoever opens it starts and stops it. Kafka keeps dead letters in topics and
 * announces them; the local bus puts them into the store that is given.
 */
export function openBus(config: PlatformConfig, clientId: string, log: Log, letters?: DeadLetterStore): Bus {
  if (config.bus === 'local') return new LocalBus({ log, ...(letters ? { deadLetters: letters } : {}) });
  const { kafkaBrokers, kafkaSsl, kafkaPartitions, kafkaSaslMechanism } = config;
  const kafka: KafkaBus = new KafkaBus({
    brokers: kafkaBrokers,
    clientId,
    ssl: kafkaSsl,
    partitions: kafkaPartitions,
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

export function openObjects({ objects, dataDir }: PlatformConfig): ObjectStore {
  if (objects === 'fs') return new FsObjectStore(join(dataDir, 'objects'));
  throw new InvalidConfiguration([
    'DUOFACTORY_OBJECTS is "s3": this version stores objects as files only; set it to fs',
  ]);
}
