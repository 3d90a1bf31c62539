export { KafkaUnavailable } from './kafka-jars.js';
export { RawKafka, type Backlog, type RawMessage, type RawRecord } from './raw-kafka.js';
export { kafkaIfAvailable, startKafka, type KafkaBroker } from './start-kafka.js';
