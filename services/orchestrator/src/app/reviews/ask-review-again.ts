import { cutKey, type Plan, type PlannedBlock } from '@duofactory/engine';
import { Problem, type Database } from '@duofactory/platform';
import { readTask } from '../../store/runs.js';
import { REVIEW_BLOCK } from '../workflows/own-block-types.js';
import type { Plans } from '../advance/plans.js';
import type { RerunRun } from '../commands/rerun-run.js';
import { unknownTask } from '../history/read-task-input.js';
import type { StartedRun } from '../commands/start-run.js';

export interface ReviewAgain {
  readonly task: string;
  readonly idempotencyKey?: string;
  /** W3C: of the request that asks for it. */
  readonly traceparent?: string | undefined;
  readonly by: string;
}

/**
 * Asks a person again about what came to a task: its run is run again from the review above, for that payload alone, and
 * goes on by what the person decides. All else is taken over, so that nothing is paid twice.
 */
export class AskReviewAgain {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
    private readonly rerun: RerunRun,
  ) {}

  /** Throws Problems `unknown-task`, `no-review-above` and `run-not-ended`. */
  async execute({ task: id, ...asked }: ReviewAgain): Promise<StartedRun> {
    const task = await readTask(this.database, id);
    if (!task) throw unknownTask(id);
    const { run, workflow, version, block, key } = task;
    const { plan } = await this.plans.of(this.database, workflow, version);
    const review = reviewAbove(plan, plan.byId.get(block)!);
    if (!review) throw noReviewAbove(`${workflow}@${version}`, block);
    return this.rerun.execute({
      ...{ run, from: review.id, key: cutKey(key, review.taskSignature) },
      ...asked,
    });
  }
}

/** The last one that a payload passes on its way to the block. */
function reviewAbove(plan: Plan, { above }: PlannedBlock): PlannedBlock | undefined {
  return above.map((id) => plan.byId.get(id)!).findLast(({ type }) => type === REVIEW_BLOCK.type);
}

function noReviewAbove(workflow: string, block: string): Problem {
  return new Problem({
    status: 409,
    code: 'no-review-above',
    title: 'Nobody was asked',
    detail: `Workflow ${workflow} has no block of type review above "${block}": put one there, publish the workflow and run it again from "${block}"`,
  });
}
