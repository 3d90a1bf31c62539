import {
  BlockAnswer,
  type AttemptWork,
  type BlockCompleted,
  type BlockError,
  type BlockFailed,
  type Usage,
} from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Compile } from 'typebox/compile';

const blockAnswer = Compile(BlockAnswer);

/** What a service answered to one attempt of a task. */
export type BlockOutcome = {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly usage?: readonly Usage[];
  readonly worker?: string;
  readonly begunAt?: Date;
  /** Of the attempt. */
  readonly traceparent?: string;
} & (
  | { readonly kind: 'completed'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly error: BlockError }
);

/** With what travelled as a pointer read from the object store. What is not there, or is no answer, is a failure. */
export async function outcomeOfCompleted(
  completed: BlockCompleted,
  objects: ObjectStore,
): Promise<BlockOutcome> {
  const { run, task, attempt, answer, usage } = completed;
  const paid = { ...(usage ? { usage } : {}), ...workOf(completed) };
  const failed = (code: string, message: string, retryable: boolean): BlockOutcome => {
    return { run, task, attempt, kind: 'failed', error: { code, message, retryable }, ...paid };
  };
  if (!answer) return completedWith(completed, completed);
  try {
    const read: unknown = JSON.parse(Buffer.from(await objects.get(answer)).toString());
    if (blockAnswer.Check(read)) return completedWith(completed, read);
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof ObjectCorrupt)
      return failed('answer-missing', error.message, true);
    if (!(error instanceof SyntaxError)) throw error;
  }
  return failed('invalid-answer', `The object ${answer.object} holds no answer of a block`, false);
}

function completedWith(completed: BlockCompleted, { outputs, picks }: BlockAnswer): BlockOutcome {
  const { run, task, attempt, usage } = completed;
  const paid = { ...(usage ? { usage } : {}), ...workOf(completed) };
  const outcome: Outcome = picks ? { kind: 'picks', picks } : { kind: 'outputs', outputs: outputs ?? [] };
  return { run, task, attempt, kind: 'completed', outcome, ...paid };
}

export function outcomeOfFailed(failed: BlockFailed): BlockOutcome {
  const { run, task, attempt, error, usage } = failed;
  return { run, task, attempt, kind: 'failed', error, ...(usage ? { usage } : {}), ...workOf(failed) };
}

/** Who worked on an attempt, and since when, as far as it is told. */
export function workOf({ worker, begunAt }: AttemptWork): { worker?: string; begunAt?: Date } {
  return {
    ...(worker === undefined ? {} : { worker }),
    ...(begunAt === undefined ? {} : { begunAt: new Date(begunAt) }),
  };
}
