import { spentOn, type Usage } from '@duofactory/contracts';
import { cutKey } from '@duofactory/engine';
import { Problem, type Database } from '@duofactory/platform';
import { readPins } from '../../store/read-pins.js';
import { readUsage } from '../../store/read-usage.js';
import { readTask } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { pinnedReferences } from '../workflows/references.js';
import { inputSights } from '../advance/task-input.js';

export interface Provenance {
  readonly run: string;
  readonly workflow: string;
  readonly version: number;
  /** What the blocks on the way refer to, with the versions that the run is bound to. */
  readonly references: readonly { block: string; kind: string; reference: string }[];
  readonly models: readonly { provider: string; model: string }[];
  /** Each answer of a model once, replayed or not. */
  readonly calls: readonly { ledger?: string; model: string; requestId?: string }[];
  /** The rows that the payload came from: an import's label in the payload's key. */
  readonly sources: readonly { block: string; key: string }[];
  /** Of the way here, samples that were not chosen included. */
  readonly cost: { readonly amount: number; readonly currency: string; readonly unpriced: number };
}

/** Where a task's input comes from. */
export class ReadProvenance {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(id: string): Promise<Provenance> {
    const task = await readTask(this.database, id);
    if (!task) {
      throw new Problem({
        status: 404,
        code: 'unknown-task',
        title: 'Unknown task',
        detail: `No task has the id ${id}`,
      });
    }
    const { plan, definition, manifests } = await this.plans.of(this.database, task.workflow, task.version);
    const seen = inputSights(plan, plan.byId.get(task.block)!)
      .map(({ block }) => plan.byId.get(block)!)
      .sort((a, b) => a.index - b.index);
    const usage = await readUsage(
      this.database,
      task.run,
      seen.map((block) => ({ block: block.id, key: cutKey(task.key, block.taskSignature) })),
    );
    const { paid, unpriced } = spentOn(usage.filter(({ saved }) => !saved));
    const pins = await readPins(this.database, task.run);
    // Voices are told by who publishes.
    const models = new Map(
      usage
        .filter(({ kind }) => kind !== 'speech')
        .map(({ provider, model }) => [`${provider} ${model}`, { provider, model }]),
    );
    const ways = new Set(seen.map((block) => block.id));
    return {
      run: task.run,
      workflow: task.workflow,
      version: task.version,
      references: pinnedReferences(definition, manifests, pins).filter(({ block }) => ways.has(block)),
      models: [...models.values()],
      calls: callsOf(usage),
      sources: seen
        .filter(({ type, forks }) => type === 'import' && forks)
        .flatMap(({ id: block }) => {
          const segment = task.key.split('/').find((one) => one.startsWith(`${block}=`));
          return segment === undefined
            ? []
            : [{ block, key: decodeURIComponent(segment.slice(block.length + 1)) }];
        }),
      cost: {
        amount: paid,
        currency: usage.find(({ cost }) => cost !== null)?.cost?.currency ?? 'USD',
        unpriced,
      },
    };
  }
}

function callsOf(usage: readonly Usage[]): Provenance['calls'] {
  const calls = usage
    .filter(({ kind }) => kind === 'model')
    .map(({ ledger, provider, model, requestId }) => ({
      ...(ledger === undefined ? {} : { ledger }),
      model: `${provider}/${model}`,
      ...(requestId === undefined ? {} : { requestId }),
    }));
  return [...new Map(calls.map((call) => [call.ledger ?? call.requestId ?? '', call])).values()];
}
