export {
  Bus,
  BusStopped,
  InvalidSubscription,
  type Delivery,
  type Handled,
  type Message,
  type RunningSubscription,
  type Subscription,
  type TopicSpec,
} from './bus.js';
export type { CloudEvent } from '@duofactory/contracts';
export type { GroupFigures } from './work/tally.js';
export { exponential, type BackOff } from './back-off.js';
export { databaseOutage, type DatabaseOutage } from './database-outage.js';
export { codeOf, isOutage, isTerminal, messageOf } from './failure.js';
export type { Log } from './log.js';
export { LocalBus, type LocalBusOptions } from './local/local-bus.js';
export {
  AnnouncedDeadLetters,
  BodyNotKept,
  DeadLetterStore,
  deadLetterTopic,
  letterOf,
  redriven,
  type DeadLetter,
} from './dead-letter.js';
export { DeadLetterTable } from './dead-letter-table.js';
export { MalformedMessage, readEnvelope, writeHeaders } from './envelope.js';
export { Outbox, type OutboxOptions, type OutboxRow } from './outbox/outbox.js';
export { MESSAGING_MIGRATIONS } from './outbox/outbox-migration.js';
export { OutboxRelay, type OutboxDepth, type OutboxRelayOptions } from './outbox/outbox-relay.js';
export type { Sql, SqlStatement } from './outbox/sql.js';
export { BusStrategy, type BusStrategyOptions } from './nest/bus-strategy.js';
export { Consumes, ConsumesBatch, type ConsumesOptions } from './nest/consumes.js';
export { InvalidEvent, UnknownEventType } from './nest/event-check.js';
export { KafkaBus, type KafkaBusOptions } from './kafka/kafka-bus.js';
