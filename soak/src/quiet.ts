import type { RawKafka } from '@duofactory/testing/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import type { State } from './state.js';
import type { Workload } from './workload.js';

/** Nothing moves for so long: it never will. */
export const STUCK_MS = 10 * 60_000;

export const hasEnded = (status: string): boolean =>
  ['completed', 'partial', 'failed', 'cancelled'].includes(status);

/** Every run has ended and every outbox is empty, or nothing has moved for long: then the checker says what is left. */
export async function untilQuiet(
  state: State,
  { workload }: { workload: Workload | undefined },
): Promise<void> {
  let before = '';
  for (let since = Date.now(); Date.now() - since < STUCK_MS; await pause(200)) {
    const runs = await state.runs();
    // Commands may have come when a run could not take the second one.
    for (const { id, parent, status } of runs) {
      if (parent || !workload) continue;
      if (status === 'cancelled') await workload.command(id, 'retry');
      if (status === 'paused') await workload.command(id, 'resume');
    }
    const counts = await state.counts();
    if (
      counts['outbox'] === 0 &&
      runs.every(({ status, parent }) => hasEnded(status) && (parent || status !== 'cancelled'))
    )
      return;
    const now = JSON.stringify(counts);
    if (now !== before) since = Date.now();
    before = now;
  }
}

/** Groups that every process makes for itself end with it. */
const isLasting = (group: string): boolean =>
  /^(orchestrator|soak-worker)/.test(group) && !/[0-9a-f]{8}-[0-9a-f]{4}-/.test(group);

export async function untilRead(kafka: RawKafka): Promise<Awaited<ReturnType<RawKafka['backlogs']>>> {
  await within(STUCK_MS, async () => (await kafka.backlogs(isLasting)).length === 0);
  return kafka.backlogs(isLasting);
}

export async function within(ms: number, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline && !(await holds());) await pause(200);
}
