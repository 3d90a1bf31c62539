import { runCompletedV1, runRequestedV1, type CloudEvent, type RunCompleted } from '@duofactory/contracts';
import { LocalBus, KafkaBus, type Bus } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { orchestratorService } from '@duofactory/orchestrator';
import {
  PlatformConfig,
  createLogger,
  ensureContractTopics,
  startService,
  type RunningService,
  type Tracing,
} from '@duofactory/platform';
import { freePorts } from '@duofactory/testing/network';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { noopService } from './noop-service.js';

const OTHERS = ['llm-runner', 'evaluator', 'sheets-sync', 'media', 'publisher'];

/** The orchestrator and a no-op worker, and how a client reaches them. */
export interface System {
  readonly url: string;
  readonly databaseUrl: string;
  /** Publishes requests for runs, as another service would. */
  requestRuns(workflow: string, ids: readonly string[]): Promise<void>;
  /** Resolves when so many more runs have ended. */
  untilEnded(count: number): Promise<void>;
  readonly processes: readonly { name: string; pid: number }[];
  stop(): Promise<void>;
}

/** Both in this process, on the local bus. */
export async function embeddedSystem(
  databaseUrl: string,
  folder: string,
  tracing?: Tracing,
): Promise<System> {
  const bus = new LocalBus();
  await ensureContractTopics(bus);
  const config = new PlatformConfig();
  const start = (definition: typeof noopService): Promise<RunningService> =>
    startService(definition, {
      env: {},
      config,
      databaseUrl,
      bus,
      objects: new FsObjectStore(folder),
      ...(tracing ? { tracing } : {}),
      log: createLogger(definition.name, { level: 'error' }),
      urls: {
        orchestrator: 'http://127.0.0.1:9',
        llmRunner: 'http://127.0.0.1:9',
        api: 'http://127.0.0.1:9',
      },
    });
  const orchestrator = await start(orchestratorService);
  const worker = await start(noopService);
  const ended = await countEnds(bus);
  await bus.start();
  const url = await orchestrator.listen(0);
  return {
    url,
    databaseUrl,
    ...ended,
    requestRuns: (workflow, ids) => requestRuns(bus, workflow, ids),
    processes: [{ name: 'host', pid: process.pid }],
    async stop() {
      await bus.drain();
      await Promise.all([orchestrator.stop(), worker.stop()]);
      await bus.stop();
    },
  };
}

/** A process each, over Kafka. */
export async function kafkaSystem(
  databaseUrl: string,
  brokers: readonly string[],
  folder: string,
): Promise<System> {
  const [orchestratorPort, workerPort, ...otherPorts] = (await freePorts(2 + OTHERS.length)) as [
    number,
    number,
    ...number[],
  ];
  const env = {
    ...process.env,
    DUOFACTORY_BUS: 'kafka',
    DUOFACTORY_KAFKA_BROKERS: brokers.join(','),
    DUOFACTORY_DATABASE_URL: databaseUrl,
    DUOFACTORY_DATA_DIR: folder,
    DUOFACTORY_LOG_LEVEL: 'error',
    DUOFACTORY_ORCHESTRATOR_URL: `http://127.0.0.1:${orchestratorPort}`,
  };
  const orchestrator = launch(
    fileURLToPath(new URL('../../services/orchestrator/dist/main.js', import.meta.url)),
    { ...env, DUOFACTORY_HTTP_PORT: String(orchestratorPort) },
  );
  const worker = launch(fileURLToPath(new URL('noop-main.js', import.meta.url)), {
    ...env,
    DUOFACTORY_HTTP_PORT: String(workerPort),
  });
  // The product as it is run: its other services stand beside, with nothing to do.
  const others = OTHERS.map((name, i) => ({
    name,
    process: launch(fileURLToPath(new URL(`../../services/${name}/dist/main.js`, import.meta.url)), {
      ...env,
      DUOFACTORY_HTTP_PORT: String(otherPorts[i]),
    }),
  }));
  const ports = [orchestratorPort, workerPort, ...otherPorts];
  await Promise.all(ports.map((port) => untilServing(port)));
  const bus = new KafkaBus({ brokers: [...brokers], clientId: 'bench' });
  const ended = await countEnds(bus);
  await bus.start();
  return {
    url: `http://127.0.0.1:${orchestratorPort}`,
    databaseUrl,
    ...ended,
    requestRuns: (workflow, ids) => requestRuns(bus, workflow, ids),
    processes: [
      { name: 'orchestrator', pid: orchestrator.pid! },
      { name: 'worker', pid: worker.pid! },
      ...others.map(({ name, process: { pid } }) => ({ name, pid: pid! })),
    ],
    async stop() {
      await bus.drain();
      await bus.stop();
      await Promise.all([orchestrator, worker, ...others.map((one) => one.process)].map(end));
    },
  };
}

/** A chain of no-op blocks, published as `chain-<length>` once its block type is known. */
export function publishChain(system: System, length: number): Promise<string> {
  const blocks = Array.from({ length }, (_, i) => ({ id: `b${i + 1}`, type: 'noop' }));
  return publish(system, { id: `chain-${length}`, blocks });
}

/** One run that fans out to so many no-op tasks and joins them. */
export function publishFan(system: System, count: number): Promise<string> {
  const blocks = [
    { id: 'fan', type: 'fan', needs: [], with: { count } },
    { id: 'work', type: 'noop', concurrency: 1000 },
    { id: 'all', type: 'join' },
  ];
  return publish(system, { id: `fan-${count}`, blocks, maxPayloads: 10 * count });
}

export async function publish(
  system: System,
  definition: { id: string } & Record<string, unknown>,
): Promise<string> {
  const { id } = definition;
  for (;;) {
    const response = await fetch(`${system.url}/api/workflows/${id}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ definition: { kind: 'workflow', ...definition } }),
    });
    if (response.ok) return id;
    const text = await response.text();
    if (!text.includes('unknown-type')) throw new Error(text);
    await pause(50);
  }
}

/** When each block of a run's chain was worked on, in milliseconds of the worker's clock. */
export async function workTimes(system: System, run: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ at: number }>(
      `SELECT (value->>'atMs')::float8 AS at FROM orchestrator.results WHERE run = $1 ORDER BY at`,
      [run],
    );
    return rows.map(({ at }) => at);
  } finally {
    await client.end();
  }
}

/** Share of a core that a process used since `before`, and its proportional memory. Linux. */
export function usageOf(pid: number): { cpuMs: number; pssBytes: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  return { cpuMs: ticks * 10, pssBytes: Number(pss?.[1] ?? 0) * 1024 };
}

export async function countEnds(bus: Bus): Promise<Pick<System, 'untilEnded'>> {
  let count = 0;
  let wanted = Infinity;
  let resolve = (): void => undefined;
  await bus.subscribe({
    group: `bench-${process.pid}-${Date.now()}`,
    topics: [runCompletedV1.topic],
    batch: async (events) => {
      for (const { type, data } of events) {
        if (type !== runCompletedV1.type) continue;
        const { status } = data as RunCompleted;
        // Whoever cancels runs does not count on them.
        if (status === 'cancelled') continue;
        if (status !== 'completed') throw new Error(JSON.stringify(data));
        count += 1;
      }
      if (count >= wanted) resolve();
    },
  });
  return {
    untilEnded: (more) =>
      new Promise((done) => {
        wanted = count + more;
        resolve = done;
      }),
  };
}

export async function requestRuns(bus: Bus, workflow: string, ids: readonly string[]): Promise<void> {
  const time = new Date().toISOString();
  const events = ids.map((id): CloudEvent => ({
    id,
    source: '/bench',
    type: runRequestedV1.type,
    time,
    data: { workflow },
  }));
  await bus.publish(events.map((event) => ({ topic: runRequestedV1.topic, key: event.id, event })));
}

function launch(script: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ['--max-semi-space-size=16', script], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

export async function untilServing(port: number): Promise<void> {
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(50);
  }
}
