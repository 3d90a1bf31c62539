import type { Plan } from '@duofactory/engine';
import type { Expressions } from '@duofactory/expressions';
import type { ObjectStore } from '@duofactory/objects';
import { randomUUID } from 'node:crypto';
import { countRehearsed, countUnreached, meanCosts } from '../../store/count-for-rerun.js';
import { readBlocks } from '../../store/counters.js';
import { insertRuns, readRun } from '../../store/runs.js';
import type { AdvanceRuns } from '../advance/advance-runs.js';
import type { Drafts } from '../workflows/drafts.js';
import { EvaluateExpressions } from '../advance/evaluate-expressions.js';
import { Plans } from '../advance/plans.js';
import type { RerunRequest, RerunRun } from './rerun-run.js';

/** What a rerun would do, block by block. */
export interface RerunForecast {
  readonly blocks: {
    block: string;
    /** Tasks whose results are taken over. */
    reused: number;
    /** Tasks that are asked for again. */
    anew: number;
    /** Tasks of the run before whose input those will make: asked for again if it comes out otherwise. */
    byInput: number;
    /** At the prices of the run before; null: not known. */
    cost: { anew: number | null; byInput: number | null };
  }[];
  /** Why the run would stop before it asks for anything more; null: it would not. */
  readonly stops: string | null;
}

/**
 * Says what a rerun would take over and ask for, by starting it in a transaction that is taken back: what it says is
 * what happens. Expressions are evaluated meanwhile; of limits of concurrency nothing is known, so that all tasks show.
 */
export class ForecastRerun {
  constructor(
    private readonly advance: AdvanceRuns,
    private readonly rerunRun: RerunRun,
    private readonly drafts: Drafts,
    private readonly expressions: Expressions,
    private readonly objects: ObjectStore,
  ) {}

  execute(request: RerunRequest): Promise<RerunForecast> {
    const plans = new Plans(withoutLimits);
    return this.advance.rehearse(plans, async ({ tx, now, step }) => {
      const id = randomUUID();
      const base = await this.rerunRun.baseOf(tx, request);
      const draft = request.version === 'draft' ? await this.drafts.keepIn(tx, base.workflow) : undefined;
      const run = await this.rerunRun.prepare(tx, request, { plans, base, id, now, draft });
      const first = step();
      await insertRuns(tx, [{ ...run, ...first.traceOf(run, undefined) }], now);
      await first.start([id]);
      const evaluate = new EvaluateExpressions(tx, plans, this.expressions, this.objects);
      const { signal } = new AbortController();
      for (;;) {
        while (await step().expand(id));
        const decisions = await evaluate.of([id], signal);
        if (!decisions) break;
        await step().decide(decisions);
      }
      const { plan } = await plans.of(tx, run.workflow, run.version);
      const made = new Map((await countRehearsed(tx, id)).map((row) => [row.block, row]));
      const closed = new Set(
        (await readBlocks(tx, [id])).filter((row) => row.closed).map(({ block }) => block),
      );
      const unreached = await countUnreached(tx, base.id, id);
      const costs = await meanCosts(tx, base.id);
      const { status, reason } = (await readRun(tx, id))!;
      return {
        blocks: plan.blocks.map(({ id: block }) => {
          const { reused = 0, anew = 0 } = made.get(block) ?? {};
          const byInput = closed.has(block) ? 0 : (unreached.get(block) ?? 0);
          const costOf = (tasks: number): number | null =>
            tasks === 0 ? 0 : costs.has(block) ? tasks * costs.get(block)! : null;
          return { block, reused, anew, byInput, cost: { anew: costOf(anew), byInput: costOf(byInput) } };
        }),
        stops: status === 'stopping' || status === 'failed' ? reason : null,
      };
    });
  }
}

function withoutLimits(plan: Plan): Plan {
  const blocks = plan.blocks.map((block) => ({ ...block, concurrency: Number.MAX_SAFE_INTEGER }));
  return { ...plan, blocks, byId: new Map(blocks.map((block) => [block.id, block])) };
}
