import type { Bus } from '@duofactory/messaging';
import type { PlatformConfig } from '../platform-config.js';
import { ensureContractTopics } from './open-parts.js';
import { PartNotReached } from './part-not-reached.js';

const BROKERS = 'DUOFACTORY_KAFKA_BROKERS';

/** The first that is asked of a bus: its topics. Throws PartNotReached where the brokers are not there or refuse. */
export async function reachBus(bus: Bus, config: PlatformConfig): Promise<void> {
  try {
    await ensureContractTopics(bus);
  } catch (cause) {
    const reason = innermost(cause as KafkaError);
    if (!reason.name.startsWith('KafkaJS')) throw cause;
    const [variable, said] = remedyOf(reason, config);
    throw new PartNotReached(variable, said, { cause });
  }
}

/** What the client's errors carry, by https://kafka.js.org/docs/retry-detailed and its `errors.js`. */
interface KafkaError extends Error {
  /** `host:port`, where it is about one. */
  readonly broker?: string;
}

/** What it gave up on, not that it gave up. */
function innermost(error: KafkaError): KafkaError {
  const { cause } = error;
  const named = (cause as Error | undefined)?.name;
  return named?.startsWith('KafkaJS') ? innermost(cause as KafkaError) : error;
}

function remedyOf(
  { name, message, broker }: KafkaError,
  { kafkaBrokers, kafkaSsl, kafkaSaslUsername }: PlatformConfig,
): [variable: string, said: string] {
  const all = kafkaBrokers.join(', ');
  if (name === 'KafkaJSSASLAuthenticationError') {
    const said = `Kafka at ${all} does not let user "${kafkaSaslUsername ?? ''}" in (${message}). Check DUOFACTORY_KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD`;
    return ['DUOFACTORY_KAFKA_SASL_USERNAME', said];
  }
  if (name === 'KafkaJSProtocolError')
    return [
      BROKERS,
      `Kafka at ${all} refuses to list or make the topics (${message}). Check the user's rights`,
    ];
  if (broker !== undefined && !kafkaBrokers.includes(broker)) {
    const said = `Kafka answers at ${all}, but says that it is at ${broker}, where nothing answers (${message}). Let its advertised.listeners say what this process can reach`;
    return [BROKERS, said];
  }
  const said = `no Kafka answers at ${all} (${message}). Start it, check host and port, and DUOFACTORY_KAFKA_SSL (${kafkaSsl})`;
  return [BROKERS, said];
}
