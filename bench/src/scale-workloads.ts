import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { query, type Cluster } from './cluster.js';
import { runNameOf } from './run-name.js';
import { publish, publishChain, type System } from './system.js';
import { latencyOf, once, type Latency } from './workloads.js';

/** Seconds for a run of tasks of 50 ms each, by one process of their type and by two. */
export async function secondWorker(cluster: Cluster, tasks: number): Promise<{ ratio: number }> {
  const workflow = await publish(cluster, {
    id: 'naps',
    blocks: [
      { id: 'fan', type: 'fan', needs: [], with: { count: tasks } },
      { id: 'work', type: 'nap', concurrency: tasks },
    ],
  });
  await once(cluster, workflow, 1);
  const alone = await once(cluster, workflow, 1);
  const second = await cluster.start('slow');
  // Its share of the partitions comes with the first of these.
  await once(cluster, workflow, 1);
  const together = await once(cluster, workflow, 1);
  await second.stop();
  return { ratio: alone / together };
}

/** Share of the transitions that a second orchestrator makes, once it has its partitions. */
export async function secondOrchestrator(
  cluster: Cluster,
  { runs, blocks }: { runs: number; blocks: number },
): Promise<{ share: number }> {
  const workflow = await publishChain(cluster, blocks);
  const first = cluster.url;
  const second = await cluster.start('orchestrator');
  await once(cluster, workflow, Math.ceil(runs / 4));
  const before = await Promise.all([transitionsOf(first), transitionsOf(second.url)]);
  await once(cluster, workflow, runs);
  const after = await Promise.all([transitionsOf(first), transitionsOf(second.url)]);
  const [one, two] = after.map((count, i) => count - before[i]!);
  await second.stop();
  return { share: two! / (one! + two!) };
}

/** Steps of runs that are started at an even pace, whatever has come of those before. */
export async function openLoad(
  cluster: Cluster,
  { runsPerSecond, seconds, blocks }: { runsPerSecond: number; seconds: number; blocks: number },
): Promise<{ latency: Latency; percentiles: number[]; steps: number; runsPerSecond: number }> {
  const workflow = await publishChain(cluster, blocks);
  const count = Math.round(runsPerSecond * seconds);
  const ids = Array.from({ length: count }, () => randomUUID());
  const ended = cluster.untilEnded(count);
  const began = performance.now();
  const sent: Promise<void>[] = [];
  for (let done = 0; done < count;) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / 1000) * runsPerSecond));
    if (due > done) sent.push(cluster.requestRuns(workflow, ids.slice(done, due)));
    done = due;
    await pause(2);
  }
  await Promise.all([...sent, ended]);
  const took = (performance.now() - began) / 1000;
  const steps = await stepsOf(cluster, ids);
  return {
    latency: latencyOf(steps),
    percentiles: percentilesOf(steps),
    steps: steps.length,
    runsPerSecond: count / took,
  };
}

/** p99 of a type's steps while tasks of another hang, over that while nothing hangs; in turns, in one go. */
export async function hangingType(
  cluster: Cluster,
  of: { runsPerSecond: number; seconds: number; turns: number; hangs: number },
): Promise<{ ratio: number; quiet: Latency; hanging: Latency }> {
  const { runsPerSecond, seconds, turns, hangs } = of;
  const hanging = await publish(cluster, {
    id: 'hanging',
    blocks: [
      { id: 'fan', type: 'fan', needs: [], with: { count: hangs } },
      { id: 'stuck', type: 'hang', with: { seconds: 60 }, timeout: '10m', onError: 'drop' },
    ],
  });
  const workflow = await publishChain(cluster, 5);
  const samples: { quiet: number[]; hanging: number[] } = { quiet: [], hanging: [] };
  const sample = async (into: number[]): Promise<void> => {
    const ids: string[] = [];
    const began = performance.now();
    while (performance.now() - began < seconds * 1000) {
      const id = randomUUID();
      ids.push(id);
      await cluster.requestRuns(workflow, [id]);
      await pause(1000 / runsPerSecond);
    }
    await untilAllEnded(cluster, ids);
    into.push(...(await stepsOf(cluster, ids)));
  };
  await sample([]);
  for (let turn = 0; turn < turns; turn += 1) {
    await sample(samples.quiet);
    const stuck = randomUUID();
    await cluster.requestRuns(hanging, [stuck]);
    await untilRequested(cluster, runNameOf('/bench', stuck));
    await sample(samples.hanging);
    await fetch(`${cluster.url}/api/runs/${runNameOf('/bench', stuck)}/cancel`, { method: 'POST' });
    await untilAllEnded(cluster, [stuck]);
  }
  const quiet = latencyOf(samples.quiet);
  const during = latencyOf(samples.hanging);
  return { ratio: during.p99Ms / quiet.p99Ms, quiet, hanging: during };
}

/** From the start of a process that finds so many open tasks to its first new transition, in seconds. */
export async function restart(
  cluster: Cluster,
  tasks: number,
): Promise<{ bootSeconds: number; firstTransitionSeconds: number }> {
  const open = await publish(cluster, {
    id: 'open',
    maxPayloads: 10 * tasks,
    blocks: [
      { id: 'fan', type: 'fan', needs: [], with: { count: tasks } },
      { id: 'stuck', type: 'hang', with: { seconds: 3600 }, timeout: '2h' },
    ],
  });
  const chain = await publishChain(cluster, 1);
  const id = randomUUID();
  await cluster.requestRuns(open, [id]);
  await until(async () => {
    const rows = await cluster.query<{ tasks: string }>(
      `SELECT tasks FROM blocks WHERE run = $1 AND block = 'stuck'`,
      [runNameOf('/bench', id)],
    );
    return Number(rows[0]?.tasks) === tasks;
  });
  await cluster.named('orchestrator').stop();
  const waiting = randomUUID();
  await cluster.requestRuns(chain, [waiting]);
  const began = performance.now();
  await cluster.start('orchestrator');
  const booted = performance.now();
  await untilAllEnded(cluster, [waiting]);
  const ended = performance.now();
  return { bootSeconds: (booted - began) / 1000, firstTransitionSeconds: (ended - booted) / 1000 };
}

/** Rows and bytes of each table, indexes included. */
export async function lookAtDatabase(
  cluster: Pick<Cluster, 'query'>,
): Promise<Record<string, { rows: number; megabytes: number }>> {
  const tables = await cluster.query<{ name: string; bytes: string }>(
    `SELECT relname AS name, pg_total_relation_size(oid) AS bytes FROM pg_class
      WHERE relnamespace = 'orchestrator'::regnamespace AND relkind = 'r' ORDER BY bytes DESC`,
  );
  const seen: Record<string, { rows: number; megabytes: number }> = {};
  for (const { name, bytes } of tables) {
    const [counted] = await cluster.query<{ rows: string }>(`SELECT count(*) AS rows FROM "${name}"`);
    const rows = Number(counted!.rows);
    if (rows > 0) seen[name] = { rows, megabytes: Math.round(Number(bytes) / 1e5) / 10 };
  }
  return seen;
}

/** What a run of five blocks takes with so many others waiting for people, over what it takes with none. In turns. */
export async function besideWaitingRuns(
  full: System,
  empty: System,
  { waiting, samples }: { waiting: number; samples: number },
): Promise<{ ratio: number; emptyMs: number; fullMs: number }> {
  const blocks = [
    { id: 'person', type: 'review', needs: [] },
    ...Array.from({ length: 19 }, (_, i) => ({ id: `b${i + 1}`, type: 'noop' })),
  ];
  const workflow = await publish(full, { id: 'waiting', blocks });
  const chains = [await publishChain(full, 5), await publishChain(empty, 5)];
  for (let from = 0; from < waiting; from += 1000)
    await full.requestRuns(
      workflow,
      Array.from({ length: Math.min(1000, waiting - from) }, () => randomUUID()),
    );
  await until(async () => (await openRuns(full)) >= waiting);
  const times: [number[], number[]] = [[], []];
  for (let i = -20; i < samples; i += 1) {
    for (const [n, system] of [full, empty].entries()) {
      const took = await once(system, chains[n]!, 1);
      if (i >= 0) times[n]!.push(took * 1000);
    }
  }
  const [fullMs, emptyMs] = times.map((ofOne) => latencyOf(ofOne).p50Ms);
  return { ratio: fullMs! / emptyMs!, emptyMs: emptyMs!, fullMs: fullMs! };
}

async function openRuns({ databaseUrl }: System): Promise<number> {
  const text = 'SELECT count(*)::int AS runs FROM runs WHERE ended_at IS NULL';
  const [row] = await query<{ runs: number }>(databaseUrl, text);
  return row!.runs;
}

async function transitionsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(/^duofactory_task_transitions_total\S* ([\d.e+]+)$/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );
}

async function untilRequested(cluster: Cluster, run: string): Promise<void> {
  await until(async () => {
    const rows = await cluster.query(
      `SELECT FROM blocks WHERE run = $1 AND block = 'stuck' AND requested > 0`,
      [run],
    );
    return rows.length > 0;
  });
}

async function untilAllEnded(cluster: Cluster, ids: readonly string[]): Promise<void> {
  const runs = ids.map((id) => runNameOf('/bench', id));
  await until(async () => {
    const text =
      'SELECT count(*)::int AS ended FROM runs WHERE id = ANY($1::uuid[]) AND ended_at IS NOT NULL';
    const [row] = await cluster.query<{ ended: number }>(text, [runs]);
    return row!.ended === runs.length;
  }, 20);
}

async function until(holds: () => Promise<boolean>, everyMs = 200): Promise<void> {
  while (!(await holds())) await pause(everyMs);
}

/** From one block's work to the next one's, by the worker's clock. */
async function stepsOf(cluster: Cluster, ids: readonly string[]): Promise<number[]> {
  const rows = await cluster.query<{ step: number }>(
    `SELECT at - before AS step FROM (
      SELECT (value->>'atMs')::float8 AS at,
        lag((value->>'atMs')::float8) OVER (PARTITION BY run ORDER BY (value->>'atMs')::float8) AS before
      FROM results WHERE run = ANY($1::uuid[])) AS worked WHERE before IS NOT NULL`,
    [ids.map((id) => runNameOf('/bench', id))],
  );
  return rows.map(({ step }) => step);
}

/** Every hundredth: for a plot. */
function percentilesOf(steps: readonly number[]): number[] {
  const sorted = [...steps].sort((a, b) => a - b);
  return Array.from({ length: 101 }, (_, i) => {
    const at = Math.min(sorted.length - 1, Math.floor((sorted.length * i) / 100));
    return Math.round(sorted[at]! * 100) / 100;
  });
}
