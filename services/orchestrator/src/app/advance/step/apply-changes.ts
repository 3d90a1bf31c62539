import {
  compareOrd,
  decideFired,
  decideSettled,
  firesByCount,
  releasesByCount,
  rowsMade,
  taskId,
  type Changes,
  type Expansion,
  type GroupState,
  type LoopState,
  type NewTask,
  type Outcome,
  type PlannedBlock,
  type ResultRow,
  type Settled,
  type TaskRow,
  type WaitingRow,
} from '@duofactory/engine';
import { countUnborn, storeExpansion, storeSamples, type UnbornSamples } from '../../../store/expansions.js';
import { beginTasks, keepOutcomes, removeTasks, type BegunTask } from '../../../store/begin-tasks.js';
import {
  countGroups,
  countWaiting,
  fireGroups,
  readWaiting,
  setGroupStates,
  type CountedGroup,
  type GroupKey,
} from '../../../store/groups.js';
import {
  insertResults,
  insertTasks,
  insertWaiting,
  type BornTask,
  type OfRun,
} from '../../../store/insert-rows.js';
import { readLoops } from '../../../store/read-loops.js';
import { readResults } from '../../../store/read-results.js';
import { expandTasks, setTaskStatuses, type StatusChange } from '../../../store/settle-tasks.js';
import type { EndRuns } from './end-runs.js';
import { rowName, type LockedRun, type LockedRuns } from './locked-runs.js';
import type { RequestTasks } from './request-tasks.js';
import type { SeenResults } from './seen-results.js';

/** A task with what became of it. */
export interface SettledHere {
  readonly run: string;
  readonly task: TaskRow;
  readonly outcome: Outcome;
}

/** Carries out what the engine decides, set by set, and fires what falls due by it. */
export class ApplyChanges {
  constructor(
    private readonly runs: LockedRuns,
    private readonly results: SeenResults,
    private readonly requests: RequestTasks,
    private readonly ends: EndRuns,
  ) {}

  async settle(settled: readonly SettledHere[]): Promise<void> {
    if (settled.length === 0) return;
    const waiting = await this.waitingOf(settled.map(({ run, task }) => ({ run, ...task })));
    const loops = await this.loopsOf(
      settled.map(({ run, task }) => ({ run, block: task.block, key: task.key, round: task.sample })),
    );
    const changes = new Map<string, Changes>();
    let beside = 0;
    for (const [run, ones] of Map.groupBy(settled, (one) => one.run)) {
      const tasks = ones.map(({ task, outcome }): Settled => {
        const name = rowName(run, task.block, task.key);
        const loop = loops.get(name);
        this.runs.went(run, task.block, outcome.kind === 'error' ? 'failed' : 'done');
        return { task, outcome, consumed: waiting.get(name) ?? [], ...(loop ? { loop } : {}) };
      });
      const decided = decideSettled(this.runs.plan(run), run, tasks, this.runs.of.mostRows, beside);
      beside += rowsMade(decided);
      changes.set(run, decided);
    }
    await this.apply(changes);
  }

  /** Writes changes, then fires due groups in plan order, until none is due. */
  async apply(first: Map<string, Changes>): Promise<void> {
    const due = new Map<string, CountedGroup>();
    for (let changes = first; changes.size > 0;) {
      for (const group of await this.#write(changes)) {
        const name = rowName(group.run, group.block, group.key);
        if (group.born) this.runs.counts(group.run, group.block).openWork += 1;
        if (group.openWork < 0) throw new Error(`Open work of group ${name} fell below 0`);
        if (group.openWork === 0 && group.state === 'open') due.set(name, group);
        else due.delete(name);
      }
      changes = await this.#fire(this.#takeFirst(due));
    }
  }

  /** By group, the payloads that wait at `all` blocks, or how many. */
  async waitingOf(
    tasks: readonly { run: string; block: string; key: string }[],
  ): Promise<Map<string, OfRun<WaitingRow>[]>> {
    return this.waitingIn(tasks.filter(({ run, block }) => this.runs.block(run, block).input === 'all'));
  }

  /** By group, what is known of the loops of evaluating blocks. */
  async loopsOf(groups: readonly (GroupKey & { round: number })[]): Promise<Map<string, LoopState>> {
    const looped = groups.filter(({ run, block }) => this.runs.block(run, block).repeat);
    const rows = await readLoops(
      this.runs.tx,
      looped.map(({ run, block, key, round }) => {
        const { from } = this.runs.block(run, block).repeat!;
        const passedKey = key === '' ? `${from}=0` : `${key}/${from}=0`;
        const before = taskId(run, block, key, round - 1);
        return { run, fromTask: taskId(run, from, key, 1), from, passedKey, before };
      }),
    );
    return new Map(
      rows.map(({ reached, ord, failedWhen, passed, asked }, n) => {
        const { run, block, key } = looped[n]!;
        const loop = { reached: reached || passed, onlyRound: failedWhen || passed, ord: ord ?? [], asked };
        return [rowName(run, block, key), loop];
      }),
    );
  }

  /** By group, what waits there; where that is enough, how many. */
  async waitingIn(
    groups: readonly GroupKey[],
    byCount = (run: string, block: PlannedBlock) => releasesByCount(this.runs.plan(run), block),
  ): Promise<Map<string, OfRun<WaitingRow>[]>> {
    const kinds = Map.groupBy(groups, ({ run, block }) => byCount(run, this.runs.block(run, block)));
    const rows = [
      ...(await readWaiting(this.runs.tx, kinds.get(false) ?? [])),
      ...(await countWaiting(this.runs.tx, kinds.get(true) ?? [])),
    ];
    return Map.groupBy(rows, (row) => rowName(row.run, row.block, row.group));
  }

  /** Of every run the due groups of the block that is first in plan order. */
  #takeFirst(due: Map<string, CountedGroup>): CountedGroup[] {
    const first = new Map<string, number>();
    for (const { run, block } of due.values()) {
      const { index } = this.runs.block(run, block);
      if (index < (first.get(run) ?? Infinity)) first.set(run, index);
    }
    const taken = [...due].filter(
      ([, group]) => this.runs.block(group.run, group.block).index === first.get(group.run),
    );
    for (const [name] of taken) due.delete(name);
    return taken.map(([, group]) => group);
  }

  async #fire(groups: readonly CountedGroup[]): Promise<Map<string, Changes>> {
    const changes = new Map<string, Changes>();
    if (groups.length === 0) return changes;
    fireGroups(this.runs.tx, groups, this.runs.now);
    const waiting = await this.waitingIn(groups, (_, block) => firesByCount(block));
    const orders = await this.#ordersOf(groups);
    const loops = await this.loopsOf(groups);
    for (const [run, ofRun] of Map.groupBy(groups, (group) => group.run)) {
      const dueGroups = ofRun.map(({ block, key, round }) => {
        const name = rowName(run, block, key);
        const loop = loops.get(name);
        return {
          block,
          key,
          round,
          waiting: waiting.get(name) ?? [],
          ord: orders.get(name) ?? [],
          ...(loop ? { loop } : {}),
        };
      });
      changes.set(run, decideFired(this.runs.plan(run), run, dueGroups, this.runs.of.mostRows));
    }
    return changes;
  }

  /** Order vectors of the payloads of `per`. */
  async #ordersOf(groups: readonly GroupKey[]): Promise<Map<string, number[]>> {
    const ofPer = groups.flatMap(({ run, block, key }) => {
      const { per } = this.runs.block(run, block);
      return per === undefined ? [] : [{ run, block, key, per }];
    });
    const rows = await readResults(
      this.runs.tx,
      ofPer.map(({ run, per, key }) => ({ run, block: per, key })),
    );
    const ordOf = new Map(rows.map((row) => [rowName(row.run, row.block, row.key), row.ord]));
    return new Map(
      ofPer.map(({ run, block, key, per }) => [
        rowName(run, block, key),
        ordOf.get(rowName(run, per, key)) ?? [],
      ]),
    );
  }

  async #write(changes: Map<string, Changes>): Promise<CountedGroup[]> {
    const { tx, now } = this.runs;
    const statuses: StatusChange[] = [];
    const results: OfRun<ResultRow>[] = [];
    const waiting: OfRun<WaitingRow>[] = [];
    const tasks: BornTask[] = [];
    const begun: BegunTask[] = [];
    const groups: (GroupKey & { delta: number })[] = [];
    const expanding: string[] = [];
    const expansions: OfRun<Expansion>[] = [];
    const unborn: OfRun<UnbornSamples>[] = [];
    const states: (GroupKey & { state: GroupState; round: number })[] = [];
    for (const [run, change] of changes) {
      const locked = this.runs.get(run)!;
      for (const { id, status, error } of change.statuses) {
        if (status === 'expanding') expanding.push(id);
        else if (status !== 'done') statuses.push(error ? { id, status, error } : { id, status });
      }
      for (const row of change.results) {
        results.push({ run, ...row });
        this.results.add(run, row);
        this.runs.counts(run, row.block).payloads += 1;
      }
      for (const row of change.waiting) waiting.push({ run, ...row });
      for (const group of change.groups.values()) groups.push({ run, ...group });
      for (const group of change.groupStates) states.push({ run, ...group });
      for (const expansion of change.expansions) {
        expansions.push({ run, ...expansion });
        this.runs.expanding.add(run);
        // Its task keeps its place among those that are out, until all that it made is there.
        if (expansion.of === 'task') this.runs.counts(run, expansion.block).requested += 1;
      }
      this.#count(locked, change);
      this.#bear(locked, { ...change, tasks: this.#bornNow(run, change.tasks, unborn) }, tasks, begun);
      if (change.groupStates.some(({ state }) => state === 'deciding')) this.runs.undecided.add(run);
      if (change.failure) {
        const { block, error, final } = change.failure;
        const reason = `Block "${block}" failed with ${error.code}: ${error.message}`;
        this.ends.stop(locked, reason, final ? 'failed-for-good' : 'failed');
      }
      await this.#limitPayloads(locked, change);
    }
    const all = [...changes.values()];
    setTaskStatuses(tx, statuses, now);
    expandTasks(tx, expanding);
    keepOutcomes(
      tx,
      all.flatMap(({ outcomes }) => outcomes),
    );
    for (const expansion of expansions) await storeExpansion(tx, expansion);
    storeSamples(tx, unborn);
    await insertResults(tx, results);
    await insertTasks(tx, tasks, now);
    beginTasks(tx, begun, now);
    removeTasks(
      tx,
      all.flatMap(({ removed }) => removed),
    );
    await insertWaiting(tx, waiting);
    setGroupStates(tx, states);
    return countGroups(tx, groups);
  }

  #count(locked: LockedRun, change: Changes): void {
    for (const [block, counts] of change.blocks) {
      const row = this.runs.counts(locked.row.id, block);
      for (const name of ['openWork', 'tasks', 'done', 'failed', 'skipped', 'unmatched', 'good'] as const)
        row[name] += counts[name];
    }
    locked.row.errors += change.losses;
  }

  /** Of a payload with more samples than a step should make, the first ones. All are open work from now on. */
  #bornNow(run: string, tasks: readonly NewTask[], unborn: OfRun<UnbornSamples>[]): readonly NewTask[] {
    const { mostRows } = this.runs.of;
    if (tasks.length <= mostRows) return tasks;
    const born: NewTask[] = [];
    for (const samples of Map.groupBy(tasks, ({ block, key }) => `${block}\n${key}`).values()) {
      const { block, key, ord } = samples[0]!;
      if (samples.length <= mostRows || samples.some(isHeld)) {
        born.push(...samples);
        continue;
      }
      born.push(...samples.slice(0, mostRows));
      for (let at = mostRows; at < samples.length; at += mostRows) {
        const piece = samples.slice(at, at + mostRows);
        unborn.push({ run, block, key, ord, first: piece[0]!.sample, last: piece.at(-1)!.sample });
        this.runs.counts(run, block).tasks -= piece.length;
      }
      this.runs.expanding.add(run);
    }
    return born;
  }

  /** Samples that were counted when their payload came. */
  async bearSamples(run: string, { block, key, ord, first, last }: UnbornSamples): Promise<void> {
    const locked = this.runs.get(run)!;
    const born: BornTask[] = [];
    for (let sample = first; sample <= last; sample += 1) {
      const task: TaskRow = { id: taskId(run, block, key, sample), block, key, ord, sample };
      born.push({ run, ...task, ...this.requests.birth(locked, task) });
    }
    this.runs.counts(run, block).tasks += born.length;
    await insertTasks(this.runs.tx, born, this.runs.now);
  }

  /** New tasks, and those whose `when` came true, in payload order. */
  #bear(
    locked: LockedRun,
    change: Pick<Changes, 'begun'> & { readonly tasks: readonly NewTask[] },
    tasks: BornTask[],
    begun: BegunTask[],
  ): void {
    const run = locked.row.id;
    const begins = new Set(change.begun.map(({ id }) => id));
    const inOrder: NewTask[] = [...change.tasks, ...change.begun].sort(
      (a, b) => compareOrd(a.ord, b.ord) || a.sample - b.sample,
    );
    for (const task of inOrder) {
      if (begins.has(task.id)) begun.push({ id: task.id, ...this.requests.birth(locked, task) });
      else if (isHeld(task)) {
        const { status } = task;
        tasks.push({ run, ...task, ...this.requests.stillbirth(locked, task, status) });
      } else tasks.push({ run, ...task, ...this.requests.birth(locked, task) });
    }
    if (change.tasks.some(({ status }) => status === 'evaluating')) this.runs.undecided.add(run);
  }

  async #limitPayloads(locked: LockedRun, { results, expansions }: Changes): Promise<void> {
    let payloads = 0;
    for (const { of, pieces } of expansions)
      if (of === 'task') for (const piece of pieces) payloads += piece.length;
    if (results.length + payloads === 0) return;
    // What is to be born of earlier answers counts, too.
    if (payloads > 0) payloads += await countUnborn(this.runs.tx, locked.row.id);
    for (const counts of locked.blocks.values()) payloads += counts.payloads;
    const most = locked.version.plan.maxPayloads;
    if (payloads > most)
      this.ends.stop(locked, `The run made more than maxPayloads (${most}) payloads`, 'failed-for-good');
  }
}

function isHeld(task: NewTask): task is NewTask & { status: NonNullable<NewTask['status']> } {
  return task.status !== undefined;
}
