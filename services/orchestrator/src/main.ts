import { KafkaBus, LocalBus, type Bus, type Log } from '@duofactory/messaging';
import {
  Database,
  PlatformConfig,
  createLogger,
  loadConfig,
  startEmbeddedPostgres,
} from '@duofactory/platform';
import { ORCHESTRATOR_MIGRATIONS, ORCHESTRATOR_SCHEMA } from './orchestrator.module.js';
import { startOrchestrator } from './start-orchestrator.js';

const config = loadConfig(PlatformConfig);
const log = createLogger('orchestrator', { level: config.logLevel });

const postgres = config.databaseUrl === undefined ? await startEmbeddedPostgres(config) : undefined;
const database = await Database.open({
  url: config.databaseUrl ?? postgres!.url,
  schema: ORCHESTRATOR_SCHEMA,
  poolSize: config.databasePool,
  migrations: ORCHESTRATOR_MIGRATIONS,
});
const bus = busOf(config, log);
const orchestrator = await startOrchestrator({ bus, database, log, httpPort: config.httpPort });
await bus.start();
console.log(
  `Orchestrator: ${orchestrator.url}/api (bus: ${config.bus}, database: ${postgres ? 'embedded' : 'by URL'})`,
);
console.log('Ctrl-C stops it; its data stay.');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop());

async function stop(): Promise<void> {
  await bus.drain();
  await orchestrator.stop();
  await bus.stop();
  await database.close();
  await postgres?.stop();
}

function busOf({ bus: kind, kafkaBrokers, kafkaSsl, kafkaPartitions }: PlatformConfig, busLog: Log): Bus {
  if (kind === 'local') return new LocalBus({ log: busLog });
  return new KafkaBus({
    brokers: kafkaBrokers,
    clientId: 'orchestrator',
    ssl: kafkaSsl,
    partitions: kafkaPartitions,
    log: busLog,
  });
}
