import type { Worker } from 'node:worker_threads';

/**
 * Where one allocation comes over a thread's own limit, V8 ends the process and not the thread, and the longest text has
 * 1 GB: so that limit has to lie so much above what the thread may hold.
 */
const ABOVE_MEGABYTES = 2048;
const MEGABYTE = 1024 * 1024;
const LOOK_EVERY_MS = 20;

/** Of a thread that `endOverMemory` watches: for its `resourceLimits`. */
export function memoryLimit(megabytes: number): { maxOldGenerationSizeMb: number } {
  return { maxOldGenerationSizeMb: megabytes + ABOVE_MEGABYTES };
}

/** Ends the thread once it holds more, and says so before. Call what it returns when the work is over. */
export function endOverMemory(
  worker: Worker,
  { megabytes, isOver }: { megabytes: number; isOver: () => void },
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isWatched = true;
  const stop = (): void => {
    isWatched = false;
    clearTimeout(timer);
  };
  worker.once('exit', stop);
  const next = (): void => {
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    timer.unref();
  };
  const look = async (): Promise<void> => {
    const used = await worker.getHeapStatistics().then(
      ({ used_heap_size: bytes }) => bytes,
      // It does not run yet, or no more.
      () => 0,
    );
    if (!isWatched) return;
    if (used <= megabytes * MEGABYTE) return next();
    isOver();
    await worker.terminate();
  };
  next();
  return () => {
    worker.off('exit', stop);
    stop();
  };
}
