import { spentOn } from '@duofactory/contracts';
import { appendSegment, encodeText, type Plan } from '@duofactory/engine';
import { Problem, TimePosition, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import { readBlocks, type BlockRow } from '../../store/counters.js';
import { countOpenReviews } from '../../store/reviews.js';
import { readToldUsage } from '../../store/late-costs.js';
import { readResults } from '../../store/read-results.js';
import { readOrigin } from '../../store/run-origin.js';
import {
  countRuns,
  listMatchingRuns,
  listResults,
  listRuns,
  listTasks,
  readRun,
  type MatchingRun,
  type RunCounts,
  type RunFilters,
  type RunSummary,
  type TaskListRow,
} from '../../store/runs.js';
import { readScores } from '../../store/task-scores.js';
import { Type } from 'typebox';
import type { Plans } from '../advance/plans.js';
import { pinnedReferences } from '../workflows/references.js';
import { spentBy, type Spent } from './spent.js';
import { blockResults, rowsToRead } from '../advance/task-input.js';
import { unknownRun } from '../commands/unknown-run.js';

export interface RunDetail extends RunSummary {
  readonly spent: Spent;
  readonly rerunOf: string | null;
  /** Whose results a person has corrected for it. */
  readonly edited: { block: string; key: string }[];
  /** The versions that it is bound to, whatever is published meanwhile. */
  readonly references: { block: string; kind: string; reference: string }[];
  readonly blocks: (Omit<BlockRow, 'run'> & { type: string })[];
}

/** A run beside others of its workflow. */
export interface RunWithBlocks extends RunSummary {
  readonly blocks: RunDetail['blocks'];
}

export interface ResultPage {
  readonly block: string;
  readonly payloads: { key: string; state: string; blockResults: Record<string, unknown> }[];
  readonly next?: string;
}

export interface ListedTask extends Omit<TaskListRow, 'ord'> {
  /** The key of its payload; of a list, what the keys start with. */
  readonly makes: string;
  /** Of its result, where that has one. */
  readonly score: number | null;
  /** By all its attempts; what was taken over costs nothing anew. */
  readonly paid: { readonly amount: number; readonly unpriced: number };
}

export interface TaskPage {
  readonly tasks: ListedTask[];
  readonly next?: string;
}

const Whole = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
const Text = Type.String({ pattern: '^[^\\0]*$' });
const ResultPosition = Type.Object({ ord: Type.Array(Whole, { minItems: 1 }), key: Text });
const TaskPosition = Type.Object({ block: Text, ord: Type.Array(Whole), key: Text, sample: Whole });

/** What is known of runs. Pages go by cursors: rows that come meanwhile neither repeat nor hide any. */
export class ReadRuns {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async list(
    of: RunFilters & { cursor?: string; limit: number },
  ): Promise<{ runs: RunSummary[]; next?: string }> {
    const { cursor, limit, ...filters } = of;
    const before = cursor === undefined ? undefined : decodeCursor(cursor, TimePosition);
    const runs = await listRuns(this.database, {
      ...filters,
      limit: limit + 1,
      ...(before ? { before: { at: new Date(before.at), id: before.id } } : {}),
    });
    if (runs.length <= limit) return { runs };
    const last = runs[limit - 1]!;
    return {
      runs: runs.slice(0, limit),
      next: encodeCursor({ at: last.createdAt.toISOString(), id: last.id }),
    };
  }

  /** All that match, up to so many: what is to be done with them goes by their state. */
  async matching(of: RunFilters, most: number): Promise<{ runs: MatchingRun[]; more: boolean }> {
    const runs = await listMatchingRuns(this.database, { ...of, limit: most + 1 });
    return { runs: runs.slice(0, most), more: runs.length > most };
  }

  /** The last runs of a workflow with the counters of their blocks, newest first. None: nobody ran it, or there is no such. */
  async ofWorkflow(workflow: string, limit: number): Promise<RunWithBlocks[]> {
    const runs = await listRuns(this.database, { workflow, limit });
    const ids = runs.map(({ id }) => id);
    const counts = Map.groupBy(await readBlocks(this.database, ids), ({ run }) => run);
    return Promise.all(
      runs.map(async (run) => {
        const { plan } = await this.plans.of(this.database, run.workflow, run.version);
        return { ...run, blocks: blocksOf(plan, counts.get(run.id) ?? []) };
      }),
    );
  }

  /** How many go on, how many reviews wait, and how many ended how since a time. */
  async counts(since: Date | undefined): Promise<RunCounts & { reviews: number }> {
    const [runs, reviews] = await Promise.all([
      countRuns(this.database, since),
      countOpenReviews(this.database),
    ]);
    return { ...runs, reviews };
  }

  async show(id: string): Promise<RunDetail> {
    const run = await this.#run(id);
    const { plan, definition, manifests } = await this.plans.of(this.database, run.workflow, run.version);
    const rows = await readBlocks(this.database, [id]);
    const { pins, rerunOf, edits } = (await readOrigin(this.database, id))!;
    const blocks = blocksOf(plan, rows);
    const references = pinnedReferences(definition, manifests, pins);
    const edited = edits.map(({ block, key }) => ({ block, key }));
    return { ...run, rerunOf, edited, spent: spentBy(rows), references, blocks };
  }

  /** Tasks by block, then in payload order. `find`: words that their keys have, as people write them. */
  async tasks(
    id: string,
    of: { block?: string; status?: readonly string[]; find?: string; cursor?: string; limit: number },
  ): Promise<TaskPage> {
    const run = await this.#run(id);
    const { plan } = await this.plans.of(this.database, run.workflow, run.version);
    const { find = '', cursor, limit, ...filters } = of;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, TaskPosition);
    const rows = await listTasks(this.database, {
      run: id,
      ...filters,
      words: find
        .split(/[\s/=]+/)
        .filter((word) => word !== '')
        .map((word) => encodeText(word).toLowerCase()),
      ...(after ? { after } : {}),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const tasks = await this.#told(
      id,
      page.map(({ ord: _, ...task }) => ({ ...task, makes: madeKey(plan, task) })),
    );
    const last = page.at(-1);
    if (rows.length <= limit || !last) return { tasks };
    const { block, ord, key, sample } = last;
    return { tasks, next: encodeCursor({ block, ord, key, sample }) };
  }

  /** Payloads of a block (default: the last in plan order) with all that they see, in payload order. */
  async results(
    id: string,
    of: { block?: string; key?: string; cursor?: string; limit: number },
  ): Promise<ResultPage> {
    const run = await this.#run(id);
    const { plan } = await this.plans.of(this.database, run.workflow, run.version);
    const block = plan.byId.get(of.block ?? plan.blocks.at(-1)!.id);
    if (!block) {
      throw new Problem({
        status: 404,
        code: 'unknown-block',
        title: 'Unknown block',
        detail: `The run has no block "${of.block}"; it has ${plan.blocks.map((one) => one.id).join(', ')}`,
      });
    }
    const after = of.cursor === undefined ? undefined : decodeCursor(of.cursor, ResultPosition);
    const rows = await listResults(this.database, {
      run: id,
      block: block.id,
      limit: of.limit + 1,
      ...(after ? { after } : {}),
      ...(of.key === undefined ? {} : { key: of.key }),
    });
    const page = rows.slice(0, of.limit);
    const wanted = new Map(
      page.flatMap(({ key }) =>
        rowsToRead(plan, block.sees, key).map(
          (row) => [`${row.block}\n${row.key}`, { run: id, ...row }] as const,
        ),
      ),
    );
    const seen = new Map(
      (await readResults(this.database, [...wanted.values()])).map((row) => [
        `${row.block}\n${row.key}`,
        row,
      ]),
    );
    const payloads = page.map(({ key, state }) => ({
      key,
      state,
      blockResults: blockResults(plan, block.sees, key, (name, at) => seen.get(`${name}\n${at}`)),
    }));
    const last = page.at(-1);
    return rows.length > of.limit && last
      ? { block: block.id, payloads, next: encodeCursor({ ord: last.ord, key: last.key }) }
      : { block: block.id, payloads };
  }

  /** What came of each, and what it cost. */
  async #told(run: string, tasks: readonly Omit<ListedTask, 'score' | 'paid'>[]): Promise<ListedTask[]> {
    const scores = await readScores(
      this.database,
      run,
      tasks.map(({ block, makes }) => ({ block, key: makes })),
    );
    const scored = new Map(scores.map(({ block, key, score }) => [`${block}\n${key}`, score]));
    const told = await readToldUsage(
      this.database,
      tasks.map(({ id }) => id),
    );
    const used = Map.groupBy(told, ({ task }) => task);
    return tasks.map((task) => {
      const usage = (used.get(task.id) ?? []).flatMap(({ usage: one }) => one ?? []);
      const { paid, unpriced } = spentOn(usage.filter(({ saved }) => !saved));
      const score = scored.get(`${task.block}\n${task.makes}`) ?? null;
      return { ...task, score, paid: { amount: paid, unpriced } };
    });
  }

  async #run(id: string): Promise<RunSummary> {
    const run = await readRun(this.database, id);
    if (!run) throw unknownRun(id);
    return run;
  }
}

/** In plan order. */
function blocksOf(plan: Plan, rows: readonly BlockRow[]): RunDetail['blocks'] {
  const counts = new Map(rows.map((row) => [row.block, row]));
  return plan.blocks.map(({ id: block, type }) => {
    const { run: _, ...row } = counts.get(block)!;
    return { ...row, type };
  });
}

function madeKey(plan: Plan, { block, key, sample }: Pick<TaskListRow, 'block' | 'key' | 'sample'>): string {
  const { samples, forks } = plan.byId.get(block)!;
  return samples && forks ? appendSegment(key, block, String(sample)) : key;
}
