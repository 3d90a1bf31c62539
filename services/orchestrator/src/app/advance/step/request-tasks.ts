import { blockRequestedTopic, blockRequestedV1, uuidFrom, type BlockRequested } from '@duofactory/contracts';
import type { Outcome, PlannedBlock, TaskRow } from '@duofactory/engine';
import {
  neverRequested,
  promoteReady,
  withdrawRequests,
  type RequestedTask,
} from '../../../store/promote-ready.js';
import { waitsOutside } from '../../workflows/own-block-types.js';
import { rowsToRead, sightsOfInput, taskInput } from '../task-input.js';
import type { SettledHere } from './apply-changes.js';
import type { LockedRun, LockedRuns } from './locked-runs.js';
import type { ReuseTasks } from './reuse-tasks.js';
import type { SeenResults } from './seen-results.js';

/**
 * An attempt that nobody began within this time is lost, though its block type gives signs. Work that gives signs of
 * life moves the limit.
 */
const LOST_AFTER_MS = 24 * 3_600_000;

export interface Birth<Status = 'ready' | 'requested'> {
  readonly status: Status;
  readonly dueAt: Date | null;
  readonly deadlineAt: Date | null;
}

/** Which tasks are out at the services: at most `concurrency` a block and run, in payload order. */
export class RequestTasks {
  #requests: RequestedTask[] = [];
  /** How many tasks this transaction may yet request that were ready, or settle without a service. */
  #left: number;

  constructor(
    private readonly runs: LockedRuns,
    private readonly results: SeenResults,
    private readonly reuse: ReuseTasks,
  ) {
    this.#left = runs.of.mostRows;
  }

  /** A task is born requested while its block is below its concurrency and nothing is ready before it. */
  birth(locked: LockedRun, task: TaskRow): Birth {
    const block = this.runs.block(locked.row.id, task.block);
    const deadlineAt = this.#deadlineOf(locked, task);
    const counts = this.runs.counts(locked.row.id, task.block);
    const maybe = this.#left > 0 && this.#mayRequest(locked) && counts.ready === 0;
    if (maybe && counts.requested < slots(block)) {
      counts.requested += 1;
      this.#requests.push({ run: locked.row.id, ...task, attempt: 1, deadlineAt });
      return { status: 'requested', dueAt: this.#lostAt(block), deadlineAt };
    }
    counts.ready += 1;
    return { status: 'ready', dueAt: null, deadlineAt };
  }

  /** A task that is not requested: it waits for its `when`, or failed by it. */
  stillbirth<Status>(locked: LockedRun, task: TaskRow, status: Status): Birth<Status> {
    return { status, dueAt: null, deadlineAt: this.#deadlineOf(locked, task) };
  }

  /**
   * Requests what may be requested. Returns the tasks that need no service: their deadline is over, their input cannot
   * be resolved, or an equal one has succeeded before.
   */
  async request(): Promise<SettledHere[]> {
    await this.#promote();
    const requests = this.#whileRunning(this.#requests);
    this.#requests = [];
    if (requests.length === 0) return [];
    const { reused, others } = await this.reuse.apply(requests);
    for (const { run, task } of reused) this.runs.counts(run, task.block).requested -= 1;
    const settled = [...reused, ...(await this.#ask(others))];
    this.#left -= settled.length;
    return settled;
  }

  /** What may be requested beyond that is left to a step of its own. */
  leaveRest(): void {
    if (this.#left > 0) return;
    for (const { row, blocks } of this.runs.all()) {
      if (row.status !== 'running') continue;
      const some = [...blocks.values()].some(({ block, ready, requested }) => {
        return ready > 0 && requested < slots(this.runs.block(row.id, block));
      });
      if (some) this.runs.leaveUnfinished(row.id);
    }
  }

  /** What follows in the same transaction may stop a run: nothing is requested of it then. */
  #whileRunning(requests: readonly RequestedTask[]): readonly RequestedTask[] {
    const running = ({ run }: RequestedTask): boolean => this.runs.get(run)!.row.status === 'running';
    const withdrawn = requests.filter((task) => !running(task));
    for (const { run, block } of withdrawn) {
      const counts = this.runs.counts(run, block);
      counts.requested -= 1;
      counts.ready += 1;
    }
    withdrawRequests(
      this.runs.tx,
      withdrawn.map(({ id }) => id),
    );
    return withdrawn.length === 0 ? requests : requests.filter(running);
  }

  async #promote(): Promise<void> {
    for (const locked of this.runs.all()) {
      if (!this.#mayRequest(locked)) continue;
      for (const counts of locked.blocks.values()) {
        if (counts.ready === 0) continue;
        const block = this.runs.block(locked.row.id, counts.block);
        const limit = Math.min(counts.ready, slots(block) - counts.requested, this.#left);
        if (limit <= 0) continue;
        const promoted = await promoteReady(this.runs.tx, {
          run: locked.row.id,
          block: counts.block,
          limit,
          now: this.runs.now,
          dueAt: this.#lostAt(block),
          deadlineMs: block.deadlineMs ?? null,
          retriedAt: locked.retriedAt,
        });
        const touched = this.runs.counts(locked.row.id, counts.block);
        touched.ready -= promoted.length;
        touched.requested += promoted.length;
        this.#left -= promoted.length;
        this.#requests.push(...promoted);
      }
    }
  }

  async #ask(requests: readonly RequestedTask[]): Promise<SettledHere[]> {
    await this.results.load(requests.flatMap((task) => this.#rowsOf(task)));
    const unmet: SettledHere[] = [];
    for (const task of requests) {
      const { row, version } = this.runs.get(task.run)!;
      const block = this.runs.block(task.run, task.block);
      const fail = (outcome: Outcome): void => {
        this.runs.counts(task.run, task.block).requested -= 1;
        unmet.push({ run: task.run, task, outcome });
      };
      if (task.deadlineAt && task.deadlineAt <= this.runs.now) {
        fail(deadlineExceeded(block));
        continue;
      }
      const manifest = version.manifests.get(block.type)!;
      const variables = version.definition.variables ?? {};
      const input = taskInput({
        plan: version.plan,
        manifest,
        task,
        inputs: row.inputs,
        variables,
        read: this.results.of(task.run),
      });
      if ('error' in input) {
        fail({ kind: 'error', error: input.error });
        continue;
      }
      const names = manifest.reads === 'all' || manifest.raw || input.unresolved;
      const deadlineAt = earlier(task.deadlineAt, row.deadlineAt);
      const data: BlockRequested = {
        run: task.run,
        workflow: row.workflow,
        ...(row.above ? { above: [...row.above] } : {}),
        task: task.id,
        attempt: task.attempt,
        block: task.block,
        type: block.type,
        typeVersion: block.typeVersion,
        key: task.key,
        sample: task.sample,
        lineage: row.lineage,
        with: pinned(input.with, row.pins[block.id]),
        ...(input.unresolved ? { unresolved: true } : {}),
        ...(names ? { inputs: row.inputs, variables } : {}),
        ...(block.input === 'all'
          ? { payloads: { count: task.payloads ?? 0, href: `/api/tasks/${task.id}/payloads` } }
          : {}),
        payload: { key: task.key, blockResults: input.blockResults },
        timeoutMs: block.timeoutMs,
        ...(deadlineAt ? { deadlineAt: deadlineAt.toISOString() } : {}),
      };
      this.runs.went(task.run, task.block, 'requested');
      this.runs.emit(blockRequestedV1, task.run, task.id, data, {
        topic: blockRequestedTopic(block.type),
        id: uuidFrom(task.id, task.attempt, blockRequestedV1.type),
      });
    }
    neverRequested(
      this.runs.tx,
      unmet.map(({ task }) => task.id),
    );
    return unmet;
  }

  #rowsOf(task: TaskRow & { run: string }): { run: string; block: string; key: string }[] {
    const { plan, manifests } = this.runs.get(task.run)!.version;
    const block = this.runs.block(task.run, task.block);
    const sights = sightsOfInput(plan, block, manifests.get(block.type)!);
    return rowsToRead(plan, sights, task.key).map((row) => ({ run: task.run, ...row }));
  }

  /** A run whose deadline is over goes on until the next look of the sweeps, and asks for nothing until then. */
  #mayRequest({ row }: LockedRun): boolean {
    return row.status === 'running' && !(row.deadlineAt && row.deadlineAt <= this.runs.now);
  }

  #deadlineOf(locked: LockedRun, task: TaskRow): Date | null {
    const { deadlineMs } = this.runs.block(locked.row.id, task.block);
    return deadlineMs === undefined ? null : new Date(this.runs.now.getTime() + deadlineMs);
  }

  #lostAt({ type }: PlannedBlock): Date | null {
    return waitsOutside(type) ? null : new Date(this.runs.now.getTime() + LOST_AFTER_MS);
  }
}

/** What becomes of a task whose deadline is over, wherever it stands. */
export function deadlineExceeded({ deadlineMs }: PlannedBlock): Outcome {
  const message = `Not settled within the deadline of ${deadlineMs} ms, waiting and retries counted`;
  return { kind: 'error', error: { code: 'deadline-exceeded', message } };
}

function slots({ type, concurrency }: PlannedBlock): number {
  return waitsOutside(type) ? Infinity : concurrency;
}

/** References in a configuration, with the versions that the run pinned at its start. */
export function pinned(
  config: Record<string, unknown>,
  pins: Record<string, unknown> | undefined,
): Record<string, unknown> {
  return pins ? { ...config, ...pins } : config;
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a < b ? a : b) : (a ?? b);
}
