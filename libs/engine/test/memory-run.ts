/**
 * The store in memory: what the orchestrator's statements do to the tables, and a schedule by a seed. Requests go by an
 * outbox: a crash between a transaction and its publication leaves them there, one after the publication sends them
 * again. Answers and expressions come back in any order, in batches, some twice; attempts fail and are lost, and late
 * results of theirs come after later ones. What makes many rows is born piece by piece. The run is paused, resumed,
 * cancelled and retried on the way.
 */
import {
  compareOrd,
  cutKey,
  firesByCount,
  joinWaiting,
  releasesByCount,
  taskId,
  type Changes,
  type Expansion,
  type GroupState,
  type LoopState,
  type NewTask,
  type Outcome,
  type Piece,
  type Plan,
  type ResultRow,
  type Settled,
  type TaskError,
  type TaskRow,
  type WaitingRow,
} from '../src/index.js';
import type { OutcomeOfRun } from './outcome-of-run.js';
import { RUN, decideCall, type Call } from './decide-call.js';
import type { Services } from './played-services.js';

interface Task extends TaskRow {
  status: 'ready' | 'requested' | 'expanding' | 'done' | NonNullable<NewTask['status']>;
  attempt: number;
  failures: number;
  error: TaskError | undefined;
  outcome: readonly ResultRow[];
}

interface Group {
  readonly block: string;
  readonly key: string;
  openWork: number;
  state: GroupState;
  round: number;
}

interface Attempt {
  readonly task: string;
  readonly attempt: number;
}

type Answer = Attempt & ({ readonly outcome: Outcome } | { readonly failed: 'for now' });

const OPEN: readonly string[] = ['ready', 'requested', 'expanding', 'evaluating', 'failed'];
const MOST_ROWS = [1, 2, 3];
/** Rows of other runs, more than which a step makes no further ones. */
const MANY_BESIDE = 100;
const MOST_DISTURBANCES = 8;

export class MemoryRun {
  readonly #tasks = new Map<string, Task>();
  readonly #results = new Map<string, ResultRow>();
  readonly #waiting = new Map<string, WaitingRow[]>();
  readonly #groups = new Map<string, Group>();
  readonly #openWork = new Map<string, number>();
  readonly #tasksMade: Record<string, number> = {};
  readonly #done: Record<string, number> = {};
  readonly #failures: Record<string, number> = {};
  readonly #good: Record<string, number> = {};
  readonly #lists: Record<string, string[]> = {};
  /** What a transaction has stored to be published. */
  readonly #outbox: Attempt[] = [];
  readonly #delivered: Attempt[] = [];
  readonly #answers: Answer[] = [];
  readonly #expansions: Expansion[] = [];
  readonly #given = new Map<string, Outcome>();
  readonly #slots: number;
  readonly #atOnce: { readonly mostRows?: number };
  #state: 'running' | 'paused' | 'stopping' | 'cancelled' = 'running';
  #disturbances = MOST_DISTURBANCES;
  #losses = 0;
  #failed = false;

  constructor(
    private readonly plan: Plan,
    private readonly services: Services,
    private readonly random: () => number,
    private readonly onDecided?: (call: Call, changes: Changes) => void,
  ) {
    this.#slots = 1 + Math.floor(random() * 5);
    const mostRows = MOST_ROWS[Math.floor(random() * (MOST_ROWS.length + 1))];
    this.#atOnce = mostRows === undefined ? {} : { mostRows };
    for (const { id } of plan.blocks) {
      this.#openWork.set(id, 0);
      this.#tasksMade[id] = this.#done[id] = this.#failures[id] = this.#good[id] = 0;
    }
  }

  /** To its end, or to where it fails. */
  play(): OutcomeOfRun {
    if (this.#tasks.size === 0 && this.#groups.size === 0) this.#apply({ start: true });
    while (!this.#failed && this.#next()) this.#check();
    return this.#outcome();
  }

  /** One thing more. Returns false when nothing can happen any more. */
  #next(): boolean {
    this.#request();
    const tasks = [...this.#tasks.values()];
    const evaluating = tasks.filter(({ status }) => status === 'evaluating');
    const deciding = [...this.#groups.values()].filter(({ state }) => state === 'deciding');
    const going = this.#state !== 'cancelled';
    const kinds = [
      [this.#outbox.length > 0, () => this.#publish()],
      [this.#delivered.length > 0, () => this.#work()],
      [this.#answers.length > 0, () => this.#settle()],
      [going && evaluating.length > 0, () => this.#evaluate(this.#some(evaluating))],
      [going && deciding.length > 0, () => this.#decide(this.#some(deciding))],
      [going && this.#expansions.length > 0, () => this.#expand()],
      [this.#disturbances > 0 && this.random() < 0.3, () => this.#disturb()],
    ] as const;
    const possible = kinds.filter(([may]) => may);
    if (possible.length > 0) possible[Math.floor(this.random() * possible.length)]![1]();
    else if (this.#state === 'running') return false;
    else this.#goOn();
    return true;
  }

  /** At most so many of a block, in payload order; nothing while the run is paused or stops. */
  #request(): void {
    if (this.#state !== 'running') return;
    for (const ofBlock of Map.groupBy(this.#tasks.values(), ({ block }) => block).values()) {
      const out = ofBlock.filter(({ status }) => status === 'requested').length;
      const ready = ofBlock
        .filter(({ status }) => status === 'ready')
        .sort((x, y) => compareOrd(x.ord, y.ord) || x.sample - y.sample);
      for (const task of ready.slice(0, Math.max(0, this.#slots - out))) {
        task.status = 'requested';
        task.attempt += 1;
        this.#outbox.push({ task: task.id, attempt: task.attempt });
      }
    }
  }

  /** Sends what is stored. Whoever dies before has sent nothing; whoever dies after it sends it again. */
  #publish(): void {
    const sent = this.#some(this.#outbox);
    if (this.random() < 0.1 && this.#disturbed()) return;
    this.#delivered.push(...sent);
    if (this.random() < 0.1 && this.#disturbed()) return;
    for (const one of sent) this.#outbox.splice(this.#outbox.indexOf(one), 1);
  }

  #work(): void {
    for (const request of this.#some(this.#delivered)) {
      this.#delivered.splice(this.#delivered.indexOf(request), 1);
      if (this.services.failsForNow(request.task, request.attempt))
        this.#answers.push({ ...request, failed: 'for now' });
      else this.#answers.push({ ...request, outcome: this.#answerTo(request.task) });
    }
  }

  /** The same of each attempt: what a task is given was final when it was made. */
  #answerTo(id: string): Outcome {
    const known = this.#given.get(id);
    if (known) return known;
    const task = this.#tasks.get(id)!;
    const block = this.plan.byId.get(task.block)!;
    const list = block.input === 'all' ? joinWaiting(this.plan, block, this.#waitingAt(task)).payloads : [];
    const keys = list.map(({ key }) => key);
    if (block.input === 'all') {
      this.#lists[`${task.block} ${task.key} ${task.sample}`] = keys;
      if (task.payloads !== keys.length) throw new Error(`The list of ${task.key} grew after it was made`);
    }
    const outcome = this.services.answer(block, task.key, task.sample, keys);
    this.#given.set(id, outcome);
    return outcome;
  }

  #some<T>(all: readonly T[]): T[] {
    const left = [...all];
    const chosen: T[] = [];
    for (let most = 1 + Math.floor(this.random() * 5); most > 0 && left.length > 0; most -= 1)
      chosen.push(...left.splice(Math.floor(this.random() * left.length), 1));
    return chosen;
  }

  /** Success of any attempt settles; failure counts only from the current one. Of an ended run nothing does. */
  #settle(): void {
    const batch = this.#some(this.#answers);
    for (const one of batch)
      if (this.random() >= 0.2 || !this.#disturbed()) this.#answers.splice(this.#answers.indexOf(one), 1);
    if (this.#state === 'cancelled') return;
    const settled: Settled[] = [];
    for (const answer of batch) {
      const task = this.#tasks.get(answer.task)!;
      const current = task.status === 'requested' && task.attempt === answer.attempt;
      if ('failed' in answer) {
        if (!current) continue;
        task.failures += 1;
        task.status = 'ready';
        continue;
      }
      const { outcome } = answer;
      const counts = outcome.kind === 'error' ? current : ['ready', 'requested'].includes(task.status);
      if (!counts) continue;
      task.status = 'done';
      const consumed = this.#consumedBy(task);
      settled.push({ task, outcome, consumed, ...this.#loopOf(task.block, task.key, task.sample) });
    }
    if (settled.length === 0) return;
    const beside = this.random() < 0.2 ? MANY_BESIDE : 0;
    this.#apply({ settled, ...this.#atOnce, beside });
  }

  #disturbed(): boolean {
    if (this.#disturbances === 0) return false;
    this.#disturbances -= 1;
    return true;
  }

  #disturb(): void {
    this.#disturbances -= 1;
    const out = [...this.#tasks.values()].filter(({ status }) => status === 'requested');
    const kinds = [
      () => (this.#state = this.#state === 'paused' ? 'running' : 'paused'),
      () => (this.#state = 'stopping'),
      // Nobody answered in time: the next attempt is asked for, and an answer to this one may still come.
      () => this.#some(out).forEach((task) => (task.status = 'ready')),
    ];
    if (this.#state === 'running' || this.#state === 'paused') kinds[Math.floor(this.random() * 3)]!();
  }

  /** A run that stands still is resumed, or ends as cancelled once what is out is back, and is retried. */
  #goOn(): void {
    if (this.#state === 'stopping') {
      for (const task of this.#tasks.values()) if (task.status === 'requested') task.status = 'ready';
      this.#state = 'cancelled';
    } else this.#state = 'running';
  }

  #evaluate(tasks: readonly Task[]): void {
    const when = tasks.map((task) => ({
      task,
      consumed: this.#consumedBy(task),
      verdict: this.services.when(this.plan.byId.get(task.block)!, task.key),
    }));
    this.#apply({ when, ...this.#atOnce });
  }

  #decide(groups: readonly Group[]): void {
    const until = groups.map(({ block, key, round }) => {
      const task = this.#tasks.get(taskId(RUN, block, key, round))!;
      const { loop } = this.#loopOf(block, key, round);
      const verdict = this.services.until(this.plan.byId.get(block)!, key, round);
      return { task, made: task.outcome, waiting: this.#waitingAt(task), loop: loop!, verdict };
    });
    this.#apply({ until });
  }

  /** One piece of some expansion. */
  #expand(): void {
    const at = Math.floor(this.random() * this.#expansions.length);
    const { pieces, usedUp = [], ...expansion } = this.#expansions[at]!;
    const last = pieces.length + usedUp.length === 1;
    const [payloads = []] = pieces;
    const piece = { ...expansion, payloads, ...(pieces.length > 0 ? {} : { usedUp: usedUp[0] }), last };
    this.#dropPiece(at);
    const waiting = expansion.of === 'join' ? this.#waitingIn(expansion) : this.#consumedBy(expansion);
    const consumed = last && pieces.length > 0 ? waiting : [];
    this.#apply({ expanded: piece as Piece, consumed });
  }

  /** What is used up comes behind what is born. */
  #dropPiece(at: number): void {
    const { pieces, usedUp, ...expansion } = this.#expansions[at]!;
    const left = { pieces: pieces.slice(1), usedUp: pieces.length > 0 ? usedUp : usedUp?.slice(1) };
    if (left.pieces.length + (left.usedUp?.length ?? 0) === 0) this.#expansions.splice(at, 1);
    else this.#expansions[at] = { ...expansion, ...left } as Expansion;
  }

  /** Where what waited is used up piece by piece, what is left of it. */
  #stillWaiting(group: Group): readonly WaitingRow[] {
    const { usedUp } =
      this.#expansions.find(({ block, key, usedUp: left }) => {
        return left !== undefined && block === group.block && key === group.key;
      }) ?? {};
    return usedUp?.flat() ?? this.#waiting.get(`${group.block}\n${group.key}`) ?? [];
  }

  #waitingAt({ block, key }: { block: string; key: string }): WaitingRow[] {
    return this.plan.byId.get(block)!.input === 'all' ? (this.#waiting.get(`${block}\n${key}`) ?? []) : [];
  }

  #consumedBy(task: { block: string; key: string }): WaitingRow[] {
    return this.plan.byId.get(task.block)!.input === 'all' ? this.#waitingIn(task) : [];
  }

  /** One row a need, where that is enough. */
  #waitingIn({ block, key }: { block: string; key: string }): WaitingRow[] {
    const rows = this.#waiting.get(`${block}\n${key}`) ?? [];
    return releasesByCount(this.plan, this.plan.byId.get(block)!) ? counted(rows) : rows;
  }

  #loopOf(block: string, key: string, round: number): { loop?: LoopState } {
    const { repeat } = this.plan.byId.get(block)!;
    if (!repeat) return {};
    const first = this.#tasks.get(taskId(RUN, repeat.from, key, 1));
    const passed = this.#results.has(`${repeat.from}\n${key === '' ? '' : `${key}/`}${repeat.from}=0`);
    return {
      loop: {
        reached: first !== undefined || passed,
        onlyRound: passed || first?.error?.field === 'when',
        ord: first?.ord ?? [],
        asked: this.#tasks.has(taskId(RUN, block, key, round - 1)),
      },
    };
  }

  #apply(first: Call): void {
    const due = new Set<Group>();
    for (let call: Call | undefined = first; call;) {
      const changes = decideCall(this.plan, call);
      this.onDecided?.(call, changes);
      for (const group of this.#write(changes)) {
        if (group.openWork < 0) throw new Error(`Open work of ${group.block} ${group.key} fell below 0`);
        if (group.openWork === 0 && group.state === 'open') due.add(group);
        else due.delete(group);
      }
      const index = Math.min(...[...due].map(({ block }) => this.plan.byId.get(block)!.index));
      const taken = [...due].filter(({ block }) => this.plan.byId.get(block)!.index === index);
      for (const group of taken) {
        due.delete(group);
        group.state = 'fired';
      }
      call = taken.length === 0 ? undefined : this.#fire(taken);
    }
  }

  #fire(groups: readonly Group[]): Call {
    const fired = groups.map(({ block, key, round }) => {
      const { per } = this.plan.byId.get(block)!;
      const ord = per === undefined ? [] : (this.#results.get(`${per}\n${key}`)?.ord ?? []);
      const rows = this.#waiting.get(`${block}\n${key}`) ?? [];
      const waiting = firesByCount(this.plan.byId.get(block)!) ? counted(rows) : rows;
      return { block, key, round, ord, waiting, ...this.#loopOf(block, key, round) };
    });
    return { fired, ...this.#atOnce };
  }

  /** Takes over what an earlier engine decided, up to a point between two steps. */
  takeOver(decided: readonly { readonly call: Call; readonly changes: Changes }[]): void {
    for (const { call, changes } of decided) {
      if ('fired' in call)
        for (const { block, key } of call.fired) this.#groups.get(`${block}\n${key}`)!.state = 'fired';
      if ('expanded' in call)
        this.#dropPiece(this.#expansions.findIndex((one) => nameOf(one) === nameOf(call.expanded)));
      this.#write(changes);
    }
    this.#check();
  }

  #write(changes: Changes): Group[] {
    for (const { id, status, error } of changes.statuses)
      Object.assign(this.#tasks.get(id)!, { status, error });
    for (const { id, payloads } of changes.outcomes) this.#tasks.get(id)!.outcome = payloads;
    for (const row of changes.results) {
      const name = `${row.block}\n${row.key}`;
      if (this.#results.has(name)) throw new Error(`Result ${name} is written twice`);
      this.#results.set(name, row);
    }
    for (const { status, error, ...task } of changes.tasks) {
      if (this.#tasks.has(task.id)) throw new Error(`Task ${task.block} ${task.key} is made twice`);
      this.#tasks.set(task.id, {
        ...task,
        status: status ?? 'ready',
        error,
        outcome: [],
        attempt: 0,
        failures: 0,
      });
    }
    for (const { id } of changes.begun) this.#tasks.get(id)!.status = 'ready';
    for (const id of changes.removed) this.#tasks.delete(id);
    for (const row of changes.waiting) {
      const name = `${row.block}\n${row.group}`;
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), row]);
    }
    this.#expansions.push(...changes.expansions);
    for (const { block, key, state, round } of changes.groupStates)
      Object.assign(this.#groups.get(`${block}\n${key}`)!, { state, round });
    for (const [block, counts] of changes.blocks) {
      this.#openWork.set(block, this.#openWork.get(block)! + counts.openWork);
      this.#tasksMade[block]! += counts.tasks;
      this.#done[block]! += counts.done;
      this.#failures[block]! += counts.failed;
      this.#good[block]! += counts.good;
    }
    this.#losses += changes.losses;
    this.#failed ||= changes.failure !== undefined;
    return [...changes.groups].map(([name, { block, key, delta }]) => {
      let group = this.#groups.get(name);
      if (!group) {
        group = { block, key, openWork: 0, state: 'open', round: 1 };
        this.#groups.set(name, group);
        this.#openWork.set(block, this.#openWork.get(block)! + 1);
      }
      if (delta > 0 && group.state !== 'open') throw new Error(`Something comes to ${name} after it fired`);
      group.openWork += delta;
      return group;
    });
  }

  /** Invariants 3 and 4, recounted. */
  #check(): void {
    const open: { block: string; key: string; signature: readonly string[] }[] = [];
    for (const { block, key, status } of this.#tasks.values()) {
      if (OPEN.includes(status))
        open.push({ block, key, signature: this.plan.byId.get(block)!.taskSignature });
    }
    for (const group of this.#groups.values()) {
      const { input, taskSignature } = this.plan.byId.get(group.block)!;
      if (group.state === 'exhausted') open.push({ ...group, signature: taskSignature });
      const busy = [...this.#tasks.values()].some(
        ({ block, key, status }) => block === group.block && key === group.key && OPEN.includes(status),
      );
      if (group.state === 'closed' || (group.state === 'fired' && !(input === 'all' && busy))) continue;
      for (const { need, key } of this.#stillWaiting(group))
        open.push({ block: group.block, key, signature: this.plan.byId.get(need)!.signature });
    }
    for (const [block, openWork] of this.#openWork) {
      const unfired = [...this.#groups.values()].filter(
        (one) => one.block === block && (one.state === 'open' || one.state === 'expanding'),
      ).length;
      const counted = open.filter((one) => one.block === block).length + unfired;
      if (counted !== openWork) throw new Error(`Open work of ${block} is ${openWork}, recounted ${counted}`);
    }
    for (const { block, key, openWork } of this.#groups.values()) {
      const { above, scope } = this.plan.byId.get(block)!;
      const counted = open.filter(
        (one) =>
          above.includes(one.block) &&
          scope!.every((segment) => one.signature.includes(segment)) &&
          cutKey(one.key, scope!) === key,
      ).length;
      if (counted !== openWork)
        throw new Error(`Open work of group ${block} "${key}" is ${openWork}, recounted ${counted}`);
    }
  }

  #outcome(): OutcomeOfRun {
    const payloads: Record<string, string[]> = {};
    for (const { id } of this.plan.blocks) payloads[id] = [];
    for (const row of [...this.#results.values()].sort((a, b) => compareOrd(a.ord, b.ord)))
      payloads[row.block]!.push(`${row.key} ${row.state}`);
    const open = [...this.#openWork.values()].reduce((sum, one) => sum + one, 0);
    if (!this.#failed && open !== 0) throw new Error(`Nothing can happen any more, and ${open} is open`);
    const enough = this.plan.blocks.every((block) => this.#enough(block.id));
    const status = this.#failed || !enough ? 'failed' : this.#losses > 0 ? 'partial' : 'completed';
    return { status, payloads, tasks: this.#tasksMade, lists: this.#lists };
  }

  /** As blocks close in the orchestrator. */
  #enough(block: string): boolean {
    const { minSuccess } = this.plan.byId.get(block)!;
    if (minSuccess === undefined) return true;
    if ('count' in minSuccess) return this.#good[block]! >= minSuccess.count;
    const settled = this.#done[block]! + this.#failures[block]!;
    return settled === 0 || this.#done[block]! / settled >= minSuccess.share;
  }
}

function nameOf(one: Expansion | Piece): string {
  return `${one.block}\n${one.key}\n${one.of === 'task' ? one.sample : 'join'}`;
}

function counted(rows: readonly WaitingRow[]): WaitingRow[] {
  return [...Map.groupBy(rows, ({ need }) => need)].map(([need, { length }]) => {
    const { block, group } = rows[0]!;
    return { block, group, need, key: group, ord: [], count: length };
  });
}
