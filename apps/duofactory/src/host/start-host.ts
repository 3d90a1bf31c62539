import { DeadLetterStore, type DeadLetter } from '@duofactory/messaging';
import {
  boundHeapGrowth,
  checkConfiguration,
  createLogger,
  IdleMemory,
  keepConnections,
  loadConfig,
  openBus,
  openObjects,
  openTracing,
  PlatformConfig,
  processMetrics,
  reachBus,
  reachDatabase,
  reachObjects,
  startEmbeddedPostgres,
  startService,
  SystemClock,
  TracingConfig,
  type RunningService,
} from '@duofactory/platform';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { dispatch } from './dispatch.js';
import { services as definitions } from './services.js';
import { becomeSoleHost } from './sole-host.js';
import { openStudioFiles } from './studio-files.js';

export interface Host {
  readonly url: string;
  readonly config: PlatformConfig;
  /** Finishes what is in hand, then stops everything, the embedded PostgreSQL last. */
  stop(): Promise<void>;
}

/** The port is taken: another program, or another host, listens there. */
export class PortTaken extends Error {
  readonly code = 'port-taken';
  constructor(port: number) {
    super(`Port ${port} is in use: stop what listens there, or set DUOFACTORY_HTTP_PORT (0: any free port)`);
  }
}

/** Where the local bus puts what it gives up on; the table belongs to the orchestrator, which starts later. */
class LateDeadLetters extends DeadLetterStore {
  store: DeadLetterStore | undefined;
  async keep(letter: DeadLetter): Promise<void> {
    if (!this.store) throw new Error('The table of dead letters is not open yet');
    await this.store.keep(letter);
  }
}

/** All services in one process, behind one port. */
export async function startHost(env: NodeJS.ProcessEnv): Promise<Host> {
  const ofServices = definitions.flatMap(({ configuration = [] }) => configuration);
  checkConfiguration([PlatformConfig, TracingConfig, ...ofServices], env);
  const config = loadConfig(PlatformConfig, env);
  const tracing = await openTracing('duofactory', loadConfig(TracingConfig, env));
  const log = createLogger('host', { level: config.logLevel });
  let answer: RequestListener = (_request, response) =>
    void response.writeHead(503, { 'retry-after': '1' }).end('DuoFactory is starting');
  const server = createServer((request, response) => answer(request, response));
  keepConnections(server);
  const url = await listen(server, config.httpPort, config.httpHost);

  const undo: (() => Promise<void>)[] = [async () => closeServer(server)];
  const stopAll = async (): Promise<void> => {
    for (const one of undo.reverse().splice(0)) await one();
  };
  try {
    if (config.databaseUrl !== undefined) await reachDatabase(config.databaseUrl);
    const dataDir = resolve(config.dataDir);
    const postgres = config.databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir }) : undefined;
    // One that ran already may be another host's, until that is known not to be there.
    let ours = postgres?.launched ?? false;
    undo.unshift(async () => {
      if (ours) await postgres!.stop();
    });
    const databaseUrl = config.databaseUrl ?? postgres!.url;
    if (config.bus === 'local') {
      undo.push(await becomeSoleHost(databaseUrl));
      ours = postgres !== undefined;
    }

    const letters = new LateDeadLetters();
    const bus = openBus(config, 'duofactory', log, letters);
    undo.push(() => tracing.close());
    undo.push(() => bus.stop());
    await reachBus(bus, config);
    const objects = openObjects({ ...config, dataDir });
    await reachObjects(objects, config);
    const urls = {
      orchestrator: config.orchestratorUrl ?? url,
      llmRunner: config.llmRunnerUrl ?? url,
      api: config.apiUrl ?? url,
    };
    const running: RunningService[] = [];
    undo.push(async () => void (await Promise.all(running.map((service) => service.stop()))));
    const started = await Promise.allSettled(
      definitions.map(async (definition) => {
        const serviceLog = createLogger(definition.name, { level: config.logLevel });
        const surroundings = { env, config, databaseUrl, bus, objects, log: serviceLog, tracing, urls };
        running.push(await startService(definition, surroundings));
      }),
    );
    // Once all are there or have failed: those that are, are stopped before the failure is told.
    const failed = started.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
    letters.store = running.find(({ definition }) => definition.name === 'orchestrator')!.deadLetters;
    undo.push(() => bus.drain(config.drainGraceMs));
    const ofProcess = processMetrics(bus, { on: config.metrics });
    answer = dispatch(running, { ofProcess, studio: await openStudioFiles(), url });
    await bus.start();
    boundHeapGrowth();
    const memory = new IdleMemory(new SystemClock());
    memory.start();
    undo.push(async () => memory.stop());
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { url, config, stop: stopAll };
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? new PortTaken(port) : error;
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server): Promise<void> {
  server.close();
  // Event streams never end by themselves.
  server.closeAllConnections();
}
