import { BlockFailure } from '@duofactory/block-kit';
import { durationMs, hashJson, type BlockRequested } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { Problem, decodeCursor, encodeCursor, type Clock, type Database } from '@duofactory/platform';
import { Type } from 'typebox';
import {
  assignReview,
  claimReview,
  closeReview,
  countOpenReviews,
  expiredReviews,
  listOpenReviews,
  listWaitingReviews,
  openReview,
  readReview,
  releaseReview,
  takeBackDecision,
  takeDecision,
  takenReviews,
  type ReviewRow,
  type WaitingReview,
  type WhoseReviews,
} from '../../store/reviews.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import { checkReviewBlock } from '../workflows/own-block-types.js';

export type Review = ReviewRow;

export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly by: string;
  readonly comment?: string;
  /** What the block that may be edited is read as, below the review. */
  readonly edits?: Readonly<Record<string, unknown>>;
  /** So long it may be taken back; 0 or left out: it holds at once. */
  readonly undoableMs?: number;
}

export interface DecisionOf extends Omit<Decision, 'by' | 'undoableMs'> {
  readonly task: string;
}

const Place = Type.Object({
  at: Type.String({ format: 'date-time' }),
  task: Type.String({ format: 'uuid' }),
});

/** So long a person has a review to himself, who does not say how long. */
export const CLAIM_SECONDS = 15 * 60;

/** Decisions of people: a `review` block's attempt waits for one. */
export class Reviews {
  constructor(
    private readonly database: Database,
    private readonly advance: AdvanceRuns,
    private readonly clock: Clock,
  ) {}

  /** An attempt asks for a decision, or fails where its configuration does not fit. A second delivery changes nothing. */
  async open(request: BlockRequested): Promise<void> {
    const { task, run, block, key, attempt } = request;
    const configured = configurationOf(request);
    if (configured instanceof BlockFailure) {
      const { code, message } = configured;
      const error = { code, message, retryable: false };
      await this.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
      return;
    }
    const { title, assignees, edits, expires } = configured;
    const now = this.clock.now();
    const dueAt = expires === undefined ? null : new Date(now.getTime() + durationMs(expires));
    const payload = request.payload?.blockResults ?? {};
    const of = { task, run, block, key, attempt, payload, dueAt };
    await openReview(
      this.database,
      { ...of, title: title ?? null, assignees: assignees ?? [], edits: edits ?? null },
      now,
    );
  }

  list(assignee: string | undefined, limit: number): Promise<ReviewRow[]> {
    return listOpenReviews(this.database, assignee, limit);
  }

  /** What waits, oldest first, and how much that is. */
  async queue(of: WhoseReviews & { cursor?: string; limit: number }): Promise<{
    total: number;
    reviews: WaitingReview[];
    next?: string;
  }> {
    const { cursor, limit, ...whose } = of;
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, Place) };
    const rows = await listWaitingReviews(this.database, { ...whose, ...after, limit: limit + 1 });
    const total = await countOpenReviews(this.database, whose);
    const reviews = rows.slice(0, limit);
    const last = reviews.at(-1);
    if (rows.length <= limit || !last) return { total, reviews };
    return {
      ...{ total, reviews },
      next: encodeCursor({ at: last.createdAt.toISOString(), task: last.task }),
    };
  }

  async show(task: string): Promise<ReviewRow> {
    const review = await readReview(this.database, task);
    if (review) return review;
    const detail = `No review waits for task ${task}, and none did`;
    throw new Problem({ status: 404, code: 'unknown-review', title: 'Unknown review', detail });
  }

  /** Nobody else decides for so long. Again by the same person: so long from then on. Throws Problem `claimed`. */
  async claim(task: string, by: string, seconds = CLAIM_SECONDS): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + seconds * 1000);
    // What is asked for again and again reads nothing.
    if (await claimReview(this.database, { task, by, until, now })) return;
    const review = await this.show(task);
    if (review.status !== 'open') throw alreadyDecided(task);
    checkAssigned(review, by);
    this.#checkClaim(review, by);
  }

  /** From now on these may decide; none named: everybody. A claim of somebody else ends with it. */
  async assign(task: string, assignees: readonly string[]): Promise<void> {
    const { claimedBy } = await this.show(task);
    if (!(await assignReview(this.database, task, assignees))) throw alreadyDecided(task);
    if (claimedBy !== null && assignees.length > 0 && !assignees.includes(claimedBy))
      await releaseReview(this.database, task, claimedBy);
  }

  /** Others may decide again. */
  async release(task: string, by: string): Promise<void> {
    await this.show(task);
    await releaseReview(this.database, task, by);
  }

  /**
   * Approves, so that the payload goes on, or rejects, so that it ends. Once decided it stays: the same decision of the
   * same person again is the one that was taken. One that is undoable holds after its time; until then the person may
   * take it back or decide otherwise.
   */
  async decide(task: string, { undoableMs = 0, ...given }: Decision): Promise<void> {
    const { review, taken } = await this.#checked(task, given);
    if (undoableMs > 0 && review.status === 'open') {
      const until = new Date(this.clock.now().getTime() + undoableMs);
      if (!(await takeDecision(this.database, { task, decision: taken, until }))) throw notWaiting(review);
      return;
    }
    try {
      await this.#conclude(review, taken);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'already-decided') throw error;
      if (hashJson((await this.show(task)).decision) !== hashJson(taken)) throw error;
    }
  }

  /** Decides about several at once, or about none: a verdict about two samples is one. All may be taken back for a while. */
  async decideTogether(decisions: readonly DecisionOf[], by: string, undoableMs: number): Promise<void> {
    const checked: { review: ReviewRow; taken: Taken }[] = [];
    for (const { task, ...decision } of decisions)
      checked.push(await this.#checked(task, { ...decision, by }));
    const until = new Date(this.clock.now().getTime() + undoableMs);
    await this.database.transaction(async (tx) => {
      for (const { review, taken } of checked) {
        if (review.status !== 'open') throw alreadyDecided(review.task);
        if (!(await takeDecision(tx, { task: review.task, decision: taken, until })))
          throw notWaiting(review);
      }
    });
  }

  /** Takes a decision back while that is possible. Throws Problem `already-decided`. */
  async undo(task: string, by: string): Promise<void> {
    const review = await this.show(task);
    if (review.decision !== null && review.decision['by'] !== by) {
      const detail = `Only ${String(review.decision['by'])} may take this decision back, not ${by}`;
      throw new Problem({ status: 403, code: 'not-yours', title: 'Not your decision', detail });
    }
    if (review.status === 'open' && review.undoableUntil === null) return;
    if (!(await takeBackDecision(this.database, task))) throw alreadyDecided(task);
  }

  /** Decisions that nobody took back in time hold. */
  async settle(): Promise<void> {
    for (const review of await takenReviews(this.database, this.clock.now())) {
      try {
        await this.#conclude(review, review.decision as unknown as Taken);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        // Its task waits no longer: nothing was decided.
        await takeBackDecision(this.database, review.task);
      }
    }
  }

  /** Reviews that nobody decided in time fail their tasks. */
  async expire(): Promise<void> {
    for (const review of await expiredReviews(this.database, this.clock.now())) {
      const message = 'Nobody decided in time';
      const error = { code: 'review-expired', message, retryable: false };
      try {
        await this.#close(review, 'expired', { decision: 'expired' }, { kind: 'failed', error });
      } catch (problem) {
        // Someone decided, or the run ended, at the last moment.
        if (!(problem instanceof Problem)) throw problem;
      }
    }
  }

  /** Whether this person may decide so. */
  async #checked(
    task: string,
    { decision, by, comment, edits }: Omit<Decision, 'undoableMs'>,
  ): Promise<{ review: ReviewRow; taken: Taken }> {
    const review = await this.show(task);
    if (review.status === 'open') this.#checkClaim(review, by);
    checkAssigned(review, by);
    if (edits && (review.edits === null || decision === 'reject')) {
      const detail = review.edits === null ? 'This review has no `edits`' : 'What is rejected is not edited';
      throw new Problem({
        status: 422,
        code: 'nothing-to-edit',
        title: 'Nothing to edit',
        detail,
        errors: [{ field: 'edits', message: detail }],
      });
    }
    if (edits) checkEdits(review, edits);
    const status = decision === 'reject' ? 'rejected' : 'approved';
    const taken: Taken = { decision: status, by, comment: comment ?? '', ...(edits ? { edits } : {}) };
    return { review, taken };
  }

  #checkClaim({ task, claimedBy, claimedUntil }: ReviewRow, by: string): void {
    if (claimedBy === null || claimedBy === by || claimedUntil! <= this.clock.now()) return;
    const detail = `${claimedBy} looks at task ${task} until ${claimedUntil!.toISOString()}`;
    throw new Problem({ status: 409, code: 'claimed', title: 'Somebody else looks at this', detail });
  }

  #conclude(review: ReviewRow, taken: Taken): Promise<void> {
    const { decision: status } = taken;
    const outcome: Outcome =
      status === 'rejected' ? { kind: 'ended' } : { kind: 'outputs', outputs: [{ result: { ...taken } }] };
    return this.#close(review, status, taken, { kind: 'completed', outcome });
  }

  /** The task and its review settle together; the run's lock is taken first, as everywhere. */
  async #close(
    review: ReviewRow,
    status: 'approved' | 'rejected' | 'expired',
    decision: unknown,
    answer:
      | { kind: 'completed'; outcome: Outcome }
      | { kind: 'failed'; error: { code: string; message: string; retryable: boolean } },
  ): Promise<void> {
    const { run, task, attempt } = review;
    await this.advance.step(async (step, tx) => {
      const settled = await step.settle([{ run, task, attempt, ...answer }]);
      if (!(await closeReview(tx, task, status, decision))) throw alreadyDecided(task);
      if (settled === 0) throw notWaiting(review);
    });
  }
}

interface Taken {
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly comment: string;
  readonly edits?: Readonly<Record<string, unknown>>;
}

function checkAssigned({ assignees }: ReviewRow, by: string): void {
  if (assignees.length === 0 || assignees.includes(by)) return;
  const detail = `Only ${assignees.join(', ')} may decide this, not ${by}: assign it to somebody else, or leave it to them`;
  throw new Problem({ status: 403, code: 'not-assigned', title: 'Not assigned to you', detail });
}

function alreadyDecided(task: string): Problem {
  const detail = `Task ${task} was decided by someone else meanwhile`;
  return new Problem({ status: 409, code: 'already-decided', title: 'Already decided', detail });
}

function notWaiting({ task, run }: ReviewRow): Problem {
  const detail = `Task ${task} waits no longer: its deadline is over, or run ${run} has ended. A retry of the run asks again`;
  return new Problem({ status: 409, code: 'not-waiting', title: 'Nobody waits for this decision', detail });
}

/** Blocks below read the fields of what was edited: none may be gone. One that is kept by reference is not looked into. */
function checkEdits({ edits: block, payload }: ReviewRow, edits: Readonly<Record<string, unknown>>): void {
  const before = payload[block!];
  if (before === null || typeof before !== 'object' || 'ref' in before) return;
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(edits, name));
  if (gone.length === 0) return;
  throw new Problem({
    status: 422,
    code: 'invalid-edits',
    title: 'The edited result is not whole',
    detail: `\`edits\` stands in the place of what "${block}" made, and lacks ${gone.join(', ')}: send every field`,
    errors: gone.map((name) => ({
      field: `edits.${name}`,
      message: 'This field was there: send it, changed or not',
    })),
  });
}

interface Configuration {
  readonly title?: string;
  readonly assignees?: string[];
  readonly edits?: string;
  readonly expires?: string;
}

function configurationOf(request: BlockRequested): Configuration | BlockFailure {
  try {
    return checkReviewBlock(request.with);
  } catch (error) {
    if (error instanceof BlockFailure) return error;
    throw error;
  }
}
