import { describe, expect, it } from '@jest/globals';
import { ManualClock } from '../clock.js';
import { IdleMemory, NODE } from './idle-memory.js';

describe('the memory of a process that has nothing to do', () => {
  const seen = { cpuMs: 0, heap: 100e6, collections: 0 };
  const clock = new ManualClock();
  new IdleMemory(clock, {
    cpuMs: () => seen.cpuMs,
    heapBytes: () => seen.heap,
    collect: () => {
      seen.collections += 1;
      seen.heap = 50e6;
    },
  }).start();
  const tenSeconds = (computedMs: number): number => {
    seen.cpuMs += computedMs;
    clock.advance(10_000);
    return seen.collections;
  };

  it('is given back once, and again when a burst of work has ended', () => {
    expect(tenSeconds(9000)).toBe(0);
    expect(tenSeconds(50)).toBe(1);
    expect(tenSeconds(50)).toBe(1);

    seen.heap = 400e6;
    expect(tenSeconds(5000)).toBe(1);
    expect(tenSeconds(50)).toBe(2);
  });

  it('shrinks for real', () => {
    const real = new ManualClock();
    let garbage: unknown[] | undefined = Array.from({ length: 1e6 }, (_, i) => ({ i }));
    expect(garbage).toHaveLength(1e6);
    garbage = undefined;
    const before = process.memoryUsage().heapTotal;
    const memory = new IdleMemory(real, { ...NODE, cpuMs: () => 0 });
    memory.start();

    real.advance(10_000);
    memory.stop();

    expect(process.memoryUsage().heapTotal).toBeLessThan(before);
  });
});
