import { runStartedV1 } from '@duofactory/contracts';
import {
  decideAskAgain,
  decideExpanded,
  decideStart,
  decideUntil,
  decideWhen,
  taskId,
  type Changes,
  type Outcome,
  type Piece,
  type PlannedBlock,
  type Verdict,
} from '@duofactory/engine';
import type { Message } from '@duofactory/messaging';
import { familiesOf } from '../../store/children.js';
import { takePiece } from '../../store/expansions.js';
import { expireTasks } from '../../store/expire-tasks.js';
import { countItemsAnew, noteLateCosts, readToldUsage } from '../../store/late-costs.js';
import { forgetHeld, keepHeld, noteHolds } from '../../store/holds.js';
import type { RunRow } from '../../store/lock-runs.js';
import { wakeDue, type DueTask } from '../../store/promote-ready.js';
import { callOffBackOffs, recallRequested } from '../../store/stopping-runs.js';
import { backingOff, type BlockRow } from '../../store/counters.js';
import { takeUnfinished } from '../../store/unfinished-steps.js';
import { recordNotPicked } from '../../store/not-picked.js';
import { recordAttempts, type AttemptRecord } from '../../store/record-attempts.js';
import { recordEnd } from '../../store/run-transitions.js';
import { evaluateAgain, extendDeadlines, retryFailed } from '../../store/retry-failed.js';
import {
  claimSucceeded,
  countFailures,
  endExpansion,
  holdAttempts,
  setTaskStatuses,
  type SettledRow,
  type StatusChange,
} from '../../store/settle-tasks.js';
import { extendAttempts, livingTasks } from '../../store/signs-of-life.js';
import type { WriteTransaction } from '../../store/transaction.js';
import { lastTasks, stillEvaluating, type DecidingGroup } from '../../store/undecided.js';
import { backOffMs } from './back-off.js';
import { REVIEW_BLOCK } from '../workflows/own-block-types.js';
import { silenceMs } from './silent-types.js';
import type { BlockOutcome } from './block-outcome.js';
import type { KnownRuns } from './known-runs.js';
import type { Plans } from './plans.js';
import type { TransitionCount } from './run-metrics.js';
import type { RunTraces, TracedRun } from './run-traces.js';
import { ToldCosts } from './told-costs.js';
import { ApplyChanges, type SettledHere } from './step/apply-changes.js';
import { EndRuns } from './step/end-runs.js';
import { LockedRuns, rowName, type LockedRun } from './step/locked-runs.js';
import { RequestTasks, deadlineExceeded } from './step/request-tasks.js';
import { ReuseTasks } from './step/reuse-tasks.js';
import { SeenResults } from './step/seen-results.js';

const MOST_LOST = 5;

/** Another process has changed a run meanwhile that this one took to be as it left it: the transaction is to be done anew. */
export class Overtaken extends Error {}

/** However often the answer comes, it is of no task of the run that it names. */
class TaskOfAnotherRun extends Error {
  readonly code = 'task-of-another-run';
  readonly terminal = true;
  constructor(task: string, run: string) {
    super(
      `The answer names run ${run}, and task ${task} is of another: send run, task and attempt as requested`,
    );
  }
}

/** By run, the runs inside the outermost one above it, and that one. */
type Families = ReadonlyMap<string, readonly string[]>;
const NO_FAMILIES: Families = new Map();

/** A sign of life of an attempt. */
export interface Sign {
  readonly run: string;
  readonly task: string;
  readonly attempt: number;
  readonly begunAt?: Date;
  readonly worker?: string;
}

/** What the expressions of a run came to. */
export interface Decisions {
  readonly whens: readonly { run: string; task: string; verdict: Verdict }[];
  readonly untils: readonly (DecidingGroup & { verdict: Verdict })[];
}

/**
 * One transaction of the orchestrator: locks runs, applies what happened to them, makes what follows, and collects
 * the messages to publish after the commit. Every writer goes through here, so the order of locks and of statements
 * is the same for completions, timers, expressions and commands.
 */
export class Step {
  readonly #runs: LockedRuns;
  readonly #requests: RequestTasks;
  readonly #ends: EndRuns;
  readonly #changes: ApplyChanges;
  readonly #heard = new Set<string>();
  /** What was told before of tasks whose attempts tell it again. */
  #told: ToldCosts | undefined;
  #paidAfterEnd: readonly string[] = [];

  constructor(
    private readonly tx: WriteTransaction,
    private readonly of: {
      readonly plans: Plans;
      readonly known: KnownRuns;
      readonly traces: RunTraces;
      /** What a fan-out may make in one step. */
      readonly mostRows: number;
    },
    private readonly now: Date,
  ) {
    this.#runs = new LockedRuns(tx, of, now);
    const results = new SeenResults(tx);
    this.#requests = new RequestTasks(this.#runs, results, new ReuseTasks(this.#runs, results));
    this.#ends = new EndRuns(this.#runs);
    this.#changes = new ApplyChanges(this.#runs, results, this.#requests, this.#ends);
  }

  /** To be published once the transaction is committed. */
  get messages(): readonly Message[] {
    return this.#runs.messages;
  }

  /** Runs that had ended before an answer came that was paid for. */
  get paidAfterEnd(): readonly string[] {
    return this.#paidAfterEnd;
  }

  /** Block types whose services gave a sign: an answer, or progress. */
  get heard(): ReadonlySet<string> {
    return this.#heard;
  }

  get transitions(): TransitionCount {
    return this.#runs.transitions;
  }

  /** The transaction is committed. Returns the runs with expressions to evaluate, and those with more to bear. */
  committed(): { readonly undecided: ReadonlySet<string>; readonly expanding: ReadonlySet<string> } {
    this.#runs.committed();
    const { undecided, expanding } = this.#runs;
    return { undecided, expanding };
  }

  /** The trace of a run that is about to be inserted. `caller`: `traceparent` of what asks for it. */
  traceOf(run: { id: string; workflow: string }, caller: string | undefined): TracedRun {
    return this.of.traces.begin(run, caller);
  }

  /**
   * Locks the run above one that is about to be inserted, and says whether it is paused. What is not inserted yet nobody
   * else can wait for, so the order of locks stays.
   */
  async isPaused(above: string): Promise<boolean> {
    await this.#runs.lock([above]);
    return this.#runs.get(above)?.row.status === 'paused';
  }

  /** The start of runs whose rows were just inserted; of some, only to wait until they are resumed. */
  async start(runs: readonly string[], paused: ReadonlySet<string> = new Set()): Promise<void> {
    await this.#runs.lock(runs);
    for (const run of runs) {
      this.#runs.beginCounters(run);
      const { row } = this.#runs.get(run)!;
      const { workflow, version } = row;
      if (paused.has(run)) row.status = 'paused';
      this.#runs.emit(runStartedV1, run, run, { run, workflow, version });
    }
    await this.#changes.apply(new Map(runs.map((run) => [run, decideStart(this.#runs.plan(run), run)])));
    await this.#finish();
  }

  /** What services answered. Settles what may be settled; records the rest. Returns how many it took in. */
  async settle(outcomes: readonly BlockOutcome[]): Promise<number> {
    const holdable = outcomes.filter((one) => one.kind === 'failed' && one.error.hold).map(({ run }) => run);
    // A limit that is reached in a run inside a run pauses all of them: a person looks at the outermost.
    const families = holdable.length > 0 ? await familiesOf(this.tx, holdable) : NO_FAMILIES;
    const locked = this.#runs.lock([...outcomes.map((one) => one.run), ...[...families.values()].flat()], {
      // Money was spent, though the run has ended: it is counted.
      ended: outcomes.some(isPaid),
    });
    const early = this.#claimEarly(outcomes);
    await locked;
    if (early && this.#runs.overtaken) throw new Overtaken();
    await this.#recallTold(outcomes);
    for (const { run, traceparent } of outcomes) if (traceparent) this.#runs.causedBy(run, traceparent);
    const open = outcomes.filter((one) => this.#runs.open(one.run) && !isOnlyPaid(one));
    const settledBy = new Map<BlockOutcome, Date | null>();
    for (const wave of wavesOf(open)) await this.#settleWave(wave, settledBy, { early, families });
    const paidAfterEnd = await this.#addLateCosts(outcomes, settledBy);
    recordAttempts(
      this.tx,
      // A task's row tells of the attempt by which it succeeded.
      outcomes
        .filter((one) => one.kind === 'failed' || !settledBy.has(one))
        .map((one) => attemptRecord(one, settledBy)),
      this.now,
    );
    await this.#finish();
    await countItemsAnew(this.tx, paidAfterEnd);
    await noteLateCosts(this.tx, paidAfterEnd);
    this.#paidAfterEnd = paidAfterEnd;
    return settledBy.size;
  }

  /** An attempt that read what its task had paid for tells it again: what the attempts before have told is looked up. */
  async #recallTold(outcomes: readonly BlockOutcome[]): Promise<void> {
    const tasks = outcomes.filter(tellsAgain).map(({ task }) => task);
    this.#told = tasks.length > 0 ? new ToldCosts(await readToldUsage(this.tx, tasks)) : undefined;
  }

  #untold(outcome: BlockOutcome): Pick<BlockOutcome, 'usage'> {
    if (!this.#told) return outcome;
    const usage = this.#told.newOf(outcome);
    this.#told.add(outcome);
    return { usage };
  }

  /** Answers that settle nothing any more were paid for all the same. Returns the runs that had ended before. */
  async #addLateCosts(
    outcomes: readonly BlockOutcome[],
    settledBy: ReadonlyMap<BlockOutcome, Date | null>,
  ): Promise<string[]> {
    const late = outcomes.filter((one) => isPaid(one) && !settledBy.has(one));
    if (late.length === 0) return [];
    const rows = await readToldUsage(
      this.tx,
      late.map(({ task }) => task),
    );
    const told = new ToldCosts(rows);
    for (const one of settledBy.keys()) told.add(one);
    const taskOf = new Map(rows.map((row) => [row.task, row]));
    const ended = new Set<string>();
    for (const one of late) {
      const task = taskOf.get(one.task);
      if (task?.run !== one.run) continue;
      this.#addCost(task, { usage: told.newOf(one) });
      told.add(one);
      if (!this.#runs.open(one.run)) ended.add(one.run);
    }
    return [...ended];
  }

  /**
   * Sends the claim right behind the lock, so that both share a round trip. It holds only if the lock then shows that
   * these runs are as this process left them: open.
   */
  #claimEarly(outcomes: readonly BlockOutcome[]): Promise<SettledRow[]> | undefined {
    const successes = new Map<string, BlockOutcome & { kind: 'completed' }>();
    for (const one of outcomes)
      if (one.kind === 'completed' && this.of.known.has(one.run)) successes.set(one.task, one);
    // The claim writes down what they cost, and what was told before must be looked up before.
    if (successes.size < outcomes.length || outcomes.some(tellsAgain)) return undefined;
    const claimed = claimSucceeded(this.tx, [...successes.values()], this.now);
    // Awaited behind the lock; if that fails, its error is the one to tell.
    claimed.catch(() => undefined);
    return claimed;
  }

  /** At most one outcome a task: of several in a batch each finds what the one before has left. */
  async #settleWave(
    wave: readonly BlockOutcome[],
    settledBy: Map<BlockOutcome, Date | null>,
    { early, families }: { early: Promise<SettledRow[]> | undefined; families: Families },
  ): Promise<void> {
    const successes = new Map<string, BlockOutcome & { kind: 'completed' }>();
    const failures = new Map<string, BlockOutcome & { kind: 'failed' }>();
    for (const one of wave) {
      if (one.kind === 'completed') successes.set(one.task, one);
      else failures.set(`${one.task}/${one.attempt}`, one);
    }
    const held = await this.#hold(
      [...failures.values()].filter(({ error }) => error.hold),
      families,
    );
    for (const one of held) {
      failures.delete(`${one.task}/${one.attempt}`);
      settledBy.set(one, null);
    }
    const claimed =
      (await early) ??
      (successes.size > 0 ? await claimSucceeded(this.tx, [...successes.values()], this.now) : []);
    const failed = failures.size > 0 ? await countFailures(this.tx, [...failures.values()]) : [];
    checkRuns([...claimed, ...failed], wave);
    for (const { run, block } of [...claimed, ...failed]) this.#heard.add(this.#runs.block(run, block).type);

    const settled: SettledHere[] = [];
    const statuses: StatusChange[] = [];
    for (const row of claimed) {
      const outcome = successes.get(row.id)!;
      settledBy.set(outcome, outcome.attempt === row.attempt ? row.requestedAt : null);
      this.#addCost(row, this.#untold(outcome));
      this.#leave(row);
      settled.push({ run: row.run, task: row, outcome: outcome.outcome });
    }
    recordNotPicked(
      this.tx,
      claimed.flatMap(({ id }) => {
        const { notPicked } = successes.get(id)!;
        return notPicked ? [{ task: id, payloads: notPicked }] : [];
      }),
    );
    for (const row of failed) {
      const outcome = failures.get(`${row.id}/${row.attempt}`)!;
      settledBy.set(outcome, outcome.attempt === row.attempt ? row.requestedAt : null);
      this.#addCost(row, this.#untold(outcome));
      this.#leave(row);
      const block = this.#runs.block(row.run, row.block);
      const { code, message, retryable, afterMs } = outcome.error;
      if (retryable && row.failures < block.retry.attempts) {
        this.#runs.went(row.run, row.block, 'backoff');
        statuses.push(this.#again(row, block, afterMs));
      } else settled.push({ run: row.run, task: row, outcome: failure(code, message) });
    }
    setTaskStatuses(this.tx, statuses, this.now);
    await this.#changes.settle(settled);
  }

  /** A limit is reached: the attempts do not count, and their runs pause until it is lifted or someone resumes them. */
  async #hold<Failed extends BlockOutcome & { kind: 'failed' }>(
    failures: readonly Failed[],
    families: Families,
  ): Promise<Failed[]> {
    if (failures.length === 0) return [];
    const rows = await holdAttempts(this.tx, failures);
    checkRuns(rows, failures);
    const held = failures.filter(({ task }) => rows.some(({ id }) => id === task));
    const epochs = await this.#epochsOf(held);
    const paused: Parameters<typeof keepHeld>[1][number][] = [];
    for (const row of rows) {
      this.#heard.add(this.#runs.block(row.run, row.block).type);
      this.#leave(row);
      this.#runs.counts(row.run, row.block).ready += 1;
      const { id, epoch = 0, reason, until = null } = held.find(({ task }) => task === row.id)!.error.hold!;
      if (id !== undefined && epochs.get(id)! > epoch) continue;
      for (const run of families.get(row.run) ?? [row.run]) {
        const locked = this.#runs.get(run)!;
        if (locked.row.status !== 'running') continue;
        locked.row.status = 'paused';
        locked.row.reason = reason;
        locked.changed = true;
        if (id !== undefined) paused.push({ run, hold: id, until });
      }
    }
    keepHeld(this.tx, paused);
    for (const outcome of held)
      this.#addCost({ run: outcome.run, block: blockOf(rows, outcome) }, this.#untold(outcome));
    return held;
  }

  async #epochsOf(
    held: readonly (BlockOutcome & { kind: 'failed' })[],
  ): Promise<ReadonlyMap<string, number>> {
    const holds = held.flatMap(({ error: { hold } }) =>
      hold?.id === undefined ? [] : [{ id: hold.id, epoch: hold.epoch ?? 0 }],
    );
    return holds.length === 0 ? new Map() : noteHolds(this.tx, holds);
  }

  /** Signs of life of attempts that are out. */
  async alive(signs: readonly Sign[]): Promise<void> {
    await this.#runs.lock(signs.map(({ run }) => run));
    const living = await livingTasks(this.tx, signs);
    const signOf = new Map(signs.map((sign) => [sign.task, sign]));
    await extendAttempts(
      this.tx,
      living
        .filter(({ run }) => this.#runs.open(run))
        .map(({ id, run, block }) => {
          const planned = this.#runs.block(run, block);
          this.#heard.add(planned.type);
          const { begunAt = null, worker = null } = signOf.get(id)!;
          return { id, lostAt: new Date(this.now.getTime() + silenceMs(planned)), begunAt, worker };
        }),
    );
  }

  /** What expressions came to. Whoever evaluated the same one first has decided it. */
  async decide({ whens, untils }: Decisions): Promise<void> {
    await this.#runs.lock([...whens, ...untils].map(({ run }) => run));
    const open = whens.filter(({ run }) => this.#runs.open(run));
    const verdicts = new Map(open.map(({ task, verdict }) => [task, verdict]));
    const evaluating = await stillEvaluating(this.tx, [...verdicts.keys()]);
    const waiting = await this.#changes.waitingOf(evaluating);
    const changes = new Map<string, Changes>();
    for (const [run, tasks] of Map.groupBy(evaluating, (task) => task.run)) {
      const evaluated = tasks.map((task) => ({
        task,
        consumed: waiting.get(rowName(run, task.block, task.key)) ?? [],
        verdict: verdicts.get(task.id)!,
      }));
      changes.set(run, decideWhen(this.#runs.plan(run), run, evaluated, this.of.mostRows));
    }
    if (changes.size > 0) await this.#changes.apply(changes);
    await this.#decideLoops(untils.filter(({ run }) => this.#runs.open(run)));
    await this.#finish();
  }

  async #decideLoops(untils: Decisions['untils']): Promise<void> {
    const verdicts = new Map(untils.map((one) => [rowName(one.run, one.block, one.key), one.verdict]));
    const tasks = await lastTasks(
      this.tx,
      untils.map(({ run, block, key, round }) => {
        return { run, block, key, round, task: taskId(run, block, key, round) };
      }),
    );
    if (tasks.length === 0) return;
    const waiting = await this.#changes.waitingOf(tasks);
    const loops = await this.#changes.loopsOf(
      tasks.map(({ run, block, key, sample }) => ({ run, block, key, round: sample })),
    );
    const changes = new Map<string, Changes>();
    for (const [run, ofRun] of Map.groupBy(tasks, (task) => task.run)) {
      const evaluated = ofRun.map(({ outcome, ...task }) => {
        const name = rowName(run, task.block, task.key);
        return {
          task,
          made: outcome,
          waiting: waiting.get(name) ?? [],
          loop: loops.get(name)!,
          verdict: verdicts.get(name)!,
        };
      });
      changes.set(run, decideUntil(this.#runs.plan(run), run, evaluated));
    }
    await this.#changes.apply(changes);
  }

  /** Bears a piece of what is to be born of a run, and goes on with what a step has left. Returns false if there is neither. */
  async expand(run: string): Promise<boolean> {
    await this.#runs.lock([run]);
    if (!this.#runs.open(run)) return false;
    const unfinished = await takeUnfinished(this.tx, run);
    if (unfinished?.retriedAt) await this.#takeUp(this.#runs.get(run)!, unfinished.retriedAt);
    const piece = await takePiece(this.tx, run);
    if (piece?.of === 'samples') await this.#changes.bearSamples(run, piece);
    else if (piece) await this.#bear(run, piece);
    if (unfinished || piece) await this.#finish();
    return unfinished !== undefined || piece !== undefined;
  }

  async #bear(run: string, piece: Piece): Promise<void> {
    const { block, key, last, usedUp } = piece;
    if (last && piece.of === 'task') {
      endExpansion(this.tx, taskId(run, block, key, piece.sample));
      this.#runs.counts(run, block).requested -= 1;
    }
    const waits = piece.of === 'join' || this.#runs.block(run, block).input === 'all';
    const waiting = await this.#changes.waitingIn(last && waits && !usedUp ? [{ run, block, key }] : []);
    const consumed = [...waiting.values()].flat();
    const changes = decideExpanded(this.#runs.plan(run), run, piece, consumed);
    await this.#changes.apply(new Map([[run, changes]]));
  }

  /** Tasks whose back-off is over, and attempts that were lost. */
  async wake(tasks: readonly DueTask[]): Promise<void> {
    await this.#runs.lock(tasks.map((one) => one.run));
    const open = tasks.filter((one) => this.#runs.open(one.run));
    const woken = await wakeDue(this.tx, open, this.now);
    const lost: SettledHere[] = [];
    const attempts: AttemptRecord[] = [];
    for (const row of woken) {
      const counts = this.#runs.counts(row.run, row.block);
      if (row.status === 'requested') {
        counts.requested -= 1;
        this.#runs.went(row.run, row.block, 'lost');
        const { requestedAt, begunAt, worker } = row;
        const work = begunAt && requestedAt && begunAt >= requestedAt ? { begunAt, worker } : {};
        attempts.push({
          ...{ task: row.id, attempt: row.attempt, outcome: 'lost', settled: false },
          ...{ requestedAt, ...work },
        });
      }
      if (row.lost > MOST_LOST) {
        const message = `No answer to ${row.lost} attempts: is a service for this block type running?`;
        lost.push({ run: row.run, task: row, outcome: failure('lost', message) });
      } else {
        counts.ready += 1;
      }
    }
    recordAttempts(this.tx, attempts, this.now);
    await this.#changes.settle(lost);
    await this.#finish();
  }

  /** Tasks whose deadline is over, wherever they stand. */
  async expire(tasks: readonly DueTask[]): Promise<void> {
    await this.#runs.lock(tasks.map((one) => one.run));
    const ids = tasks.filter((one) => this.#runs.open(one.run)).map((one) => one.id);
    const settled: SettledHere[] = [];
    for (const row of await expireTasks(this.tx, ids, this.now)) {
      this.#leave(row);
      const outcome = deadlineExceeded(this.#runs.block(row.run, row.block));
      settled.push({ run: row.run, task: row, outcome });
    }
    await this.#changes.settle(settled);
    await this.#finish();
  }

  /** Stops a run: nothing new is requested, what is out settles as ever. Nothing happens to a run that has ended. */
  async cancel(run: string, reason: string, by?: string): Promise<RunRow | undefined> {
    await this.#runs.lock([run]);
    const locked = this.#runs.get(run);
    if (!locked || !this.#runs.open(run)) return locked?.row;
    if (locked.row.status !== 'stopping') givenBy(locked, 'stopping', by);
    this.#ends.stop(locked, reason);
    await this.#finish();
    return locked.row;
  }

  /**
   * Goes on with a failed or cancelled run: its failed tasks are tried anew, what had succeeded is not asked for again.
   * Returns whether it does; undefined: there is no such run.
   */
  async retry(run: string, by?: string): Promise<boolean | undefined> {
    await this.#runs.lock([run], { ended: true });
    const locked = this.#runs.get(run);
    if (!locked) return undefined;
    const { row } = locked;
    if (row.status === 'running') return true;
    if (row.final || (row.status !== 'failed' && row.status !== 'cancelled')) return false;
    if (row.deadlineAt !== null && row.deadlineAt <= this.now) return false;
    recordEnd(this.tx, run);
    row.status = 'running';
    row.reason = null;
    givenBy(locked, 'running', by);
    await this.#takeUp(locked, this.now);
    this.#runs.expanding.add(run);
    locked.changed = true;
    await this.#finish();
    return true;
  }

  /** Tries failed tasks of a retried run anew, and gives the unsettled ones their time: so many, the others in a further step. */
  async #takeUp(locked: LockedRun, retriedAt: Date): Promise<void> {
    const { row, version } = locked;
    // Whatever has stopped it meanwhile: the next retry begins anew.
    if (row.status === 'stopping') return;
    const { id: run } = row;
    locked.retriedAt = retriedAt;
    let left = this.of.mostRows;
    for (const { block, tasks } of await retryFailed(this.tx, run, left)) {
      const counts = this.#runs.counts(run, block);
      counts.failed -= tasks;
      counts.ready += tasks;
      left -= tasks;
    }
    const again = left > 0 ? await evaluateAgain(this.tx, run, left) : [];
    left -= again.length;
    // A deadline counts from the retry.
    const deadlines = version.plan.blocks.flatMap(({ id: block, deadlineMs }) =>
      deadlineMs === undefined ? [] : [{ block, at: new Date(retriedAt.getTime() + deadlineMs) }],
    );
    if (left > 0) left -= await extendDeadlines(this.tx, run, deadlines, left);
    if (again.length > 0) await this.#changes.apply(new Map([[run, decideAskAgain(version.plan, again)]]));
    this.#runs.undecided.add(run);
    if (left === 0) this.#runs.leaveUnfinished(run, retriedAt);
  }

  /** Nothing new is requested until the run is resumed; what is out settles and makes ready tasks. */
  async pause(run: string, by?: string): Promise<RunRow | undefined> {
    return this.#switch(run, 'running', 'paused', by);
  }

  async resume(run: string, by?: string): Promise<RunRow | undefined> {
    return this.#switch(run, 'paused', 'running', by);
  }

  async #switch(
    run: string,
    from: RunRow['status'],
    to: RunRow['status'],
    by: string | undefined,
  ): Promise<RunRow | undefined> {
    await this.#runs.lock([run]);
    const locked = this.#runs.get(run);
    // Whoever pauses a run that is held has paused it.
    forgetHeld(this.tx, run);
    if (locked?.row.status !== from) return locked?.row;
    locked.row.status = to;
    givenBy(locked, to, by);
    if (to === 'running') locked.row.reason = null;
    locked.changed = true;
    await this.#finish();
    return locked.row;
  }

  /** Stops a run that may not go on. */
  async fail(run: string, reason: string): Promise<void> {
    await this.#runs.lock([run]);
    const locked = this.#runs.get(run);
    if (!locked || !this.#runs.open(run)) return;
    this.#ends.stop(locked, reason, 'failed');
    await this.#finish();
  }

  /** Stopping runs whose tasks did not come back in time: those go to `ready`, and the run ends. */
  async abandon(runs: readonly string[]): Promise<void> {
    await this.#runs.lock(runs);
    await this.#recall(() => true);
    await this.#finish();
  }

  /** Requests what may be requested, ends what is at its end, writes the counters. */
  async #finish(): Promise<void> {
    for (;;) {
      this.#ends.closeAll();
      const settled = await this.#requests.request();
      if (settled.length === 0) break;
      await this.#changes.settle(settled);
    }
    this.#requests.leaveRest();
    // Nobody works on a review: a run that stops need not wait for it.
    await this.#recall(({ type }) => type === REVIEW_BLOCK.type);
    await this.#callOffBackOffs();
    this.#ends.endAll();
    this.#runs.write();
  }

  /** What is out of such blocks of runs that stop goes to `ready`: as much of it as one transaction should take. */
  async #recall(isRecalled: (block: PlannedBlock) => boolean): Promise<void> {
    await this.#perStoppingBlock(async ({ run, block, requested }, left) => {
      if (requested === 0 || !isRecalled(this.#runs.block(run, block))) return 0;
      const tasks = await recallRequested(this.tx, { run, block }, left);
      this.#runs.counts(run, block).requested -= tasks;
      return tasks;
    });
  }

  /** A run that has stopped would leave them to the sweeps, which nothing but its retry could rid of them. */
  async #callOffBackOffs(): Promise<void> {
    await this.#perStoppingBlock(async (counts, left) => {
      return backingOff(counts) === 0 ? 0 : callOffBackOffs(this.tx, counts, left);
    });
  }

  /** `makeReady` makes at most `left` tasks of a block ready, and returns how many. */
  async #perStoppingBlock(makeReady: (block: BlockRow, left: number) => Promise<number>): Promise<void> {
    let left = this.of.mostRows;
    for (const { row, blocks } of this.#runs.all()) {
      if (row.status !== 'stopping') continue;
      for (const counts of blocks.values()) {
        if (left > 0) {
          const tasks = await makeReady(counts, left);
          if (tasks > 0) this.#runs.counts(row.id, counts.block).ready += tasks;
          left -= tasks;
        }
        if (left === 0) this.#runs.leaveUnfinished(row.id);
      }
    }
  }

  /** A failed attempt that is tried again: after its back-off, or at the next retry of the run if it is stopping. */
  #again(task: SettledRow, block: PlannedBlock, afterMs = 0): StatusChange {
    if (this.#runs.get(task.run)!.row.status === 'stopping') {
      this.#runs.counts(task.run, task.block).ready += 1;
      return { id: task.id, status: 'ready' };
    }
    const { attempt, failures } = task;
    const waitMs = backOffMs({ task: task.id, attempt, failures, afterMs, ...block.retry });
    return { id: task.id, status: 'backoff', dueAt: new Date(this.now.getTime() + waitMs) };
  }

  #addCost(
    { run, block }: { run: string; block: string },
    { usage = [] }: Pick<BlockOutcome, 'usage'>,
  ): void {
    if (usage.length === 0) return;
    const counts = this.#runs.counts(run, block);
    for (const { cost, saved } of usage) {
      if (saved) continue;
      if (cost === null) counts.unpriced += 1;
      else counts.cost += cost.amount;
    }
  }

  #leave({ run, block, was }: SettledRow): void {
    if (was !== 'backoff') this.#runs.counts(run, block)[was] -= 1;
  }
}

/** The first outcome of each task, then the second of those that have one, and so on. */
function wavesOf(outcomes: readonly BlockOutcome[]): BlockOutcome[][] {
  const waves: BlockOutcome[][] = [];
  const seen = new Map<string, number>();
  for (const outcome of outcomes) {
    const nth = seen.get(outcome.task) ?? 0;
    seen.set(outcome.task, nth + 1);
    (waves[nth] ??= []).push(outcome);
  }
  return waves;
}

/** Throws where an answer names a run that its task is not of: the lock of the task's own run is not held. */
function checkRuns(rows: readonly SettledRow[], outcomes: readonly BlockOutcome[]): void {
  const runOf = new Map(outcomes.map(({ task, run }) => [task, run]));
  const stray = rows.find(({ id, run }) => runOf.get(id) !== run);
  if (stray) throw new TaskOfAnotherRun(stray.id, runOf.get(stray.id)!);
}

function isOnlyPaid(outcome: BlockOutcome): boolean {
  return outcome.kind === 'failed' && outcome.onlyPaid === true;
}

function tellsAgain({ usage }: BlockOutcome): boolean {
  return usage?.some(({ again }) => again) ?? false;
}

function isPaid({ usage }: BlockOutcome): boolean {
  return usage?.some(({ saved }) => !saved) ?? false;
}

function blockOf(rows: readonly SettledRow[], { task }: BlockOutcome): string {
  return rows.find(({ id }) => id === task)!.block;
}

function failure(code: string, message: string): Outcome {
  return { kind: 'error', error: { code, message } };
}

/** `settledBy`: when the attempts that count were asked for. */
function attemptRecord(
  outcome: BlockOutcome,
  settledBy: ReadonlyMap<BlockOutcome, Date | null>,
): AttemptRecord {
  return {
    task: outcome.task,
    attempt: outcome.attempt,
    outcome: outcome.kind,
    settled: settledBy.has(outcome),
    requestedAt: settledBy.get(outcome) ?? null,
    begunAt: outcome.begunAt ?? null,
    worker: outcome.worker ?? null,
    ...(outcome.kind === 'failed' ? { error: outcome.error } : {}),
    ...(outcome.usage && outcome.usage.length > 0 ? { usage: outcome.usage } : {}),
  };
}

function givenBy(locked: LockedRun, to: RunRow['status'], by: string | undefined): void {
  if (by !== undefined) locked.command = { to, by };
}
