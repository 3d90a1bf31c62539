import { RawKafka, type KafkaBroker } from '@duofactory/testing/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import { check, type Evidence } from './checker.js';
import { Cluster } from './cluster.js';
import { Nemesis, type FaultKind } from './nemesis.js';
import { Poison, poisonOf } from './poison.js';
import { STUCK_MS, hasEnded, untilQuiet, untilRead, within } from './quiet.js';
import { Random } from './random.js';
import { State } from './state.js';
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

const SESSION_MS = 2000;
const RUNS_AT_ONCE = 8;

/** Two orchestrators and two workers at work while everything around them, and they themselves, go wrong. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { faults, seed, databaseUrl, broker, folder, say } = options;
  const began = Date.now();
  const random = new Random(seed);
  const cluster = await Cluster.open({ databaseUrl, broker, folder, sessionMs: SESSION_MS });
  const { nodes, vendor } = cluster;
  const state = new State(databaseUrl);
  const workload = new Workload(() => cluster.frontUrl);
  const wanted: string[] = [];
  let kafka: RawKafka | undefined;
  try {
    await cluster.start();
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

    await cluster.untilReady();
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
    await cluster.stop();
    await state.close();
  }
}

async function openRuns(state: State): Promise<string[]> {
  const runs = await state.runs();
  return runs.filter(({ parent, status }) => !parent && !hasEnded(status)).map(({ id }) => id);
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
