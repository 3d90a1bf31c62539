import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { BusStrategy, Outbox, OutboxRelay, type Bus, type Log } from '@duofactory/messaging';
import { SystemClock, configureHttp, type Clock, type Database } from '@duofactory/platform';
import { AdvanceRuns } from './app/advance-runs.js';
import { OrchestratorModule } from './orchestrator.module.js';

const SWEEP_EVERY_MS = 1000;

export interface RunningOrchestrator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Drains: what is in hand ends, nothing new begins. The bus and the database belong to the caller. */
  stop(): Promise<void>;
}

/** Starts the orchestrator on a bus and a database that the caller made; the caller starts the bus afterwards. */
export async function startOrchestrator(of: {
  bus: Bus;
  database: Database;
  log: Log;
  httpPort: number;
  clock?: Clock;
}): Promise<RunningOrchestrator> {
  const clock = of.clock ?? new SystemClock();
  const outbox = new Outbox({ now: () => clock.now() });
  const relay = new OutboxRelay({
    bus: of.bus,
    outbox,
    sql: of.database,
    log: of.log,
    now: () => clock.now(),
  });
  const module = OrchestratorModule.with({ database: of.database, outbox, relay, clock });
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: false });
  app.useBodyParser('json', { limit: '10mb' });
  configureHttp(app, (error) => of.log.error({ errorMessage: String(error) }, 'request failed'));
  app.connectMicroservice({ strategy: new BusStrategy({ bus: of.bus, group: 'orchestrator' }) });
  await app.startAllMicroservices();
  await relay.start();
  await app.listen(of.httpPort, '127.0.0.1');
  const sweeping = sweepRegularly(app.get(AdvanceRuns), clock, of.log);
  return {
    url: await app.getUrl(),
    async stop() {
      await sweeping.stop();
      await app.close();
      await relay.stop();
    },
  };
}

/** Back-offs, deadlines and lost attempts: looked for every second, one look at a time. */
function sweepRegularly(advance: AdvanceRuns, clock: Clock, log: Log): { stop(): Promise<void> } {
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();
  let callOff = (): void => undefined;
  const next = (): void => {
    callOff = clock.setTimer(SWEEP_EVERY_MS, () => {
      looking = advance
        .sweep()
        .catch((error: unknown) =>
          log.error({ errorMessage: String(error) }, 'sweep failed, will be tried again'),
        )
        .finally(() => {
          if (!stopped) next();
        });
    });
  };
  next();
  return {
    async stop() {
      stopped = true;
      callOff();
      await looking;
    },
  };
}
