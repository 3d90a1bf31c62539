import type { Plan } from '@duofactory/engine';
import { Problem, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import { Type } from 'typebox';
import { compareResults, type ComparedResult } from '../../store/compare-results.js';
import { readBlocks } from '../../store/counters.js';
import { readRun } from '../../store/runs.js';
import type { Plans } from '../advance/plans.js';
import { spentBy, type Spent } from './spent.js';
import { unknownRun } from '../commands/unknown-run.js';

export interface RunComparison {
  readonly block: string;
  /** That both runs have, in plan order. */
  readonly blocks: readonly string[];
  readonly spent: Spent;
  readonly otherSpent: Spent;
  readonly payloads: readonly ComparedResult[];
  readonly next?: string;
}

const Key = Type.String({ pattern: '^[^\\0]*$' });

/** Two runs beside each other: what came out of a block of each under one key. */
export class CompareRuns {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  /** Throws Problem `unknown-run`, `unknown-block`, `invalid-cursor`. */
  async execute(
    id: string,
    of: { with: string; block?: string; cursor?: string; limit: number },
  ): Promise<RunComparison> {
    const [plan, other] = [await this.#planOf(id), await this.#planOf(of.with)];
    const blocks = plan.blocks.map((one) => one.id).filter((block) => other.byId.has(block));
    const block = of.block ?? blocks.at(-1);
    if (block === undefined || !blocks.includes(block)) {
      throw new Problem({
        status: 404,
        code: 'unknown-block',
        title: 'Unknown block',
        detail: `Not both runs have a block "${of.block ?? ''}"; both have ${blocks.join(', ') || 'none'}`,
      });
    }
    const after = of.cursor === undefined ? undefined : decodeCursor(of.cursor, Key);
    const rows = await compareResults(this.database, {
      ...{ run: id, other: of.with, block, after },
      limit: of.limit + 1,
    });
    const payloads = rows.slice(0, of.limit);
    const last = payloads.at(-1);
    const [spent, otherSpent] = [await this.#spent(id), await this.#spent(of.with)];
    const page = { block, blocks, spent, otherSpent, payloads };
    return rows.length > of.limit && last ? { ...page, next: encodeCursor(last.key) } : page;
  }

  async #spent(id: string): Promise<Spent> {
    return spentBy(await readBlocks(this.database, [id]));
  }

  async #planOf(id: string): Promise<Plan> {
    const run = await readRun(this.database, id);
    if (!run) throw unknownRun(id);
    return (await this.plans.of(this.database, run.workflow, run.version)).plan;
  }
}
