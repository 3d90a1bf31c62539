import { checkConfiguration, InvalidConfiguration, loadConfig } from '../configuration.js';
import { startEmbeddedPostgres } from '../embedded-postgres.js';
import { createLogger } from '../log.js';
import { processMetrics } from '../metrics/process-metrics.js';
import { PlatformConfig } from '../platform-config.js';
import { openTracing } from '../tracing/open-tracing.js';
import { TracingConfig } from '../tracing/tracing-config.js';
import { SystemClock } from '../clock.js';
import { boundHeapGrowth } from './heap-growth.js';
import { IdleMemory } from './idle-memory.js';
import { openBus, openObjects } from './open-parts.js';
import { PartNotReached } from './part-not-reached.js';
import { reachBus } from './reach-bus.js';
import { reachDatabase } from './reach-database.js';
import { reachObjects } from './reach-objects.js';
import type { ServiceDefinition } from './service-definition.js';
import { startService } from './start-service.js';

const SERVICE_STOPS_WITHIN_MS = 2000;
/** From the end of the grace to the end of all. */
const STOP_WITHIN_MS = 6000;

/** The whole life of a process that runs one service: boot, serve until a signal, drain, stop. */
export async function runService(definition: ServiceDefinition, env = process.env): Promise<void> {
  try {
    await serve(definition, env);
  } catch (error) {
    const told = error instanceof InvalidConfiguration || error instanceof PartNotReached;
    console.error(`${definition.name} did not start.`, told ? error.message : error);
    process.exit(1);
  }
}

async function serve(definition: ServiceDefinition, env: NodeJS.ProcessEnv): Promise<void> {
  checkConfiguration([PlatformConfig, TracingConfig, ...(definition.configuration ?? [])], env);
  const config = loadConfig(PlatformConfig, env);
  const tracing = await openTracing(definition.name, loadConfig(TracingConfig, env));
  const log = createLogger(definition.name, { level: config.logLevel });
  if (config.databaseUrl !== undefined) await reachDatabase(config.databaseUrl);
  const postgres = config.databaseUrl === undefined ? await startEmbeddedPostgres(config) : undefined;
  const bus = openBus(config, definition.name, log);
  await reachBus(bus, config);
  const objects = openObjects(config);
  await reachObjects(objects, config);
  const service = await startService(definition, {
    env,
    config,
    databaseUrl: config.databaseUrl ?? postgres!.url,
    bus,
    objects,
    log,
    tracing,
    processMetrics: processMetrics(bus, { on: config.metrics, labels: { service: definition.name } }),
    urls: {
      orchestrator: config.orchestratorUrl ?? `http://127.0.0.1:${config.httpPort}`,
      llmRunner: config.llmRunnerUrl ?? `http://127.0.0.1:${config.httpPort}`,
      api: config.apiUrl ?? `http://127.0.0.1:${config.httpPort}`,
    },
  });
  await bus.start();
  const url = await service.listen(config.httpPort, config.httpHost);
  log.info({ url, bus: config.bus }, 'serving');
  if (config.bus === 'local')
    log.warn(
      'The bus is local: no other process reaches this one. Set DUOFACTORY_BUS to kafka to join the others.',
    );

  boundHeapGrowth();
  const memory = new IdleMemory(new SystemClock());
  memory.start();

  const signal = await new Promise<string>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'draining');
  memory.stop();
  // Whoever waits for us kills us then, and calls that a failure too.
  const afterMs = config.drainGraceMs + STOP_WITHIN_MS;
  const watchdog = setTimeout(() => {
    log.error({ afterMs }, 'not drained in time: what is unfinished comes again');
    process.exit(1);
  }, afterMs);
  service.readiness.stopping = true;
  await bus.drain(config.drainGraceMs);
  await within(SERVICE_STOPS_WITHIN_MS, service.stop(), () =>
    log.warn({}, 'messages are left in the outbox: the next start publishes them'),
  );
  await bus.stop();
  await tracing.close();
  if (postgres?.launched) await postgres.stop();
  clearTimeout(watchdog);
  log.info({}, 'stopped');
  // A client's forgotten timer keeps no process alive.
  process.exit(0);
}

/** Goes on after so long, whether the work has ended or not. */
async function within(ms: number, work: Promise<void>, late: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      late();
      resolve();
    }, ms);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
}
