import { readFileSync, readdirSync } from 'node:fs';

/** CPU time and proportional memory of a process and of all that it started. */
export interface TreeUsage {
  readonly hostCpuMs: number;
  readonly hostBytes: number;
  readonly allCpuMs: number;
  readonly allBytes: number;
}

/** Linux. A process that ends while it is looked at is left out. */
export function usageOfTree(pid: number): TreeUsage {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  const tree = [pid];
  for (const one of tree) for (const [child, parent] of parents) if (parent === one) tree.push(child);
  const usages = tree.map((one) => ({ cpuMs: cpuMsOf(one), bytes: bytesOf(one) }));
  return {
    hostCpuMs: usages[0]!.cpuMs,
    hostBytes: usages[0]!.bytes,
    allCpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    allBytes: usages.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** From the state on: what stands after the name, which may hold anything. */
function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  } catch {
    return undefined;
  }
}

/** Its own and its ended children's, in ticks of 10 ms. */
function cpuMsOf(pid: number): number {
  const fields = statOf(pid);
  return fields ? [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0) * 10 : 0;
}

function bytesOf(pid: number): number {
  try {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(pss?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
