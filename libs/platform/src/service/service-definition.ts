import type { DynamicModule } from '@nestjs/common';
import type { Bus, Outbox, OutboxRelay } from '@duofactory/messaging';
import type { ObjectStore } from '@duofactory/objects';
import type { MigrationInterface } from 'typeorm';
import type { Clock } from '../clock.js';
import type { Database } from '../database.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { PlatformConfig } from '../platform-config.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Transactions } from './transactions.js';

/** What a service is, for whoever boots it: alone by `runService`, or beside others in one process. */
export interface ServiceDefinition {
  readonly name: string;
  /** Its own schema of the database. */
  readonly schema: string;
  /** The path segments after `/api` that are this service's. */
  readonly resources: readonly string[];
  /** Its tables. Those of the outbox come by themselves. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** Classes of its own settings: checked before anything is started. */
  readonly configuration?: readonly (new () => object)[];
  /** Its controllers get the bytes of JSON bodies too (`rawBody`): numbers may be longer than what they are read as. */
  readonly keepsJsonBytes?: boolean;
  create(parts: ServiceParts): ServiceRoom | Promise<ServiceRoom>;
}

/** What a service works with. */
export interface ServiceParts {
  /** For the service's own settings, by `loadConfig`. */
  readonly env: NodeJS.ProcessEnv;
  readonly config: PlatformConfig;
  readonly database: Database;
  /** Changes with their events: what nearly all code wants of `outbox` and `relay`. */
  readonly transactions: Transactions;
  readonly outbox: Outbox;
  readonly relay: OutboxRelay;
  readonly bus: Bus;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Where the other services answer, without `/api`. */
  readonly urls: ServiceUrls;
}

export interface ServiceUrls {
  readonly orchestrator: string;
  readonly llmRunner: string;
  /** All of them: the host, or the router before processes. */
  readonly api: string;
}

export interface ServiceRoom {
  /** Its controllers and event handlers. */
  readonly module: DynamicModule;
  /** Started in order once the handlers are subscribed, stopped in reverse after the bus is drained. */
  readonly background?: readonly Background[];
}

/** Work that goes on by itself and has an owner. */
export interface Background {
  start(): Promise<void>;
  stop(): Promise<void>;
}
