import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { runNameOf } from './run-name.js';
import { publishChain, publishFan, usageOf, workTimes, type System } from './system.js';

export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One run at a time, nothing else going on: from one block's work to the next one's. */
export async function loneChain(
  system: System,
  { blocks, runs }: { blocks: number; runs: number },
): Promise<Latency> {
  const workflow = await publishChain(system, blocks);
  const steps: number[] = [];
  for (let i = -3; i < runs; i += 1) {
    const id = randomUUID();
    const ended = system.untilEnded(1);
    await system.requestRuns(workflow, [id]);
    await ended;
    // The first ones warm the code and the statements up.
    if (i < 0) continue;
    const times = await workTimes(system, runNameOf('/bench', id));
    steps.push(...times.slice(1).map((at, n) => at - times[n]!));
  }
  return latencyOf(steps);
}

const ROUNDS = 3;

/** Many runs at once: settled tasks a second, from the first request to the last end. The middle one of three rounds. */
export async function throughput(
  system: System,
  { runs, blocks }: { runs: number; blocks: number },
): Promise<number> {
  const workflow = await publishChain(system, blocks);
  // Compiles the code and plans the statements: a round takes half a second.
  await once(system, workflow, runs);
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) seconds.push(await once(system, workflow, runs));
  return (runs * blocks) / seconds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
}

/** One run that fans out and joins: seconds from its request to its end, and the most memory of each process. */
export async function fanOut(
  system: System,
  count: number,
): Promise<{ seconds: number; megabytes: Record<string, number> }> {
  const workflow = await publishFan(system, count);
  const most: Record<string, number> = {};
  const look = (): void => {
    for (const { name, pid } of system.processes)
      most[name] = Math.max(most[name] ?? 0, Math.round(usageOf(pid).pssBytes / 1e6));
  };
  const watch = setInterval(look, 500);
  try {
    const seconds = await once(system, workflow, 1);
    look();
    return { seconds, megabytes: most };
  } finally {
    clearInterval(watch);
  }
}

/** After a burst a process collects once more and gives memory back: that is the burst's end. */
const BURST_ENDS_WITHIN_MS = 30_000;

/** Share of a core and memory of each process while nothing is to be done. */
export async function idle(
  system: System,
  ms: number,
): Promise<{ name: string; coreShare: number; megabytes: number }[]> {
  await pause(BURST_ENDS_WITHIN_MS);
  const before = system.processes.map(({ pid }) => usageOf(pid));
  await pause(ms);
  return system.processes.map(({ name, pid }, i) => {
    const { cpuMs, pssBytes } = usageOf(pid);
    return { name, coreShare: (cpuMs - before[i]!.cpuMs) / ms, megabytes: pssBytes / 1e6 };
  });
}

export async function once(system: System, workflow: string, runs: number): Promise<number> {
  const ids = Array.from({ length: runs }, () => randomUUID());
  const ended = system.untilEnded(runs);
  const began = performance.now();
  await system.requestRuns(workflow, ids);
  await ended;
  return (performance.now() - began) / 1000;
}

export function latencyOf(steps: readonly number[]): Latency {
  const sorted = [...steps].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
