import { createHash } from 'node:crypto';

/**
 * Milliseconds until a task is tried again: exponential, between half and the whole of it, never before what the
 * vendor asked for. The jitter comes from task and attempt, so that it is the same wherever it is worked out.
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
  return Math.max(of.afterMs, exponential * (0.5 + jitter / 2));
}
