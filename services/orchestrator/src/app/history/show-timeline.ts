import type { Clock, Database } from '@duofactory/platform';
import { readTimeline, type BlockTime, type Stretch, type TaskTime } from '../../store/read-timeline.js';
import { readRun } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { unknownRun } from '../commands/unknown-run.js';

export interface Timeline {
  readonly from: Date;
  readonly to: Date;
  /** In plan order; those of which something was asked. */
  readonly blocks: readonly BlockTime[];
  /** The longest ones of the window, by their beginning. */
  readonly tasks: readonly TaskTime[];
  /** When anything was asked for or worked on: between them the run idled. */
  readonly busy: readonly Stretch[];
}

/** When tasks of a run waited and when they were worked on. */
export class ShowTimeline {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
    private readonly clock: Clock,
  ) {}

  async execute(
    id: string,
    of: { from?: Date; to?: Date; block?: string; limit: number },
  ): Promise<Timeline> {
    const run = await readRun(this.database, id);
    if (!run) throw unknownRun(id);
    const { plan } = await this.plans.of(this.database, run.workflow, run.version);
    const now = run.endedAt ?? this.clock.now();
    const { blocks, tasks, busy } = await readTimeline(this.database, { run: id, now, ...of });
    const order = (block: string): number => plan.byId.get(block)?.index ?? plan.blocks.length;
    return {
      from: run.createdAt,
      to: now,
      blocks: blocks.toSorted((a, b) => order(a.block) - order(b.block)),
      ...{ tasks, busy },
    };
  }
}
