import type { BlockCompleted, BlockError, BlockFailed, Usage } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';

/** What a service answered to one attempt of a task. */
export type BlockOutcome = {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly usage?: readonly Usage[];
} & (
  | { readonly kind: 'completed'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly error: BlockError }
);

export function outcomeOfCompleted({
  run,
  task,
  attempt,
  outputs,
  picks,
  usage,
}: BlockCompleted): BlockOutcome {
  const outcome: Outcome = picks ? { kind: 'picks', picks } : { kind: 'outputs', outputs: outputs ?? [] };
  return { run, task, attempt, kind: 'completed', outcome, ...(usage ? { usage } : {}) };
}

export function outcomeOfFailed({ run, task, attempt, error, usage }: BlockFailed): BlockOutcome {
  return { run, task, attempt, kind: 'failed', error, ...(usage ? { usage } : {}) };
}
