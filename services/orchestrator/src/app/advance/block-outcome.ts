import {
  AttemptPaid,
  BlockAnswer,
  BlockCompleted,
  BlockFailed,
  storableJson,
  type AttemptWork,
  type BlockError,
  type Usage,
} from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';

const blockAnswer = Compile(BlockAnswer);
const blockCompleted = Compile(BlockCompleted);
const blockFailed = Compile(BlockFailed);
const attemptPaid = Compile(AttemptPaid);

export type AnswerKind = 'completed' | 'failed' | 'paid';

/** The least that an answer must say: whose it is. */
export const AttemptNamed = Type.Object({
  run: Type.String({ format: 'uuid' }),
  task: Type.String({ format: 'uuid' }),
  attempt: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }),
});
export type AttemptNamed = Static<typeof AttemptNamed>;

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
  | {
      readonly kind: 'completed';
      readonly outcome: Outcome;
      /** Why payloads of a pick were left out. */
      readonly notPicked?: BlockAnswer['notPicked'];
    }
  | {
      readonly kind: 'failed';
      readonly error: BlockError;
      /** Only what the attempt used: it settles nothing. */
      readonly onlyPaid?: boolean;
    }
);

/** An answer that does not fit its contract never will: the attempt that it names fails, or its run would wait for nothing. */
export async function outcomeOfAnswer(
  kind: AnswerKind,
  given: AttemptNamed,
  objects: ObjectStore,
): Promise<BlockOutcome> {
  const answer = inSmallLetters(given);
  if (kind === 'paid') return outcomeOfPaid(answer);
  const validator = kind === 'completed' ? blockCompleted : blockFailed;
  if (validator.Check(answer))
    return kind === 'completed'
      ? outcomeOfCompleted(answer, objects)
      : outcomeOfFailed(answer as BlockFailed);
  const [first] = validator.Errors(answer);
  const { run, task, attempt } = answer;
  const place = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const message = `The answer does not fit its contract: ${place} ${first?.message ?? ''}`;
  return { run, task, attempt, kind: 'failed', error: badResult(message) };
}

/** Ids as they are stored: the libraries of some languages write them in capitals. */
function inSmallLetters(answer: AttemptNamed): AttemptNamed {
  const run = answer.run.toLowerCase();
  const task = answer.task.toLowerCase();
  return run === answer.run && task === answer.task ? answer : { ...answer, run, task };
}

/** With what travelled as a pointer read from the object store. What is not there, or is no answer, is a failure. */
async function outcomeOfCompleted(completed: BlockCompleted, objects: ObjectStore): Promise<BlockOutcome> {
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

type Output = NonNullable<BlockAnswer['outputs']>[number];

function completedWith(completed: BlockCompleted, { outputs, picks, notPicked }: BlockAnswer): BlockOutcome {
  const { run, task, attempt, usage } = completed;
  const paid = { ...(usage ? { usage } : {}), ...workOf(completed) };
  const empty = (outputs ?? []).findIndex(({ result, ref }) => result === undefined && ref === undefined);
  if (empty >= 0) {
    const message = `Output ${empty + 1} has neither \`result\` nor \`ref\``;
    return { run, task, attempt, kind: 'failed', error: badResult(message), ...paid };
  }
  const outcome: Outcome = picks
    ? { kind: 'picks', picks }
    : { kind: 'outputs', outputs: (outputs ?? []).map(asContracted) };
  const left = picks && notPicked ? { notPicked } : {};
  return { run, task, attempt, kind: 'completed', outcome, ...left, ...paid };
}

/** Labels as they stand in keys are ours to give: in an answer the field is one that nobody knows, and ignored as such. */
function asContracted(output: Output): Output {
  if (!('label' in output)) return output;
  const { label: _, ...known } = output;
  return known;
}

function badResult(message: string): BlockError {
  return { code: 'bad-result', message, retryable: false };
}

function outcomeOfFailed(failed: BlockFailed): BlockOutcome {
  const { run, task, attempt, usage } = failed;
  const error = storable(failed.error);
  return { run, task, attempt, kind: 'failed', error, ...(usage ? { usage } : {}), ...workOf(failed) };
}

/** Vendors' words come as they are: what PostgreSQL has no place for would keep the whole answer out. */
function storable(error: BlockError): BlockError {
  return JSON.parse(storableJson(error)) as BlockError;
}

/** What does not fit its contract tells of no cost. */
function outcomeOfPaid(paid: AttemptNamed): BlockOutcome {
  const { run, task, attempt } = paid;
  const usage = attemptPaid.Check(paid) ? { usage: paid.usage } : {};
  const message = 'The attempt had ended: this is what was paid for it meanwhile';
  const error = { code: 'paid-late', message, retryable: true };
  return { run, task, attempt, kind: 'failed', error, onlyPaid: true, ...usage };
}

/** Who worked on an attempt, and since when, as far as it is told. */
export function workOf({ worker, begunAt }: AttemptWork): { worker?: string; begunAt?: Date } {
  return {
    ...(worker === undefined ? {} : { worker }),
    ...(begunAt === undefined ? {} : { begunAt: new Date(begunAt) }),
  };
}
