export { aMessage, anEvent } from './bus/an-event.js';
export { busContract, type NewBus } from './bus/bus-contract.js';
export { Gate, Received } from './bus/received.js';
export { KafkaUnavailable } from './kafka/kafka-jars.js';
export { kafkaIfAvailable, startKafka, type KafkaBroker } from './kafka/start-kafka.js';
export { quietLog } from './bus/quiet-log.js';
export { objectStoreContract } from './objects/object-store-contract.js';
export { useDatabase, useEmptyDatabase } from './postgres/use-database.js';
export { startForTest, type ServiceUnderTest } from './service/start-for-test.js';
