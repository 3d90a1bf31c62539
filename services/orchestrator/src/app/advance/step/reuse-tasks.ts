import { MOST_EFFECTS_REUSED, effectsReusedV1, uuidFrom, type EffectsReused } from '@duofactory/contracts';
import { taskId, type Outcome, type ResultRow, type TaskRow } from '@duofactory/engine';
import { readWaiting } from '../../../store/groups.js';
import type { RequestedTask } from '../../../store/promote-ready.js';
import { readOrigin, type EditedResult } from '../../../store/run-origin.js';
import { readRunsToReuse, type ReusableRun } from '../../../store/runs.js';
import {
  forkedResults,
  originsOf,
  paidByTasks,
  reuseTasks,
  succeededTasks,
  tasksInside,
  type SucceededTask,
} from '../../../store/reuse-tasks.js';
import { makes } from '../../commands/edited-results.js';
import { listOf } from '../../history/all-list.js';
import { inputHash, rowsOfHash, type InputSource } from '../../commands/input-hash.js';
import type { PlannedVersion } from '../plans.js';
import type { SettledHere } from './apply-changes.js';
import type { LockedRun, LockedRuns } from './locked-runs.js';
import type { SeenResults } from './seen-results.js';

interface Pair {
  readonly task: RequestedTask;
  readonly before: SucceededTask;
}

/**
 * Tasks of a rerun that need not be asked for again: block, key, sample and input hash equal those of a task that
 * succeeded in the earlier run. Hashes are worked out here, from rows that never change, and not for every task of
 * every run: only reruns pay for them.
 */
export class ReuseTasks {
  constructor(
    private readonly runs: LockedRuns,
    private readonly results: SeenResults,
  ) {}

  async apply(
    requests: readonly RequestedTask[],
  ): Promise<{ reused: SettledHere[]; others: readonly RequestedTask[] }> {
    // What was asked for once goes on by itself, though the earlier run was retried meanwhile and has succeeded: what a
    // rerun reuses has no request.
    const first = requests.filter(({ attempt }) => attempt === 1);
    const byRun = Map.groupBy(first, (task) => task.run);
    const reused: SettledHere[] = [];
    for (const [run, tasks] of byRun) {
      const locked = this.runs.get(run)!;
      if (locked.row.rerunOf !== null) reused.push(...(await this.#ofRun(locked, tasks)));
    }
    if (reused.length === 0) return { reused, others: requests };
    const settled = new Set(reused.map(({ task }) => task.id));
    return { reused, others: requests.filter(({ id }) => !settled.has(id)) };
  }

  async #ofRun(locked: LockedRun, tasks: readonly RequestedTask[]): Promise<SettledHere[]> {
    const {
      tx,
      now,
      of: { plans },
    } = this.runs;
    const [base] = await readRunsToReuse(tx, [locked.row.rerunOf!]);
    if (!base) return [];
    const version = await plans.of(tx, base.workflow, base.version);
    const { edits } = (await readOrigin(tx, locked.row.id))!;
    const pairs = await this.#pairs(locked, base, version, { tasks, edits });
    if (pairs.length === 0) return [];
    const here = await this.#hashes(
      locked.row,
      locked.version,
      pairs.map(({ task }) => task),
    );
    const there = await this.#hashes(
      base,
      version,
      pairs.map(({ before }) => before),
    );
    const equal = pairs.filter(({ task, before }) => {
      const hash = here.hashes.get(task.id);
      // What a person has put there stands, whatever its block would make of its input now.
      if (hash !== undefined && editedOf(before, version, edits)) return true;
      return hash !== undefined && hash === there.hashes.get(before.id);
    });
    const made = await this.#made(base, version, equal, there.lists);
    for (const [task, rows] of made)
      made.set(
        task,
        rows.map((row) => asEdited(row, edits)),
      );
    await reuseTasks(
      tx,
      equal.map(({ task, before }) => ({ id: task.id, from: before.id, hash: here.hashes.get(task.id)! })),
      now,
    );
    await this.#tellSaved(locked, version, equal);
    return equal.map(({ task, before }) => {
      const outcome: Outcome = { kind: 'reused', payloads: made.get(before.id) ?? [] };
      return { run: locked.row.id, task, outcome };
    });
  }

  /** What the tasks had paid for is used again: whoever keeps the ledger counts it as saved. */
  async #tellSaved(
    { row: { id: run, workflow } }: LockedRun,
    { plan }: PlannedVersion,
    pairs: readonly Pair[],
  ): Promise<void> {
    const byBefore = new Map(pairs.map(({ task, before }) => [before.id, task]));
    const withRuns = pairs.filter(({ before }) => plan.byId.get(before.block)!.type === 'workflow');
    const madeBy = await this.#madeBy([...byBefore.keys()], new Set(withRuns.map(({ before }) => before.id)));
    const paid = await paidByTasks(this.runs.tx, [...madeBy.keys()]);
    const effects = new Map<string, EffectsReused['effects'][number]>();
    for (const { task: origin, ledger, times } of paid) {
      const { id: task, block } = byBefore.get(madeBy.get(origin)!)!;
      const name = `${task} ${ledger}`;
      effects.set(name, { ledger, task, block, times: times + (effects.get(name)?.times ?? 0) });
    }
    const all = [...effects.values()];
    for (let from = 0; from < all.length; from += MOST_EFFECTS_REUSED) {
      const some = all.slice(from, from + MOST_EFFECTS_REUSED);
      const { task, ledger } = some[0]!;
      const id = uuidFrom(effectsReusedV1.type, run, task, ledger);
      this.runs.emit(effectsReusedV1, run, run, { run, workflow, effects: some }, { id });
    }
  }

  /**
   * All tasks that were done for these, each with the one of these that it was done for: those that they took over
   * themselves, and those of runs inside, however deep.
   */
  async #madeBy(tasks: readonly string[], withRuns: ReadonlySet<string>): Promise<Map<string, string>> {
    const madeBy = new Map(tasks.map((id) => [id, id]));
    for (let level = tasks, mayHaveRuns = withRuns; level.length > 0;) {
      const origins = await originsOf(this.runs.tx, level);
      for (const { of, id } of origins) madeBy.set(id, madeBy.get(of)!);
      const above = origins.filter(({ of }) => mayHaveRuns.has(of));
      const began = new Set(above.map(({ id }) => id));
      const inside = await tasksInside(this.runs.tx, [...new Set(above.map(({ run }) => run))]);
      const next = inside.filter(({ task }) => began.has(task));
      for (const { task, id } of next) madeBy.set(id, madeBy.get(task)!);
      level = next.map(({ id }) => id);
      mayHaveRuns = new Set(level);
    }
    return madeBy;
  }

  /** Tasks with those that succeeded under the same name before, but what the rerun asks for anew. */
  async #pairs(
    { row }: LockedRun,
    base: ReusableRun,
    version: PlannedVersion,
    { tasks, edits }: { tasks: readonly RequestedTask[]; edits: readonly EditedResult[] },
  ): Promise<Pair[]> {
    const under = row.rerunKey === null || row.rerunKey === '' ? [] : row.rerunKey.split('/');
    const anew = (task: TaskRow): boolean =>
      task.block === row.rerunFrom &&
      under.every((segment) => task.key.split('/').includes(segment)) &&
      !editedOf(task, version, edits);
    const wanted = new Map(
      tasks
        .filter((task) => version.plan.byId.has(task.block) && !anew(task))
        .map((task) => [taskId(base.id, task.block, task.key, task.sample), task]),
    );
    const found = await succeededTasks(this.runs.tx, [...wanted.keys()]);
    return found.map((before) => ({ task: wanted.get(before.id)!, before }));
  }

  async #hashes(
    run: ReusableRun,
    version: PlannedVersion,
    tasks: readonly TaskRow[],
  ): Promise<{ hashes: Map<string, string | undefined>; lists: Map<string, string[]> }> {
    const { plan, manifests, definition } = version;
    const source: InputSource = {
      plan,
      manifests,
      inputs: run.inputs,
      variables: definition.variables ?? {},
      pins: run.pins,
      read: this.results.of(run.id),
    };
    const lists = await this.#lists(run.id, version, tasks);
    const list = (task: TaskRow): string[] => lists.get(task.id) ?? [];
    await this.results.load(
      tasks.flatMap((task) => rowsOfHash(source, task, list(task)).map((row) => ({ run: run.id, ...row }))),
    );
    const hashes = new Map(tasks.map((task) => [task.id, inputHash(source, task, list(task))]));
    return { hashes, lists };
  }

  async #lists(
    run: string,
    { plan }: PlannedVersion,
    tasks: readonly TaskRow[],
  ): Promise<Map<string, string[]>> {
    const grouped = tasks.filter(({ block }) => plan.byId.get(block)!.input === 'all');
    const rows = await readWaiting(
      this.runs.tx,
      grouped.map(({ block, key }) => ({ run, block, key })),
    );
    const waiting = Map.groupBy(rows, (row) => `${row.block}\n${row.group}`);
    return new Map(
      grouped.map((task) => {
        const list = listOf(plan, task, waiting.get(`${task.block}\n${task.key}`) ?? []);
        return [task.id, list.map(({ key }) => key)];
      }),
    );
  }

  /** What the earlier tasks made, by task. */
  async #made(
    base: ReusableRun,
    { plan }: PlannedVersion,
    pairs: readonly Pair[],
    lists: ReadonlyMap<string, readonly string[]>,
  ): Promise<Map<string, ResultRow[]>> {
    const made = new Map<string, ResultRow[]>();
    const exact: { of: string; block: string; key: string }[] = [];
    const forked: SucceededTask[] = [];
    for (const { before } of pairs) {
      const block = plan.byId.get(before.block)!;
      if (block.repeat) made.set(before.id, [...(before.outcome ?? [])]);
      else if (block.output === 'many') forked.push(before);
      else if (block.output === 'pick')
        for (const key of lists.get(before.id) ?? []) exact.push({ of: before.id, block: block.id, key });
      else {
        const own = `${block.id}=${before.sample}`;
        const key = block.samples ? (before.key === '' ? own : `${before.key}/${own}`) : before.key;
        exact.push({ of: before.id, block: block.id, key });
      }
    }
    for (const { of, ...row } of await forkedResults(this.runs.tx, base.id, forked))
      made.set(of, [...(made.get(of) ?? []), row]);
    await this.results.load(exact.map(({ block, key }) => ({ run: base.id, block, key })));
    const read = this.results.of(base.id);
    for (const { of, block, key } of exact) {
      const row = read(block, key) as ResultRow | undefined;
      if (row?.state === 'ok') made.set(of, [...(made.get(of) ?? []), row]);
    }
    return made;
  }
}

function editedOf(task: TaskRow, { plan }: PlannedVersion, edits: readonly EditedResult[]): boolean {
  const block = plan.byId.get(task.block);
  return block !== undefined && edits.some((edit) => makes(task, block, edit));
}

function asEdited(row: ResultRow, edits: readonly EditedResult[]): ResultRow {
  const edit = edits.find(({ block, key }) => block === row.block && key === row.key);
  return edit ? { ...row, value: edit.result, ref: null } : row;
}
