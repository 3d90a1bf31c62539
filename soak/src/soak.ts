import { RawKafka, type KafkaBroker } from '@duofactory/testing/kafka';
import { TcpProxy } from '@duofactory/testing/network';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { check, type Evidence } from './checker.js';
import { Nemesis, type FaultKind } from './nemesis.js';
import { NodeProcess } from './node-process.js';
import { Poison, poisonOf } from './poison.js';
import { Random } from './random.js';
import { State } from './state.js';
import { Vendor } from './vendor.js';
import { Workload } from './workload.js';

export interface SoakOptions {
  readonly faults: number;
  readonly seed: number;
  /** An empty database, as the checker reaches it. */
  readonly databaseUrl: string;
  /** With a proxy for each process. */
  readonly broker: KafkaBroker;
  /** For logs and data. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly seed: number;
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly seconds: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly ambiguous: number;
  readonly violations: readonly string[];
}

const ROOT = resolve(import.meta.dirname, '../..');
const PROCESSES = [
  ['orchestrator-1', 'services/orchestrator/dist/main.js'],
  ['orchestrator-2', 'services/orchestrator/dist/main.js'],
  ['worker-1', 'soak/dist/worker-main.js'],
  ['worker-2', 'soak/dist/worker-main.js'],
] as const;
/** Proxies that the broker must have. */
export const WAYS = PROCESSES.length;
const SESSION_MS = 2000;
const RUNS_AT_ONCE = 8;
/** Nothing moves for so long: it never will. */
const STUCK_MS = 10 * 60_000;

/** Two orchestrators and two workers at work while everything around them, and they themselves, go wrong. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { faults, seed, databaseUrl, broker, folder, say } = options;
  const began = Date.now();
  const random = new Random(seed);
  const vendor = await Vendor.open();
  const front = await TcpProxy.open();
  const frontUrl = `http://127.0.0.1:${front.port}`;
  const { hostname: host, port } = new URL(databaseUrl);
  const databases = await Promise.all(PROCESSES.map(() => TcpProxy.open({ host, port: Number(port) })));
  const addresses = new Map<string, { host: string; port: number }>();
  const nodes = PROCESSES.map(([name, script], i) => {
    const database = databases[i]!;
    const wire = broker.proxies[i]!;
    return new NodeProcess({
      ...{ name, database, broker: wire },
      script: join(ROOT, script),
      logFile: join(folder, `${name}.log`),
      env: {
        DUOFACTORY_BUS: 'kafka',
        DUOFACTORY_KAFKA_BROKERS: `127.0.0.1:${wire.port}`,
        DUOFACTORY_KAFKA_PARTITIONS: '4',
        DUOFACTORY_KAFKA_SESSION_MS: String(SESSION_MS),
        DUOFACTORY_DATABASE_URL: database.through(databaseUrl),
        DUOFACTORY_DATA_DIR: join(folder, 'data'),
        DUOFACTORY_HTTP_PORT: '0',
        DUOFACTORY_LOG_LEVEL: 'info',
        DUOFACTORY_ORCHESTRATOR_URL: frontUrl,
        SOAK_VENDOR: vendor.url,
      },
      ...(name.startsWith('orchestrator') && {
        onAddress: (address) => {
          if (address) addresses.set(name, address);
          else addresses.delete(name);
          front.to([...addresses.values()].at(-1));
        },
      }),
    });
  });
  const state = new State(databaseUrl);
  const workload = new Workload(() => frontUrl);
  const wanted: string[] = [];
  let kafka: RawKafka | undefined;
  try {
    for (const node of nodes) node.start();
    await Promise.all(nodes.map((node) => node.untilReady()));
    await workload.publishWorkflows();
    const undisturbed = new Set(await workload.startAll(`undisturbed-${seed}`));
    await untilQuiet(state, { workload: undefined });
    say(`undisturbed: ${undisturbed.size} runs in ${Date.now() - began} ms`);

    kafka = await RawKafka.connect(broker.brokers);
    const poison = new Poison(kafka);
    let open: readonly string[] = [];
    const victims = {
      nodes,
      broker,
      kafka,
      poison,
      workload,
      openRuns: () => open,
      sessionMs: SESSION_MS,
      say,
    };
    const nemesis = new Nemesis(victims, random);
    const topics = (await kafka.topics()).filter((topic) => topic.startsWith('duofactory.'));
    await kafka.tail(topics, (record) => nemesis.remember(record));

    let striking = true;
    const load = (async () => {
      for (let n = 1; striking; n += 1) {
        open = await openRuns(state);
        if (open.length < RUNS_AT_ONCE) wanted.push(await workload.startOne(random, `run-${seed}-${n}`));
        else await pause(50);
      }
    })();
    await Promise.all([nemesis.strike(faults).finally(() => (striking = false)), load]);
    say(`faults are over after ${Date.now() - began} ms; ${wanted.length} runs were started`);

    await Promise.all(nodes.map((node) => node.untilReady()));
    await untilQuiet(state, { workload });
    const backlogs = await untilRead(kafka);
    const letters = await lettersIn(kafka, topics, poison.sent);
    const { violations, ambiguous } = await check({
      ...{ state, undisturbed, wanted, effects: vendor.log, poison: poison.sent, letters, backlogs },
      crashes: nodes.flatMap(({ crashes }) => crashes),
    });
    return {
      seed,
      faults: Object.fromEntries(nemesis.counts),
      seconds: Math.round((Date.now() - began) / 1000),
      counts: {
        ...(await state.counts()),
        ...{ effects: vendor.log.length, poison: poison.sent.length, letters: letters.length },
      },
      ambiguous,
      violations,
    };
  } catch (error) {
    say(`the soak itself failed: ${String(error)}`);
    throw error;
  } finally {
    await kafka?.stop();
    for (const proxy of [...databases, ...broker.proxies]) proxy.mend();
    await Promise.all(nodes.map((node) => node.stop()));
    await Promise.all([
      front.close(),
      ...databases.map((proxy) => proxy.close()),
      vendor.close(),
      state.close(),
    ]);
  }
}

async function openRuns(state: State): Promise<string[]> {
  const runs = await state.runs();
  return runs.filter(({ parent, status }) => !parent && !ended(status)).map(({ id }) => id);
}

const ended = (status: string): boolean => ['completed', 'partial', 'failed', 'cancelled'].includes(status);

/** Every run has ended and every outbox is empty, or nothing has moved for long: then the checker says what is left. */
async function untilQuiet(state: State, { workload }: { workload: Workload | undefined }): Promise<void> {
  let before = '';
  for (let since = Date.now(); Date.now() - since < STUCK_MS; await pause(200)) {
    const runs = await state.runs();
    // Commands may have come when a run could not take the second one.
    for (const { id, parent, status } of runs) {
      if (parent || !workload) continue;
      if (status === 'cancelled') await workload.command(id, 'retry');
      if (status === 'paused') await workload.command(id, 'resume');
    }
    const counts = await state.counts();
    if (
      counts['outbox'] === 0 &&
      runs.every(({ status, parent }) => ended(status) && (parent || status !== 'cancelled'))
    )
      return;
    const now = JSON.stringify(counts);
    if (now !== before) since = Date.now();
    before = now;
  }
}

/** Groups that every process makes for itself end with it. */
const isLasting = (group: string): boolean =>
  /^(orchestrator|soak-worker)/.test(group) && !/[0-9a-f]{8}-[0-9a-f]{4}-/.test(group);

async function untilRead(kafka: RawKafka): Promise<Awaited<ReturnType<RawKafka['backlogs']>>> {
  await within(STUCK_MS, async () => (await kafka.backlogs(isLasting)).length === 0);
  return kafka.backlogs(isLasting);
}

/** What lies on the dead-letter topics, once all poison is there that will be. */
async function lettersIn(
  kafka: RawKafka,
  topics: readonly string[],
  poison: Poison['sent'],
): Promise<Evidence['letters']> {
  const letters: { topic: string; mark: string | undefined; code: string }[] = [];
  const marks = new Set<string | undefined>();
  await kafka.tail(
    topics.filter((topic) => topic.endsWith('.dead-letter')),
    (record) => {
      const mark = poisonOf(record);
      marks.add(mark);
      letters.push({ topic: record.topic, mark, code: record.headers['df_error_code'] ?? '' });
    },
  );
  await within(STUCK_MS, async () => poison.every(({ mark }) => marks.has(mark)));
  return letters;
}

async function within(ms: number, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline && !(await holds());) await pause(200);
}
