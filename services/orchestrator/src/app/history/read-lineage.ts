import { spentOn } from '@duofactory/contracts';
import { appendSegment, cutKey, type Plan, type PlannedBlock } from '@duofactory/engine';
import { Problem, type Database } from '@duofactory/platform';
import {
  madeOfGroup,
  needsInGroup,
  readAttempts,
  readGroup,
  tasksExtending,
  tasksWithKeys,
  type LineageAttempt,
  type LineageTask,
} from '../../store/read-lineage.js';
import { readResults } from '../../store/read-results.js';
import { whyNotPicked } from '../../store/not-picked.js';
import { readReview } from '../../store/reviews.js';
import { readRunsToReuse, type ReusableRun } from '../../store/runs.js';
import { mayBeEdited } from '../commands/edited-results.js';
import type { PlannedVersion, Plans } from '../advance/plans.js';
import { pinned } from '../advance/step/request-tasks.js';
import { rowsToRead, taskInput, type SeenResult } from '../advance/task-input.js';

/** A block that a payload came through. */
export interface WayStep {
  readonly block: string;
  readonly type: string;
  readonly key: string;
  readonly state: string;
  /** null where it lies in the object store, at `ref`. */
  readonly value: unknown;
  readonly ref: unknown;
  /** Whether a rerun may take it over corrected. */
  readonly editable: boolean;
  readonly task: TaskOnTheWay | null;
}

export interface TaskOnTheWay {
  readonly id: string;
  readonly key: string;
  readonly sample: number;
  readonly status: string;
  readonly attempts: readonly Omit<LineageAttempt, 'task' | 'usage'>[];
  /** The task of an earlier run whose results it took over. */
  readonly reusedFrom: string | null;
  /** What it was given: its configuration, or that it got a list. */
  readonly input: { readonly with: unknown; readonly payloads: number | null };
  readonly paid: { readonly amount: number; readonly unpriced: number };
}

/** What became of a payload at a block below. */
export interface Fate {
  readonly block: string;
  /** went-on, picked, collected, not-picked, unmatched, passed-by, rejected, dropped, kept, failed, rounds-exhausted, not-made, waiting, open, not-reached. */
  readonly what: string;
  readonly why: Readonly<Record<string, unknown>>;
  readonly tasks: readonly { readonly id: string; readonly sample: number; readonly status: string }[];
}

/** One of the samples that a payload comes from, or another that its task's siblings made. */
export interface SampleOnTheWay extends Place {
  readonly sample: number;
  readonly status: string;
}

export interface Lineage {
  readonly run: string;
  readonly block: string;
  readonly key: string;
  /** false: there is no such payload; `became` says where its way ended. */
  readonly exists: boolean;
  readonly samples: readonly SampleOnTheWay[];
  readonly way: readonly WayStep[];
  readonly became: readonly Fate[];
}

interface Place {
  readonly block: string;
  readonly key: string;
}

/** The way that a payload took, and what became of it; for one that never came to be, why. */
export class ReadLineage {
  constructor(
    private readonly database: Database,
    private readonly plans: Plans,
  ) {}

  async execute(id: string, { block, key }: Place): Promise<Lineage> {
    const [run] = await readRunsToReuse(this.database, [id]);
    if (!run) throw unknown('run', `No run has the id ${id}`);
    const version = await this.plans.of(this.database, run.workflow, run.version);
    const target = version.plan.byId.get(block);
    if (!target) throw unknown('block', `The run has no block "${block}"`);
    const rows = await this.#rows(run.id, rowsToRead(version.plan, target.sees, key));
    const seen = target.sees
      .map((sight) => version.plan.byId.get(sight.block)!)
      .sort((a, b) => a.index - b.index);
    const there = seen.filter((one) => rows.has(nameAt(one, key)));
    const way = await this.#way(run, version, there, key, rows);
    const exists = rows.has(nameAt(target, key));
    const from = { block, key: cutKey(key, target.signature) };
    const below = target.below.map((name) => version.plan.byId.get(name)!);
    const became = exists
      ? await Promise.all(below.map((to) => this.#fate(id, from, to)))
      : await this.#ending(id, version.plan, { seen, there, key });
    const samples = await this.#samples(id, target, seen, key);
    return { run: id, block, key, exists, samples, way, became };
  }

  /** Those that share all but the last sample's segment; below it, the block that is asked about sees them alike. */
  async #samples(
    run: string,
    target: PlannedBlock,
    seen: readonly PlannedBlock[],
    key: string,
  ): Promise<SampleOnTheWay[]> {
    const sampled = seen.findLast(({ samples, forks }) => samples && forks);
    if (!sampled) return [];
    const parent = cutKey(key, sampled.taskSignature);
    const tasks = await tasksWithKeys(this.database, run, [{ block: sampled.id, key: parent }]);
    const isLast = target.signature.at(-1) === sampled.id;
    return tasks.map(({ sample, status }) => ({
      block: isLast && status === 'done' ? target.id : sampled.id,
      key: appendSegment(parent, sampled.id, String(sample)),
      ...{ sample, status },
    }));
  }

  /** Where the way to a payload that is not there ended: at the first block that did not make it. */
  async #ending(
    run: string,
    plan: Plan,
    { seen, there, key }: { seen: readonly PlannedBlock[]; there: readonly PlannedBlock[]; key: string },
  ): Promise<Fate[]> {
    const missing = seen.find((one) => !there.includes(one))!;
    const needs = missing.needs.map(({ block }) => plan.byId.get(block)!);
    const came = needs.filter((need) => there.includes(need));
    if (needs.length === 0) return [await this.#fate(run, { block: '', key: '' }, missing, key)];
    const from = came.length > 0 ? came : needs;
    return Promise.all(
      from.map((need) => this.#fate(run, { block: need.id, key: cutKey(key, need.signature) }, missing, key)),
    );
  }

  async #rows(run: string, places: readonly Place[]): Promise<Map<string, SeenResult>> {
    const rows = await readResults(
      this.database,
      places.map((place) => ({ run, ...place })),
    );
    return new Map(rows.map((row) => [`${row.block}\n${row.key}`, row]));
  }

  async #way(
    run: ReusableRun,
    version: PlannedVersion,
    there: readonly PlannedBlock[],
    key: string,
    rows: ReadonlyMap<string, SeenResult>,
  ): Promise<WayStep[]> {
    const tasks = await tasksWithKeys(
      this.database,
      run.id,
      there.map(({ id, taskSignature }) => ({ block: id, key: cutKey(key, taskSignature) })),
    );
    const attempts = Map.groupBy(
      await readAttempts(
        this.database,
        tasks.map(({ id }) => id),
      ),
      ({ task }) => task,
    );
    const told = there.map(async (block): Promise<WayStep> => {
      const row = rows.get(nameAt(block, key))!;
      const task = tasks.filter((one) => one.block === block.id).findLast((one) => madeBy(one, block, key));
      return {
        block: block.id,
        type: block.type,
        key: cutKey(key, block.signature),
        state: row.state,
        value: row.ref ? null : row.value,
        ref: row.ref ?? null,
        editable: row.state === 'ok' && !row.ref && mayBeEdited(block),
        task: task ? await this.#task(run, version, task, attempts.get(task.id) ?? []) : null,
      };
    });
    return Promise.all(told);
  }

  async #task(
    run: ReusableRun,
    { plan, manifests, definition }: PlannedVersion,
    task: LineageTask,
    attempts: readonly LineageAttempt[],
  ): Promise<TaskOnTheWay> {
    const block = plan.byId.get(task.block)!;
    const manifest = manifests.get(block.type)!;
    const { inputs } = run;
    const variables = definition.variables ?? {};
    const above = block.reads.map((id) => ({ block: id, guards: [] }));
    const rows = await this.#rows(run.id, rowsToRead(plan, above, task.key));
    const read = (name: string, at: string): SeenResult | undefined => rows.get(`${name}\n${at}`);
    const { payloads, ...row } = task;
    const input = taskInput({ plan, manifest, task: row, inputs, variables, read });
    const usage = attempts.flatMap(({ usage: used }) => used ?? []).filter(({ saved }) => !saved);
    const { paid, unpriced } = spentOn(usage);
    return {
      ...{ id: task.id, key: task.key, sample: task.sample, status: task.status },
      attempts: attempts.map(({ task: _, usage: __, ...attempt }) => attempt),
      reusedFrom: task.reusedFrom,
      input: { with: pinned('error' in input ? block.with : input.with, run.pins[task.block]), payloads },
      paid: { amount: paid, unpriced },
    };
  }

  /** `of`: the payload of that block which is not there. */
  async #fate(run: string, from: Place, to: PlannedBlock, of?: string): Promise<Fate> {
    const group = to.scope === undefined ? undefined : cutKey(from.key, to.scope);
    const state = group === undefined ? undefined : await readGroup(this.database, run, to.id, group);
    const fate = (what: string, why: Fate['why'] = {}, tasks: readonly LineageTask[] = []): Fate => ({
      ...{ block: to.id, what, why },
      tasks: tasks.map(({ id, sample, status }) => ({ id, sample, status })),
    });
    const waits = (): Fate => fate('waiting', { group, openWork: state?.openWork ?? 0 });
    if (group !== undefined && (!state || state.state === 'open')) return waits();
    const joins = to.input === 'each' && group !== undefined;
    const taskKey = to.input === 'all' ? group! : from.key;
    const made = joins
      ? await tasksExtending(this.database, run, to.id, from.key)
      : await tasksWithKeys(this.database, run, [{ block: to.id, key: taskKey }]);
    const tasks = of === undefined ? made : made.filter((task) => madeBy(task, to, of));
    const keys = [from.key, taskKey, appendSegment(taskKey, to.id, '0')];
    const rows = await this.#rows(
      run,
      keys.map((key) => ({ block: to.id, key })),
    );
    if ([...rows.values()].some((row) => row.state === 'passed'))
      return fate('passed-by', { when: to.when }, tasks);
    if (tasks.length === 0) {
      if (!joins) return fate('not-reached');
      if (state?.state === 'expanding') return waits();
      const came = await needsInGroup(this.database, run, to.id, group);
      const others = to.needs.filter(({ block }) => block !== from.block).map(({ block }) => block);
      return fate('unmatched', { group, needs: others, absent: others.filter((one) => !came.includes(one)) });
    }
    const unsettled = tasks.find(({ status }) => OPEN.has(status));
    if (unsettled) return fate('open', { status: unsettled.status, attempt: unsettled.attempt }, tasks);
    const done = tasks.filter(({ status }) => status === 'done');
    if (
      to.repeat &&
      done.length === tasks.length &&
      !(await madeOfGroup(this.database, run, to.id, group!))
    ) {
      const { rounds, until, otherwise } = to.repeat;
      return fate('rounds-exhausted', { rounds, until, otherwise, round: state!.round }, tasks);
    }
    if (done.length === 0) {
      const last = tasks.at(-1)!;
      return fate(last.status, { ...last.error }, tasks);
    }
    if (to.output === 'pick') {
      const picked = rows.get(`${to.id}\n${from.key}`);
      if (picked) return fate('picked', { result: picked.value }, tasks);
      const last = done.at(-1)!;
      const told = await whyNotPicked(this.database, last.id, from.key);
      return fate('not-picked', { with: to.with, group: taskKey, of: last.payloads, ...told }, tasks);
    }
    if (to.type === 'review') {
      const review = await readReview(this.database, done.at(-1)!.id);
      if (review?.status === 'rejected') return fate('rejected', { ...review.decision }, tasks);
    }
    if (of !== undefined) return fate('not-made', {}, tasks);
    return fate(to.input === 'all' ? 'collected' : 'went-on', {}, tasks);
  }
}

const OPEN = new Set(['evaluating', 'ready', 'requested', 'backoff']);

function nameAt(block: PlannedBlock, key: string): string {
  return `${block.id}\n${cutKey(key, block.signature)}`;
}

/** Of a task's samples the one that the key names; of rounds any, the last counts. */
function madeBy({ sample }: LineageTask, { id, samples, forks }: PlannedBlock, key: string): boolean {
  if (!samples || !forks) return true;
  const segment = key.split('/').find((one) => one.startsWith(`${id}=`));
  return segment === `${id}=${sample}`;
}

function unknown(what: 'run' | 'block', detail: string): Problem {
  return new Problem({ status: 404, code: `unknown-${what}`, title: `Unknown ${what}`, detail });
}
