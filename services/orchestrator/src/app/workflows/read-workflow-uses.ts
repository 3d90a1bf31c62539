import type { Database } from '@duofactory/platform';
import { workflowsNaming } from '../../store/reference-uses.js';
import { listSchedules } from '../../store/schedules.js';
import { listTriggers } from '../../store/triggers.js';
import { openBatchesOf, openRunsOf, type OpenBatch, type OpenRuns } from '../../store/workflow-uses.js';
import { WORKFLOW_BLOCK } from './own-block-types.js';

export interface WorkflowUses {
  /** Those with a block that runs it. */
  readonly workflows: readonly {
    readonly workflow: string;
    /** null: its draft. */
    readonly version: number | null;
    readonly blocks: readonly { readonly block: string; readonly reference: string }[];
  }[];
  readonly schedules: readonly {
    readonly schedule: string;
    readonly reference: string;
    readonly paused: boolean;
    readonly nextAt: Date | null;
  }[];
  readonly triggers: readonly {
    readonly trigger: string;
    readonly reference: string;
    readonly paused: boolean;
    readonly type: string;
  }[];
  readonly batches: readonly OpenBatch[];
  readonly runs: readonly OpenRuns[];
}

/** Who runs a workflow: other workflows, schedules, triggers; and what has begun with a version and stays with it. */
export class ReadWorkflowUses {
  constructor(private readonly database: Database) {}

  async execute(id: string): Promise<WorkflowUses> {
    const naming = await workflowsNaming(this.database, `"${id}`);
    return {
      workflows: naming.flatMap(({ workflow, version, definition }) => {
        const blocks = blocksRunning(id, definition['blocks']);
        return blocks.length > 0 ? [{ workflow, version, blocks }] : [];
      }),
      schedules: (await listSchedules(this.database, id)).map(
        ({ id: schedule, workflow: reference, paused, nextAt }) => ({ schedule, reference, paused, nextAt }),
      ),
      triggers: (await listTriggers(this.database, id)).map(
        ({ id: trigger, workflow: reference, paused, type }) => ({ trigger, reference, paused, type }),
      ),
      batches: await openBatchesOf(this.database, id),
      runs: await openRunsOf(this.database, id),
    };
  }
}

/** A draft may be anything: what is no whole block runs nothing. A template is known when it runs. */
function blocksRunning(id: string, blocks: unknown): { block: string; reference: string }[] {
  if (!Array.isArray(blocks)) return [];
  return (blocks as unknown[]).flatMap((one) => {
    const { id: block, type, with: settings } = (one ?? {}) as Record<string, unknown>;
    const { workflow: reference } = (settings ?? {}) as { workflow?: unknown };
    const isRunning =
      type === WORKFLOW_BLOCK.type && typeof reference === 'string' && reference.split('@')[0] === id;
    return isRunning && typeof block === 'string' ? [{ block, reference }] : [];
  });
}
