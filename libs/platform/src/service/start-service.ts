import 'reflect-metadata';
import { CONTRACTS } from '@duofactory/contracts';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  BusStrategy,
  DeadLetterTable,
  Outbox,
  MESSAGING_MIGRATIONS,
  OutboxRelay,
  type Bus,
} from '@duofactory/messaging';
import type { ObjectStore } from '@duofactory/objects';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { SystemClock, type Clock } from '../clock.js';
import { Database } from '../database.js';
import { apiDocs } from '../http/api-docs.js';
import { configureHttp } from '../http/configure-http.js';
import { HealthController, ScrapedMetrics } from '../http/health.controller.js';
import { keepConnections } from '../http/keep-connections.js';
import { describeApi } from '../http/open-api.js';
import { Readiness } from '../http/readiness.js';
import { requestMetrics } from '../http/request-metrics.js';
import type { Logger } from '../log.js';
import { Metrics } from '../metrics/metrics.js';
import { countService } from '../metrics/service-metrics.js';
import type { PlatformConfig } from '../platform-config.js';
import { NoTracing, type Tracing } from '../tracing/tracing.js';
import { readActingUser } from '../http/acting-user.js';
import { requestTraces } from '../http/request-traces.js';
import type { ServiceDefinition, ServiceUrls } from './service-definition.js';
import { Transactions } from './transactions.js';

export interface ServiceSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly config: PlatformConfig;
  readonly databaseUrl: string;
  /** Not started yet: its owner starts it once every service of the process stands. */
  readonly bus: Bus;
  readonly objects: ObjectStore;
  readonly log: Logger;
  readonly urls: ServiceUrls;
  readonly clock?: Clock;
  /** Of the process, where this service is all of it. */
  readonly processMetrics?: Metrics;
  /** Default: none. Its owner closes it. */
  readonly tracing?: Tracing;
}

export interface RunningService {
  readonly definition: ServiceDefinition;
  /** Answers its part of `/api`, `/health` and `/metrics`. */
  readonly handle: RequestListener;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Where a bus within the process keeps what it gives up on. */
  readonly deadLetters: DeadLetterTable;
  /** OpenAPI 3.1 of its resources. */
  describe(): Promise<object>;
  /** Resolves with the URL. `host` default: this machine only. */
  listen(port: number, host?: string): Promise<string>;
  /** Call it after the bus is drained. What is in hand has ended; what is unsent lies in the outbox. */
  stop(): Promise<void>;
}

/** Requests in hand may take so long once the service stops. */
const CLOSE_WITHIN_MS = 1000;

@Module({})
class RootModule {}

/** Brings a service up on parts that its caller owns. Nothing is consumed before the bus starts. */
export async function startService(
  definition: ServiceDefinition,
  surroundings: ServiceSurroundings,
): Promise<RunningService> {
  const database = await Database.open({
    url: surroundings.databaseUrl,
    schema: definition.schema,
    poolSize: surroundings.config.databasePool,
    migrations: [...MESSAGING_MIGRATIONS, ...definition.migrations],
  });
  try {
    return await startOn(database, definition, surroundings);
  } catch (error) {
    // Its connections would keep the process alive.
    await database.close();
    throw error;
  }
}

async function startOn(
  database: Database,
  definition: ServiceDefinition,
  surroundings: ServiceSurroundings,
): Promise<RunningService> {
  const { env, config, bus, objects, log, urls, clock = new SystemClock() } = surroundings;
  const { tracing = new NoTracing() } = surroundings;
  const { name } = definition;
  const now = (): Date => clock.now();
  const outbox = new Outbox({ now });
  const relay = new OutboxRelay({ bus, outbox, sql: database, log, now });
  const metrics = new Metrics(config.metrics, { service: name });
  countService(metrics, { relay, database, clock });

  const room = await definition.create({
    env,
    config,
    database,
    transactions: new Transactions(name, database, outbox, relay, clock),
    outbox,
    relay,
    bus,
    objects,
    clock,
    log,
    metrics,
    tracing,
    urls,
  });
  const readiness = new Readiness({
    database: () => database.ready(),
    migrations: () => database.migrated(),
    broker: () => bus.ready(),
    objects: () => objects.ready(),
  });
  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: RootModule,
      imports: [room.module],
      controllers: [HealthController],
      providers: [
        { provide: Readiness, useValue: readiness },
        {
          provide: ScrapedMetrics,
          useValue: new ScrapedMetrics([
            metrics,
            ...(surroundings.processMetrics ? [surroundings.processMetrics] : []),
          ]),
        },
      ],
    },
    { logger: false, bodyParser: false, rawBody: definition.keepsJsonBytes ?? false },
  );
  const countRequest = requestMetrics(metrics);
  if (metrics.on) app.use(countRequest);
  app.useBodyParser('json', { limit: '10mb' });
  app.disable('x-powered-by');
  app.use(requestTraces(tracing));
  app.use(readActingUser);
  configureHttp(app, ({ error, requestId }) => log.error({ err: error, requestId }, 'request failed'));
  app.connectMicroservice({ strategy: new BusStrategy({ bus, group: name, contracts: CONTRACTS }) });
  let describing: Promise<object> | undefined;
  const describe = (): Promise<object> => (describing ??= describeApi(app, name));
  serveDocs(app, describe);
  keepConnections(app.getHttpServer());
  await app.init();
  await app.startAllMicroservices();
  const background = room.background ?? [];
  for (const one of background) await one.start();
  await relay.start();

  return {
    definition,
    handle: app.getHttpAdapter().getInstance() as RequestListener,
    metrics,
    readiness,
    deadLetters: new DeadLetterTable(database),
    describe,
    async listen(port, host = '127.0.0.1') {
      await app.listen(port, host);
      return (await app.getUrl()).replace('[::1]', '127.0.0.1');
    },
    async stop() {
      readiness.stopping = true;
      await closed(app);
      for (const one of [...background].reverse()) await one.stop();
      await relay.stop();
      await database.close();
    },
  };
}

/** Event streams never end by themselves. */
async function closed(app: NestExpressApplication): Promise<void> {
  const server = app.getHttpServer();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await app.close();
  clearTimeout(timer);
}

/** Beside the controllers: Nest's own router answers 404 to what it does not know. */
function serveDocs(app: NestExpressApplication, describe: () => Promise<object>): void {
  const docs = apiDocs(describe);
  app.use((request: IncomingMessage & { path: string }, response: ServerResponse, next: () => void) => {
    if (docs.owns(request.path)) docs.handle(request, response);
    else next();
  });
}
