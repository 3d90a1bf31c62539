import type { WorkflowDefinition } from '@duofactory/contracts';
import type { Database } from '@duofactory/platform';
import { countToRun, type Existing, type ListSource } from '../../store/batches.js';
import { listBlockTypes } from '../../store/block-types.js';
import { readBlocks } from '../../store/counters.js';
import { pastRuns } from '../../store/past-runs.js';
import { readItems } from '../batches/batches.js';
import type { Drafts } from '../workflows/drafts.js';
import type { ReadListSource } from '../batches/read-list-source.js';
import { pinnedReferences, type References } from '../workflows/references.js';
import type { StartRun } from './start-run.js';

export interface StartToRehearse {
  /** `id`, `id@7` or `id@draft`. */
  readonly workflow: string;
  readonly items?: readonly unknown[];
  readonly csv?: string;
  readonly source?: ListSource;
  readonly existing: Existing;
}

/** Half of the past runs had at most `p50`, nine of ten at most `p90`. */
export interface Range {
  readonly p50: number;
  readonly p90: number;
}

export interface Rehearsal {
  /** Rows: all, and those that would run; the others were done before and cost nothing. */
  readonly rows: { readonly total: number; readonly toRun: number };
  /** How many past runs it is taken from. */
  readonly pastRuns: number;
  /** Of one run. null: no past run had the block. */
  readonly blocks: {
    block: string;
    type: string;
    tasks: Range | null;
    /** In US dollars. null: some of it has no known price. */
    cost: Range | null;
    /** What it would be bound to, to its end. */
    references: { kind: string; reference: string }[];
  }[];
  /** Cost of all rows that would run together; time of one run. */
  readonly total: { readonly cost: Range | null; readonly durationMs: Range | null };
}

const RUNS_LOOKED_AT = 20;

/** Says what a start would do before it is one: every row is checked, and past runs say how much it is. */
export class RehearseStart {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly drafts: Drafts,
    private readonly references: References,
    private readonly readList: ReadListSource,
  ) {}

  /** Throws Problem with the rows and fields at fault. */
  async execute(request: StartToRehearse): Promise<Rehearsal> {
    const [id] = request.workflow.split('@') as [string];
    const definition = request.workflow.endsWith('@draft')
      ? ((await this.drafts.show(id)).definition as unknown as WorkflowDefinition)
      : (await this.startRun.resolve(request.workflow)).definition;
    const items = await readItems(definition, request, this.readList);
    const toRun = await countToRun(this.database, id, items, request.existing);
    const past = await pastRuns(this.database, id, RUNS_LOOKED_AT);
    const rows = await readBlocks(
      this.database,
      past.map((run) => run.id),
    );
    const bound = await this.#bound(definition);
    const blocks = definition.blocks.map(({ id: block, type }) => {
      const own = rows.filter((row) => row.block === block);
      const priced = own.every(({ unpriced }) => unpriced === 0);
      return {
        ...{ block, type, tasks: rangeOf(own.map(({ tasks }) => tasks)) },
        cost: priced ? rangeOf(own.map(({ cost }) => cost)) : null,
        references: bound
          .filter((one) => one.block === block)
          .map(({ kind, reference }) => ({ kind, reference })),
      };
    });
    const isPriced = rows.every(({ unpriced }) => unpriced === 0);
    const costs = past.map((run) =>
      rows.filter((row) => row.run === run.id).reduce((sum, { cost }) => sum + cost, 0),
    );
    return {
      rows: { total: items.length, toRun },
      pastRuns: past.length,
      blocks,
      total: {
        cost: isPriced ? rangeOf(costs.map((cost) => cost * toRun)) : null,
        durationMs: rangeOf(past.map(({ durationMs }) => durationMs)),
      },
    };
  }

  /** Of a draft, what is not published stays as it is said. */
  async #bound(definition: WorkflowDefinition): Promise<ReturnType<typeof pinnedReferences>> {
    const types = await listBlockTypes(this.database);
    const manifests = new Map(types.map(({ manifest }) => [manifest.type, manifest]));
    const { pins } = await this.references.pinsOf(this.database, definition, manifests);
    return pinnedReferences(definition, manifests, pins);
  }
}

/** Of the nearest ranks: each is a figure that there was. */
function rangeOf(figures: readonly number[]): Range | null {
  if (figures.length === 0) return null;
  const sorted = figures.toSorted((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { p50: rank(0.5), p90: rank(0.9) };
}
