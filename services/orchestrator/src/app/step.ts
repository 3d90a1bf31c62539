import {
  blockRequestedTopic,
  blockRequestedV1,
  runCompletedV1,
  runStartedV1,
  tasksCancelledV1,
  uuidFrom,
  type BlockRequested,
  type CloudEvent,
  type EventContract,
} from '@duofactory/contracts';
import {
  compareOrd,
  decideFired,
  decideSettled,
  decideStart,
  type Changes,
  type Outcome,
  type PlannedBlock,
  type SettledTask,
  type TaskRow,
} from '@duofactory/engine';
import type { Message } from '@duofactory/messaging';
import { createBlocks, readBlocks, writeBlocks, writeRuns, type BlockRow } from '../store/counters.js';
import { countGroups, fireGroups, readWaiting, type CountedGroup, type GroupKey } from '../store/groups.js';
import { insertResults, insertTasks, insertWaiting } from '../store/insert-rows.js';
import { lockRuns, type RunRow } from '../store/lock-runs.js';
import { promoteReady, wakeDue, type RequestedTask } from '../store/promote-ready.js';
import { readResults } from '../store/read-results.js';
import { retryFailed } from '../store/retry-failed.js';
import { recordAttempts, type AttemptRecord } from '../store/record-attempts.js';
import { claimSucceeded, countFailures, setTaskStatuses, type StatusChange } from '../store/settle-tasks.js';
import type { Transaction } from '../store/transaction.js';
import type { BlockOutcome } from './block-outcome.js';
import { backOffMs } from './back-off.js';
import type { PlannedVersion, Plans } from './plans.js';
import { rowsToRead, sightsOfInput, taskInput, type SeenResult } from './task-input.js';

/** An attempt that nobody began within this time is lost. Work that gives signs of life moves the limit. */
const LOST_AFTER_MS = 24 * 3_600_000;
const MOST_LOST = 5;

interface LockedRun {
  readonly row: RunRow;
  readonly version: PlannedVersion;
  readonly blocks: Map<string, BlockRow>;
  readonly touched: Set<string>;
  stoppingAt: Date | null;
  endedAt: Date | null;
  /** Its row is written even if no block's counters changed. */
  changed: boolean;
}

const ENDED = new Set(['completed', 'partial', 'failed', 'cancelled']);

/**
 * One transaction of the orchestrator: locks runs, applies what happened to them, makes what follows, and collects
 * the messages to publish after the commit. Every writer goes through here, so the order of locks and of statements
 * is the same for completions, timers and commands.
 */
export class Step {
  readonly messages: Message[] = [];
  readonly #runs = new Map<string, LockedRun>();
  readonly #results = new Map<string, SeenResult>();

  constructor(
    private readonly tx: Transaction,
    private readonly plans: Plans,
    private readonly now: Date,
  ) {}

  /** Takes the runs' locks, in id order. Runs that do not exist are left out. */
  async lock(ids: Iterable<string>, { ended = false } = {}): Promise<void> {
    const rows = await lockRuns(this.tx, [...new Set(ids)].sort());
    const live = rows.filter((row) => ended || !ENDED.has(row.status)).map((row) => row.id);
    const blocks = live.length > 0 ? await readBlocks(this.tx, live) : [];
    for (const row of rows) {
      const version = await this.plans.of(this.tx, row.workflow, row.version);
      this.#runs.set(row.id, {
        row,
        version,
        blocks: new Map(),
        touched: new Set(),
        stoppingAt: null,
        endedAt: null,
        changed: false,
      });
    }
    for (const block of blocks) this.#runs.get(block.run)!.blocks.set(block.block, block);
  }

  /** The start of a run whose row was just inserted. */
  async start(run: string): Promise<void> {
    await this.lock([run]);
    const locked = this.#runs.get(run)!;
    const ids = locked.version.plan.blocks.map((block) => block.id);
    await createBlocks(this.tx, run, ids);
    for (const block of await readBlocks(this.tx, [run])) locked.blocks.set(block.block, block);
    this.emit(runStartedV1, run, run, { run, workflow: locked.row.workflow, version: locked.row.version });
    await this.#apply(new Map([[run, decideStart(locked.version.plan, run)]]));
    await this.#finish();
  }

  /** What services answered. Settles what may be settled; records the rest. */
  async settle(outcomes: readonly BlockOutcome[]): Promise<void> {
    await this.lock(outcomes.map((one) => one.run));
    const open = outcomes.filter((one) => this.#open(one.run));
    const successes = new Map<string, BlockOutcome>();
    for (const one of open)
      if (one.kind === 'completed' && !successes.has(one.task)) successes.set(one.task, one);
    const failures = new Map<string, BlockOutcome & { kind: 'failed' }>();
    for (const one of open) {
      if (one.kind === 'failed' && !successes.has(one.task)) failures.set(`${one.task}/${one.attempt}`, one);
    }
    const claimed = successes.size > 0 ? await claimSucceeded(this.tx, [...successes.keys()], this.now) : [];
    const failed = failures.size > 0 ? await countFailures(this.tx, [...failures.values()]) : [];

    const settledBy = new Set<BlockOutcome>();
    const settled: { run: string; task: TaskRow; outcome: Outcome }[] = [];
    const statuses: StatusChange[] = [];
    for (const row of claimed) {
      const outcome = successes.get(row.id)!;
      settledBy.add(outcome);
      this.#addCost(row, outcome);
      this.#leave(row.run, row.block, row.was);
      if (outcome.kind === 'completed') settled.push({ run: row.run, task: row, outcome: outcome.outcome });
    }
    for (const row of failed) {
      const outcome = failures.get(`${row.id}/${row.attempt}`)!;
      settledBy.add(outcome);
      this.#addCost(row, outcome);
      this.#leave(row.run, row.block, 'requested');
      const block = this.#block(row.run, row.block);
      if (outcome.error.retryable && row.failures < block.retry.attempts) {
        statuses.push(this.#again(row, block, outcome.error.afterMs));
      } else {
        const { code, message } = outcome.error;
        settled.push({ run: row.run, task: row, outcome: { kind: 'error', error: { code, message } } });
      }
    }
    await setTaskStatuses(this.tx, statuses, this.now);
    await recordAttempts(
      this.tx,
      outcomes.map((one) => attemptRecord(one, settledBy.has(one))),
      this.now,
    );
    await this.#settleAll(settled);
    await this.#finish();
  }

  /** Tasks whose back-off is over, and attempts that were lost. */
  async wake(tasks: readonly { id: string; run: string }[]): Promise<void> {
    await this.lock(tasks.map((one) => one.run));
    const ids = tasks.filter((one) => this.#open(one.run)).map((one) => one.id);
    const woken = await wakeDue(this.tx, ids, this.now);
    const lost: { run: string; task: TaskRow; outcome: Outcome }[] = [];
    const attempts: AttemptRecord[] = [];
    for (const row of woken) {
      const counts = this.#counts(row.run, row.block);
      if (row.status === 'requested') {
        counts.requested -= 1;
        attempts.push({ task: row.id, attempt: row.attempt, outcome: 'lost', settled: false });
      }
      if (row.lost > MOST_LOST) {
        const error = {
          code: 'lost',
          message: `No answer to ${row.lost} attempts: is a service for this block type running?`,
        };
        lost.push({ run: row.run, task: row, outcome: { kind: 'error', error } });
      } else {
        counts.ready += 1;
      }
    }
    await recordAttempts(this.tx, attempts, this.now);
    await this.#settleAll(lost);
    await this.#finish();
  }

  /** Stops a run: nothing new is requested, what is out settles as ever. Nothing happens to a run that has ended. */
  async cancel(run: string, reason: string): Promise<RunRow | undefined> {
    await this.lock([run]);
    const locked = this.#runs.get(run);
    if (!locked || !this.#open(run)) return locked?.row;
    this.#stop(locked, reason);
    await this.#finish();
    return locked.row;
  }

  /**
   * Goes on with a failed or cancelled run: its failed tasks are tried anew, what had succeeded is not asked for again.
   * Returns whether it does; undefined: there is no such run.
   */
  async retry(run: string): Promise<boolean | undefined> {
    await this.lock([run], { ended: true });
    const locked = this.#runs.get(run);
    if (!locked) return undefined;
    const { row } = locked;
    if (row.status === 'running') return true;
    if (row.final || (row.status !== 'failed' && row.status !== 'cancelled')) return false;
    row.status = 'running';
    row.reason = null;
    for (const { block, tasks } of await retryFailed(this.tx, run)) {
      const counts = this.#counts(run, block);
      counts.failed -= tasks;
      counts.ready += tasks;
    }
    locked.changed = true;
    await this.#finish();
    return true;
  }

  /** Nothing new is requested until the run is resumed; what is out settles and makes ready tasks. */
  async pause(run: string): Promise<RunRow | undefined> {
    return this.#switch(run, 'running', 'paused');
  }

  async resume(run: string): Promise<RunRow | undefined> {
    return this.#switch(run, 'paused', 'running');
  }

  async #switch(run: string, from: RunRow['status'], to: RunRow['status']): Promise<RunRow | undefined> {
    await this.lock([run]);
    const locked = this.#runs.get(run);
    if (locked?.row.status !== from) return locked?.row;
    locked.row.status = to;
    locked.changed = true;
    await this.#finish();
    return locked.row;
  }

  /** Stops a run that may not go on. */
  async fail(run: string, reason: string): Promise<void> {
    await this.lock([run]);
    const locked = this.#runs.get(run);
    if (!locked || !this.#open(run)) return;
    this.#stop(locked, reason, 'failed');
    await this.#finish();
  }

  /** Stopping runs whose tasks did not come back in time: those go to `ready`, and the run ends. */
  async abandon(
    runs: readonly string[],
    recall: (tx: Transaction, run: string) => Promise<{ block: string; tasks: number }[]>,
  ): Promise<void> {
    await this.lock(runs);
    for (const locked of this.#runs.values()) {
      if (locked.row.status !== 'stopping') continue;
      for (const { block, tasks } of await recall(this.tx, locked.row.id)) {
        const counts = this.#counts(locked.row.id, block);
        counts.requested -= tasks;
        counts.ready += tasks;
      }
    }
    await this.#finish();
  }

  async #settleAll(settled: readonly { run: string; task: TaskRow; outcome: Outcome }[]): Promise<void> {
    if (settled.length === 0) return;
    const groups = settled
      .filter(({ run, task }) => this.#block(run, task.block).input === 'all')
      .map(({ run, task }) => ({ run, block: task.block, key: task.key }));
    const waiting = Map.groupBy(await readWaiting(this.tx, groups), (row) =>
      groupName(row.run, row.block, row.group),
    );
    const byRun = Map.groupBy(settled, (one) => one.run);
    const changes = new Map<string, Changes>();
    for (const [run, ones] of byRun) {
      const tasks = ones.map(({ task, outcome }): SettledTask => {
        const consumed =
          this.#block(run, task.block).input === 'all'
            ? (waiting.get(groupName(run, task.block, task.key)) ?? [])
            : [];
        return { task, outcome, consumed };
      });
      changes.set(run, decideSettled(this.#runs.get(run)!.version.plan, run, tasks));
    }
    await this.#apply(changes);
  }

  /** Writes changes, then fires due groups in plan order, until none is due. */
  async #apply(first: Map<string, Changes>): Promise<void> {
    const due = new Map<string, CountedGroup>();
    for (let changes = first; changes.size > 0;) {
      for (const group of await this.#write(changes)) {
        const name = groupName(group.run, group.block, group.key);
        if (group.born) this.#counts(group.run, group.block).openWork += 1;
        if (group.openWork < 0) throw new Error(`Open work of group ${name} fell below 0`);
        if (group.openWork === 0 && group.state === 'open') due.set(name, group);
        else due.delete(name);
      }
      changes = await this.#fire(this.#takeFirst(due));
    }
  }

  /** Of every run the due groups of the block that is first in plan order. */
  #takeFirst(due: Map<string, CountedGroup>): CountedGroup[] {
    const first = new Map<string, number>();
    for (const { run, block } of due.values()) {
      const index = this.#block(run, block).index;
      if (index < (first.get(run) ?? Infinity)) first.set(run, index);
    }
    const taken = [...due].filter(
      ([, group]) => this.#block(group.run, group.block).index === first.get(group.run),
    );
    for (const [name] of taken) due.delete(name);
    return taken.map(([, group]) => group);
  }

  async #fire(groups: readonly CountedGroup[]): Promise<Map<string, Changes>> {
    const changes = new Map<string, Changes>();
    if (groups.length === 0) return changes;
    await fireGroups(this.tx, groups);
    const waiting = Map.groupBy(await readWaiting(this.tx, groups), (row) =>
      groupName(row.run, row.block, row.group),
    );
    const orders = await this.#ordersOf(groups);
    for (const [run, ofRun] of Map.groupBy(groups, (group) => group.run)) {
      const dueGroups = ofRun.map(({ block, key }) => ({
        block,
        key,
        waiting: waiting.get(groupName(run, block, key)) ?? [],
        ord: orders.get(groupName(run, block, key)) ?? [],
      }));
      changes.set(run, decideFired(this.#runs.get(run)!.version.plan, run, dueGroups));
    }
    return changes;
  }

  /** Order vectors of the payloads of `per`. */
  async #ordersOf(groups: readonly GroupKey[]): Promise<Map<string, number[]>> {
    const ofPer = groups.flatMap(({ run, block, key }) => {
      const per = this.#block(run, block).per;
      return per === undefined ? [] : [{ run, block, key, per }];
    });
    const rows = await readResults(
      this.tx,
      ofPer.map(({ run, per, key }) => ({ run, block: per, key })),
    );
    const ordOf = new Map(rows.map((row) => [groupName(row.run, row.block, row.key), row.ord]));
    return new Map(
      ofPer.map(({ run, block, key, per }) => [
        groupName(run, block, key),
        ordOf.get(groupName(run, per, key)) ?? [],
      ]),
    );
  }

  async #write(changes: Map<string, Changes>): Promise<CountedGroup[]> {
    const statuses: StatusChange[] = [];
    const results = [];
    const waiting = [];
    const tasks = [];
    const groups = [];
    for (const [run, change] of changes) {
      const locked = this.#runs.get(run)!;
      for (const { id, status, error } of change.statuses) {
        if (status !== 'done') statuses.push(error ? { id, status, error } : { id, status });
      }
      for (const row of change.results) {
        results.push({ run, ...row });
        this.#results.set(groupName(run, row.block, row.key), row);
      }
      for (const row of change.waiting) waiting.push({ run, ...row });
      for (const group of change.groups.values()) groups.push({ run, ...group });
      for (const [block, counts] of change.blocks) {
        const row = this.#counts(run, block);
        for (const name of ['openWork', 'tasks', 'done', 'failed', 'skipped', 'unmatched', 'good'] as const) {
          row[name] += counts[name];
        }
      }
      locked.row.errors += change.losses;
      for (const task of [...change.tasks].sort((a, b) => compareOrd(a.ord, b.ord))) {
        tasks.push({ run, ...task, ...this.#birth(locked, task) });
      }
      if (change.failure) {
        const { block, error } = change.failure;
        this.#stop(locked, `Block "${block}" failed with ${error.code}: ${error.message}`, 'failed');
      }
      this.#limitPayloads(locked, change);
    }
    await setTaskStatuses(this.tx, statuses, this.now);
    await insertResults(this.tx, results);
    await insertTasks(this.tx, tasks, this.now);
    await insertWaiting(this.tx, waiting);
    return countGroups(this.tx, groups);
  }

  #limitPayloads(locked: LockedRun, change: Changes): void {
    if (change.results.length === 0) return;
    let payloads = 0;
    for (const counts of locked.blocks.values()) payloads += counts.good;
    const most = locked.version.plan.maxPayloads;
    if (payloads > most)
      this.#stop(locked, `The run made more than maxPayloads (${most}) payloads`, 'failed-for-good');
  }

  /** A task is born requested while its block is below its concurrency and nothing is ready before it. */
  #birth(locked: LockedRun, task: TaskRow): { status: 'ready' | 'requested'; dueAt: Date | null } {
    const counts = this.#counts(locked.row.id, task.block);
    const block = this.#block(locked.row.id, task.block);
    if (locked.row.status === 'running' && counts.ready === 0 && counts.requested < block.concurrency) {
      counts.requested += 1;
      this.#requests.push({ run: locked.row.id, ...task, attempt: 1 });
      return { status: 'requested', dueAt: this.#lostAt() };
    }
    counts.ready += 1;
    return { status: 'ready', dueAt: null };
  }

  readonly #requests: RequestedTask[] = [];

  /** Requests what may be requested, ends what is at its end, writes the counters. */
  async #finish(): Promise<void> {
    for (;;) {
      await this.#promote();
      const unmet = await this.#request(this.#requests.splice(0));
      if (unmet.length === 0) break;
      await this.#settleAll(unmet);
    }
    for (const locked of this.#runs.values()) if (!ENDED.has(locked.row.status)) this.#end(locked);
    await writeBlocks(
      this.tx,
      [...this.#runs.values()].flatMap((locked) => [...locked.touched].map((id) => locked.blocks.get(id)!)),
    );
    await writeRuns(
      this.tx,
      [...this.#runs.values()]
        .filter((locked) => locked.touched.size > 0 || locked.stoppingAt || locked.endedAt || locked.changed)
        .map(({ row, stoppingAt, endedAt }) => ({ ...row, stoppingAt, endedAt })),
    );
  }

  async #promote(): Promise<void> {
    for (const locked of this.#runs.values()) {
      if (locked.row.status !== 'running') continue;
      for (const counts of locked.blocks.values()) {
        if (counts.ready === 0) continue;
        const block = this.#block(locked.row.id, counts.block);
        const limit = Math.min(counts.ready, block.concurrency - counts.requested);
        if (limit <= 0) continue;
        const promoted = await promoteReady(this.tx, {
          run: locked.row.id,
          block: counts.block,
          limit,
          now: this.now,
          dueAt: this.#lostAt(),
        });
        const touched = this.#counts(locked.row.id, counts.block);
        touched.ready -= promoted.length;
        touched.requested += promoted.length;
        this.#requests.push(...promoted);
      }
    }
  }

  /** Writes the requests' messages. Returns the tasks whose input cannot be resolved, as failed. */
  async #request(
    requests: readonly RequestedTask[],
  ): Promise<{ run: string; task: TaskRow; outcome: Outcome }[]> {
    if (requests.length === 0) return [];
    await this.#loadResults(requests);
    const unmet: { run: string; task: TaskRow; outcome: Outcome }[] = [];
    for (const task of requests) {
      const { row, version } = this.#runs.get(task.run)!;
      const block = this.#block(task.run, task.block);
      const variables = version.definition.variables ?? {};
      const input = taskInput({
        plan: version.plan,
        manifest: version.manifests.get(block.type)!,
        task,
        inputs: row.inputs,
        variables,
        read: (id, key) => this.#results.get(groupName(task.run, id, key)),
      });
      if ('error' in input) {
        this.#leave(task.run, task.block, 'requested');
        unmet.push({ run: task.run, task, outcome: { kind: 'error', error: input.error } });
        continue;
      }
      const manifest = version.manifests.get(block.type)!;
      const data: BlockRequested = {
        run: task.run,
        task: task.id,
        attempt: task.attempt,
        block: task.block,
        type: block.type,
        typeVersion: block.typeVersion,
        key: task.key,
        sample: task.sample,
        lineage: row.lineage,
        with: pinned(input.with, row.pins[block.id]),
        ...(manifest.reads === 'all' || manifest.raw ? { inputs: row.inputs, variables } : {}),
        ...(block.input === 'all'
          ? { payloads: { count: task.payloads ?? 0, href: `/api/tasks/${task.id}/payloads` } }
          : {}),
        payload: { key: task.key, blockResults: input.blockResults },
        timeoutMs: block.timeoutMs,
      };
      this.emit(blockRequestedV1, task.run, task.id, data, {
        topic: blockRequestedTopic(block.type),
        id: uuidFrom(task.id, task.attempt, blockRequestedV1.type),
      });
    }
    return unmet;
  }

  async #loadResults(requests: readonly RequestedTask[]): Promise<void> {
    const missing = new Map<string, GroupKey>();
    for (const task of requests) {
      const { version } = this.#runs.get(task.run)!;
      const block = this.#block(task.run, task.block);
      const sights = sightsOfInput(version.plan, block, version.manifests.get(block.type)!);
      for (const row of rowsToRead(version.plan, sights, task.key)) {
        const name = groupName(task.run, row.block, row.key);
        if (!this.#results.has(name)) missing.set(name, { run: task.run, ...row });
      }
    }
    for (const row of await readResults(this.tx, [...missing.values()])) {
      this.#results.set(groupName(row.run, row.block, row.key), row);
    }
  }

  #end(locked: LockedRun): void {
    const { row, version } = locked;
    row.openWork = 0;
    for (const counts of locked.blocks.values()) row.openWork += counts.openWork;
    this.#close(locked);
    let requested = 0;
    for (const counts of locked.blocks.values()) requested += counts.requested;
    if (row.status === 'stopping' && requested === 0) {
      row.status = locked.row.reason?.startsWith(CANCELLED) ? 'cancelled' : 'failed';
    } else if (row.openWork === 0 && row.status !== 'stopping') {
      row.status = row.errors > 0 ? 'partial' : 'completed';
    } else {
      return;
    }
    locked.endedAt = this.now;
    const data = {
      run: row.id,
      workflow: version.workflow,
      version: version.version,
      status: row.status,
      ...(row.reason === null ? {} : { reason: row.reason }),
    };
    // A run that is retried ends again: another event.
    this.emit(runCompletedV1, row.id, row.id, data, {
      id: uuidFrom(row.id, runCompletedV1.type, this.now.toISOString()),
    });
  }

  /** A block is closed when its needs are and nothing is open at it. `minSuccess` is checked then, once. */
  #close(locked: LockedRun): void {
    for (const block of locked.version.plan.blocks) {
      const counts = locked.blocks.get(block.id)!;
      if (counts.closed || counts.openWork > 0) continue;
      if (!block.needs.every((need) => locked.blocks.get(need.block)!.closed)) continue;
      this.#counts(locked.row.id, block.id).closed = true;
      const { minSuccess } = block;
      const settled = counts.done + counts.failed;
      const enough =
        minSuccess === undefined ||
        ('count' in minSuccess
          ? counts.good >= minSuccess.count
          : settled === 0 || counts.done >= minSuccess.share * settled);
      if (!enough) {
        const reason = `Block "${block.id}" fell short of minSuccess: ${counts.done} of ${settled} tasks succeeded`;
        this.#stop(locked, reason, 'failed-for-good');
      }
    }
  }

  #stop(
    locked: LockedRun,
    reason: string,
    as: 'cancelled' | 'failed' | 'failed-for-good' = 'cancelled',
  ): void {
    if (locked.row.status === 'stopping' || ENDED.has(locked.row.status)) return;
    locked.row.status = 'stopping';
    locked.row.final = as === 'failed-for-good';
    locked.row.reason = as === 'cancelled' ? `${CANCELLED}${reason}` : reason;
    locked.stoppingAt = this.now;
    this.emit(tasksCancelledV1, locked.row.id, locked.row.id, { run: locked.row.id });
  }

  /** A failed attempt that is tried again: after its back-off, or at the next retry of the run if it is stopping. */
  #again(
    task: { id: string; run: string; block: string; attempt: number; failures: number },
    block: PlannedBlock,
    afterMs = 0,
  ): StatusChange {
    if (this.#runs.get(task.run)!.row.status === 'stopping') {
      this.#counts(task.run, task.block).ready += 1;
      return { id: task.id, status: 'ready' };
    }
    const waitMs = backOffMs({
      task: task.id,
      attempt: task.attempt,
      failures: task.failures,
      afterMs,
      ...block.retry,
    });
    return { id: task.id, status: 'backoff', dueAt: new Date(this.now.getTime() + waitMs) };
  }

  #addCost({ run, block }: { run: string; block: string }, { usage = [] }: BlockOutcome): void {
    const counts = this.#counts(run, block);
    for (const { cost, saved } of usage) {
      if (saved) continue;
      if (cost === null) counts.unpriced += 1;
      else counts.cost += cost.amount;
    }
  }

  #leave(run: string, block: string, was: 'ready' | 'requested' | 'backoff'): void {
    if (was !== 'backoff') this.#counts(run, block)[was] -= 1;
  }

  /** A block's counters, to be changed: they are written at the end. */
  #counts(run: string, block: string): BlockRow {
    const locked = this.#runs.get(run)!;
    locked.touched.add(block);
    return locked.blocks.get(block)!;
  }

  #block(run: string, block: string): PlannedBlock {
    return this.#runs.get(run)!.version.plan.byId.get(block)!;
  }

  #open(run: string): boolean {
    const locked = this.#runs.get(run);
    return locked !== undefined && !ENDED.has(locked.row.status);
  }

  #lostAt(): Date {
    return new Date(this.now.getTime() + LOST_AFTER_MS);
  }

  emit(
    contract: EventContract,
    run: string,
    key: string,
    data: unknown,
    { topic = contract.topic, id = uuidFrom(run, contract.type) }: { topic?: string; id?: string } = {},
  ): void {
    const event: CloudEvent = {
      id,
      source: '/duofactory/orchestrator',
      type: contract.type,
      subject: run,
      time: this.now.toISOString(),
      data,
    };
    this.messages.push({ topic, key, event });
  }
}

const CANCELLED = 'Cancelled: ';

const groupName = (run: string, block: string, key: string): string => `${run}\n${block}\n${key}`;

/** References in a configuration, with the versions that the run pinned at its start. */
function pinned(
  config: Record<string, unknown>,
  pins: Record<string, unknown> | undefined,
): Record<string, unknown> {
  return pins ? { ...config, ...pins } : config;
}

function attemptRecord(outcome: BlockOutcome, settled: boolean): AttemptRecord {
  return {
    task: outcome.task,
    attempt: outcome.attempt,
    outcome: outcome.kind,
    settled,
    ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
    ...(outcome.usage && outcome.usage.length > 0 ? { usage: outcome.usage } : {}),
  };
}
