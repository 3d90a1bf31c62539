import { createHash } from 'node:crypto';

/** What a vendor may ask for at most: a wrong clock on its side must not keep a task for ever. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * Milliseconds until a task is tried again: exponential, between half and the whole of it, never before what the
 * vendor asked for (a day at most). The jitter comes from task and attempt, so that it is the same wherever it is worked out.
 */
export function backOffMs(of: {
  task: string;
  attempt: number;
  failures: number;
  afterMs: number;
  baseMs: number;
  capMs: number;
}): number {
  const hash = createHash('sha256').update(`${of.task}/${of.attempt}`).digest();
  const jitter = hash.readUInt32BE(0) / 2 ** 32;
  const exponential = Math.min(of.capMs, of.baseMs * 2 ** (of.failures - 1));
  return Math.max(Math.min(of.afterMs, LONGEST_WAIT_MS), exponential * (0.5 + jitter / 2));
}
