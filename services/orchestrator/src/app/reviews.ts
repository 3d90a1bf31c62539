import { BlockFailure } from '@duofactory/block-kit';
import { durationMs, hashJson, type BlockRequested } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import {
  closeReview,
  expiredReviews,
  listOpenReviews,
  openReview,
  readReview,
  type ReviewRow,
} from '../store/reviews.js';
import type { AdvanceRuns } from './advance-runs.js';
import { checkReviewBlock } from './own-block-types.js';

export type Review = ReviewRow;

export interface Decision {
  readonly decision: 'approve' | 'reject';
  readonly by: string;
  readonly comment?: string;
  /** What the block that may be edited is read as, below the review. */
  readonly edits?: Readonly<Record<string, unknown>>;
}

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
      return this.advance.settle([{ run, task, attempt, kind: 'failed', error }]);
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

  async show(task: string): Promise<ReviewRow> {
    const review = await readReview(this.database, task);
    if (review) return review;
    const detail = `No review waits for task ${task}, and none did`;
    throw new Problem({ status: 404, code: 'unknown-review', title: 'Unknown review', detail });
  }

  /**
   * Approves, so that the payload goes on, or rejects, so that it ends. Once decided it stays: the same decision of the
   * same person again is the one that was taken.
   */
  async decide(task: string, { decision, by, comment, edits }: Decision): Promise<void> {
    const review = await this.show(task);
    if (review.assignees.length > 0 && !review.assignees.includes(by)) {
      const detail = `Only ${review.assignees.join(', ')} may decide this, not ${by}`;
      throw new Problem({ status: 403, code: 'not-assigned', title: 'Not assigned to you', detail });
    }
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
    const taken = { decision: status, by, comment: comment ?? '', ...(edits ? { edits } : {}) };
    const outcome: Outcome =
      decision === 'reject' ? { kind: 'ended' } : { kind: 'outputs', outputs: [{ result: taken }] };
    try {
      await this.#close(review, status, taken, { kind: 'completed', outcome });
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'already-decided') throw error;
      if (hashJson((await this.show(task)).decision) !== hashJson(taken)) throw error;
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

  /** The task and its review settle together; the run's lock is taken first, as everywhere. */
  async #close(
    { run, task, attempt }: ReviewRow,
    status: 'approved' | 'rejected' | 'expired',
    decision: unknown,
    answer:
      | { kind: 'completed'; outcome: Outcome }
      | { kind: 'failed'; error: { code: string; message: string; retryable: boolean } },
  ): Promise<void> {
    await this.advance.step(async (step, tx) => {
      const settled = await step.settle([{ run, task, attempt, ...answer }]);
      if (!(await closeReview(tx, task, status, decision))) {
        const detail = `Task ${task} was decided by someone else meanwhile`;
        throw new Problem({ status: 409, code: 'already-decided', title: 'Already decided', detail });
      }
      if (settled > 0) return;
      const detail = `Task ${task} waits no longer: its deadline is over, or run ${run} has ended. A retry of the run asks again`;
      throw new Problem({
        status: 409,
        code: 'not-waiting',
        title: 'Nobody waits for this decision',
        detail,
      });
    });
  }
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
