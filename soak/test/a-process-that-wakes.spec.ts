import { RawKafka } from '@duofactory/testing/kafka';
import { kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { check } from '../src/checker.js';
import { Cluster, WAYS } from '../src/cluster.js';
import type { NodeProcess } from '../src/node-process.js';
import { hasEnded, untilQuiet, untilRead } from '../src/quiet.js';
import { State } from '../src/state.js';
import { Workload } from '../src/workload.js';

const SESSION_MS = 2000;
const ANSWERS = 'duofactory.block-completed';

const broker = await kafkaIfAvailable({ proxies: WAYS });

(broker ? describe : describe.skip)('an orchestrator that was stopped and wakes', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let cluster: Cluster;
  let state: State;
  let kafka: RawKafka;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-zombie-'));
    cluster = await Cluster.open({
      ...{ databaseUrl: database.url, broker: broker!, folder, sessionMs: SESSION_MS },
    });
    state = new State(database.url);
    await cluster.start();
    kafka = await RawKafka.connect(broker!.brokers);
  });

  afterAll(async () => {
    await kafka.stop();
    await cluster.stop();
    await state.close();
    await broker!.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('in the midst of a transaction changes nothing that was settled meanwhile, and works again', async () => {
    const orchestrators = cluster.nodes.filter(({ name }) => name.startsWith('orchestrator'));
    let awake = orchestrators[0]!;
    const workload = new Workload(() => awake.url);
    await workload.publishWorkflows();
    const undisturbed = new Set(await workload.startAll('undisturbed'));
    await untilQuiet(state, { workload: undefined });

    let asleep = orchestrators[1]!;
    const wanted = await workload.startAll('disturbed');
    await state.holding('orchestrator.results', async () => {
      const name = await until(() => state.waitsFor('orchestrator.results'));
      asleep = nodeOf(orchestrators, (one) => one.name === name);
      awake = nodeOf(orchestrators, (one) => one !== asleep);
      asleep.freeze();
    });
    await until(async () => (await membersOf(kafka, ANSWERS)) === 1);
    wanted.push(...(await workload.startAll('meanwhile')));
    await until(async () => (await state.runs()).every(({ status }) => hasEnded(status)));
    const settled = await state.settled();

    asleep.thaw();
    await until(async () => (await membersOf(kafka, ANSWERS)) === 2);
    // The other one sleeps now: what goes on is done by the one that woke.
    awake.freeze();
    [awake, asleep] = [asleep, awake];
    wanted.push(...(await workload.startAll('afterwards')));
    await until(async () => (await state.runs()).every(({ status }) => hasEnded(status)));
    asleep.thaw();
    await untilQuiet(state, { workload: undefined });

    expect(await state.settled()).toEqual(expect.arrayContaining(settled));
    const { violations } = await check({
      ...{ state, undisturbed, wanted, effects: cluster.vendor.log, poison: [], letters: [] },
      backlogs: await untilRead(kafka),
      crashes: cluster.nodes.flatMap(({ crashes }) => crashes),
    });
    expect(violations).toEqual([]);
  });
});

const nodeOf = (nodes: readonly NodeProcess[], is: (node: NodeProcess) => boolean): NodeProcess =>
  nodes.find((node) => is(node))!;

/** How many read the topic. */
async function membersOf(kafka: RawKafka, topic: string): Promise<number> {
  return [...(await kafka.subscriptions()).values()].flat().filter((one) => one === topic).length;
}

async function until<T>(look: () => Promise<T>): Promise<NonNullable<T>> {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await pause(50);
  }
}
