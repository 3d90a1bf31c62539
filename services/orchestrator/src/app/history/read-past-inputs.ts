import { decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import type { Plan } from '@duofactory/engine';
import { Type } from 'typebox';
import {
  endedInputs,
  runsPinning,
  worstInputs,
  type GivenTask,
  type PinningRun,
} from '../../store/reference-inputs.js';
import type { Plans } from '../advance/plans.js';
import { pinnedReferences } from '../workflows/references.js';
import { pinned } from '../advance/step/request-tasks.js';

/** The nearest block below that asks evaluators, as the run is bound to them. */
export interface Judge {
  readonly block: string;
  readonly type: string;
  readonly with: Readonly<Record<string, unknown>>;
}

/** What a block that uses the thing was given once: GET /api/tasks/:id/input tells all of it. */
export interface PastInput extends GivenTask {
  readonly workflow: string;
  /** The version that it ran: `title@3`. */
  readonly reference: string;
  /** When the run began. */
  readonly at: Date;
  readonly judge: Judge | null;
  /** Of the worst sample, by the judge; told where inputs are ordered by it. */
  readonly score?: number;
}

interface UsingBlock {
  readonly reference: string;
  readonly judge: Judge | null;
}

/** Runs that are looked through for a page; what they do not fill goes on with the next page. */
const RUNS_A_PAGE = 50;

const Position = Type.Object({
  at: Type.String({ format: 'date-time' }),
  run: Type.String({ format: 'uuid' }),
  /** Inputs of the run that were told already. */
  skip: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
});

/** The real inputs of every block that uses a prompt, an evaluator or another versioned thing, newest runs first. */
export class ReadPastInputs {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(of: {
    kind: string;
    id: string;
    workflow: string | undefined;
    find: string | undefined;
    cursor: string | undefined;
    limit: number;
  }): Promise<{ inputs: PastInput[]; next?: string }> {
    const position = of.cursor === undefined ? undefined : decodeCursor(of.cursor, Position);
    const runs = await runsPinning(this.database, {
      name: `"${of.id}@`,
      limit: RUNS_A_PAGE + 1,
      ...(position ? { from: { at: new Date(position.at), run: position.run } } : {}),
      ...(of.workflow === undefined ? {} : { workflow: of.workflow }),
    });
    const inputs: PastInput[] = [];
    for (const run of runs.slice(0, RUNS_A_PAGE)) {
      const skip = run.run === position?.run ? position.skip : 0;
      const using = await this.#usingBlocks(run, of);
      const left = of.limit - inputs.length;
      const tasks = await endedInputs(this.database, {
        ...{ run: run.run, blocks: [...using.keys()], skip, limit: left + 1 },
        ...(of.find === undefined ? {} : { find: of.find }),
      });
      inputs.push(
        ...tasks.slice(0, left).map((task) => ({
          ...{ ...task, workflow: run.workflow, at: run.at },
          ...using.get(task.block)!,
        })),
      );
      if (tasks.length > left) return { inputs, next: positionAt(run, skip + left) };
    }
    const more = runs[RUNS_A_PAGE];
    return more ? { inputs, next: positionAt(more, 0) } : { inputs };
  }

  /** Of the newest runs, those whose answers were judged worst. There is no further page: what is worse stands above. */
  async worst(of: {
    kind: string;
    id: string;
    workflow: string | undefined;
    find: string | undefined;
    maxScore: number | undefined;
    limit: number;
  }): Promise<{ inputs: PastInput[] }> {
    const { find, maxScore, limit } = of;
    const runs = await runsPinning(this.database, {
      ...{ name: `"${of.id}@`, limit: RUNS_A_PAGE },
      ...(of.workflow === undefined ? {} : { workflow: of.workflow }),
    });
    const inputs: PastInput[] = [];
    for (const pinning of runs) {
      const { run, workflow, at } = pinning;
      for (const [block, using] of await this.#usingBlocks(pinning, of)) {
        const judge = using.judge?.block;
        if (judge === undefined) continue;
        const tasks = await worstInputs(this.database, { run, block, judge, find, maxScore, limit });
        inputs.push(...tasks.map((task) => ({ ...task, workflow, at, ...using })));
      }
    }
    // Equal ones stay as they are told otherwise: the newest first.
    return { inputs: inputs.sort((a, b) => a.score! - b.score!).slice(0, limit) };
  }

  async #usingBlocks(
    { workflow, version, pins }: PinningRun,
    { kind, id }: { kind: string; id: string },
  ): Promise<Map<string, UsingBlock>> {
    const { plan, definition, manifests } = await this.plans.of(this.database, workflow, version);
    const bound = pinnedReferences(definition, manifests, pins);
    const judging = new Set(bound.filter((one) => one.kind === 'evaluator').map(({ block }) => block));
    return new Map(
      bound
        .filter((one) => one.kind === kind && one.reference.split('@')[0] === id)
        .map(({ block, reference }) => [block, { reference, judge: judgeBelow(plan, block, judging, pins) }]),
    );
  }
}

function judgeBelow(
  plan: Plan,
  from: string,
  judging: ReadonlySet<string>,
  pins: PinningRun['pins'],
): Judge | null {
  const waiting = [...plan.byId.get(from)!.below];
  const seen = new Set(waiting);
  for (const id of waiting) {
    const block = plan.byId.get(id)!;
    if (judging.has(id) && block.reads.includes(from))
      return { block: id, type: block.type, with: pinned(block.with, pins[id]) };
    for (const next of block.below) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return null;
}

function positionAt({ at, run }: PinningRun, skip: number): string {
  return encodeCursor({ at: at.toISOString(), run, skip });
}
