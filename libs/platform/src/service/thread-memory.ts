import type { Worker } from 'node:worker_threads';

/**
 * Where one allocation comes over a thread's own limit, V8 ends the process and not the thread, and the longest text has
 * 1 GB: so that limit has to lie so much above what the thread may hold.
 */
const ABOVE_MEGABYTES = 2048;
const MEGABYTE = 1024 * 1024;
const LOOK_EVERY_MS = 20;

/** Of a thread that `watchMemory` looks at: for its `resourceLimits`. */
export function memoryLimit(megabytes: number): { maxOldGenerationSizeMb: number } {
  return { maxOldGenerationSizeMb: megabytes + ABOVE_MEGABYTES };
}

/** Says once that the thread holds more: then it is to be ended. Call what it returns when the work is over, or the thread. */
export function watchMemory(
  worker: Worker,
  { megabytes, isOver }: { megabytes: number; isOver: () => void },
): () => void {
  let timer: NodeJS.Timeout;
  let isWatched = true;
  const look = async (): Promise<void> => {
    const used = await worker.getHeapStatistics().then(
      ({ used_heap_size: bytes }) => bytes,
      // It does not run yet, or no more.
      () => 0,
    );
    if (!isWatched) return;
    if (used > megabytes * MEGABYTE) isOver();
    else next();
  };
  const next = (): void => {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    timer.unref();
  };
  next();
  return () => {
    isWatched = false;
    clearTimeout(timer);
  };
}
