import { uuidFrom, type CloudEvent, type EventContract } from '@duofactory/contracts';
import type { Plan, PlannedBlock } from '@duofactory/engine';
import type { Message } from '@duofactory/messaging';
import {
  BLOCKS_OF_PART,
  noCounts,
  readMoreCounts,
  writeMoreCounts,
  writeProgress,
  writeRuns,
  type BlockRow,
  type CountsPart,
} from '../../../store/counters.js';
import { forgetExpansions } from '../../../store/expansions.js';
import { countsText, readCounts } from '../../../store/counts-text.js';
import {
  lockKnownRuns,
  lockRuns,
  readLockedRuns,
  type LockedRow,
  type RunRow,
} from '../../../store/lock-runs.js';
import { recordTransitions, type RunTransition } from '../../../store/run-transitions.js';
import type { WriteTransaction } from '../../../store/transaction.js';
import { forgetUnfinished, keepUnfinished } from '../../../store/unfinished-steps.js';
import type { Span } from '@duofactory/platform';
import type { KnownRun, KnownRuns } from '../known-runs.js';
import type { Plans } from '../plans.js';
import type { RunTraces } from '../run-traces.js';
import { TransitionCount, type Transitions } from '../run-metrics.js';

export interface LockedRun extends KnownRun {
  /** Its status when it was locked. */
  readonly was: RunRow['status'];
  parts: readonly (readonly string[])[];
  readonly touched: Set<string>;
  stoppingAt: Date | null;
  /** When it was retried, where this transaction takes its tasks up again. */
  retriedAt: Date | null;
  endedAt: Date | null;
  /** Its row is written even if no block's counters changed. */
  changed: boolean;
  /** `traceparent`s of the attempts whose outcomes this transaction takes in. */
  readonly causes: string[];
  /** Of this transaction; begun with the first message of the run. */
  span?: Span;
  /** What somebody had it do, told even if the run ends by it at once. */
  command?: { readonly to: RunRow['status']; readonly by: string };
}

export const ENDED = new Set(['completed', 'partial', 'failed', 'cancelled']);

/** The runs that a transaction has locked: their rows, plans and counters, and the messages that go out after it. */
export class LockedRuns {
  readonly messages: Message[] = [];
  /** Runs with an expression to evaluate after the commit. */
  readonly undecided = new Set<string>();
  /** Runs of which something is to be born piece by piece after the commit, or to be done in a further step. */
  readonly expanding = new Set<string>();
  readonly transitions = new TransitionCount();
  /** Not all of the runs that this process had changed last are still as it left them. */
  overtaken = false;
  readonly #runs = new Map<string, LockedRun>();
  readonly #unfinished = new Map<string, Date | null>();
  readonly #time: string;

  constructor(
    readonly tx: WriteTransaction,
    readonly of: {
      readonly plans: Plans;
      readonly known: KnownRuns;
      readonly traces: RunTraces;
      readonly mostRows: number;
    },
    readonly now: Date,
  ) {
    this.#time = now.toISOString();
  }

  /** Takes the runs' locks, in id order. Runs that do not exist are left out. `ended`: counters of ended runs are needed. */
  async lock(ids: Iterable<string>, { ended = false } = {}): Promise<void> {
    const { known } = this.of;
    const sorted = [...new Set(ids)].sort();
    if (!sorted.every((id) => known.has(id))) {
      await this.#meet(await lockRuns(this.tx, sorted), ended);
      return;
    }
    const changed: string[] = [];
    const rows = await lockKnownRuns(this.tx, sorted);
    for (const { id, seq } of rows) {
      const run = known.take(id, seq);
      if (run) this.#hold(run);
      else changed.push(id);
    }
    this.overtaken = changed.length > 0 || rows.length < sorted.length;
    if (changed.length > 0) await this.#meet(await readLockedRuns(this.tx, changed), ended);
  }

  async #meet(rows: readonly LockedRow[], ended: boolean): Promise<void> {
    const long: string[] = [];
    for (const { counts, ...row } of rows) {
      const known = this.of.known.take(row.id, row.seq);
      if (known) {
        this.#hold(known);
        continue;
      }
      const version = await this.of.plans.of(this.tx, row.workflow, row.version);
      const needed = ended || !ENDED.has(row.status);
      const blocks = needed ? readCounts(row.id, counts) : [];
      const first = blocks.map(({ block }) => block);
      this.#hold({ row, version, blocks: new Map(blocks.map((one) => [one.block, one])), parts: [first] });
      if (needed && first.length > 0 && first.length < version.plan.blocks.length) long.push(row.id);
    }
    if (long.length === 0) return;
    for (const { run, counts } of await readMoreCounts(this.tx, long)) {
      const locked = this.#runs.get(run)!;
      const blocks = readCounts(run, counts);
      for (const one of blocks) locked.blocks.set(one.block, one);
      locked.parts = [...locked.parts, blocks.map(({ block }) => block)];
    }
  }

  #hold(known: KnownRun): void {
    const { row, version, blocks, parts } = known;
    this.#runs.set(row.id, {
      ...{ row, version, blocks, parts },
      was: row.status,
      touched: new Set(),
      causes: [],
      stoppingAt: null,
      retriedAt: null,
      endedAt: null,
      changed: false,
    });
  }

  /** A run that is started by this transaction: nothing is counted yet. */
  beginCounters(run: string): void {
    const locked = this.#runs.get(run)!;
    const ids = locked.version.plan.blocks.map(({ id }) => id);
    for (const id of ids) {
      locked.blocks.set(id, noCounts(run, id));
      locked.touched.add(id);
    }
    const count = Math.max(1, Math.ceil(ids.length / BLOCKS_OF_PART));
    locked.parts = Array.from({ length: count }, (_, part) =>
      ids.slice(part * BLOCKS_OF_PART, (part + 1) * BLOCKS_OF_PART),
    );
  }

  get(run: string): LockedRun | undefined {
    return this.#runs.get(run);
  }

  all(): Iterable<LockedRun> {
    return this.#runs.values();
  }

  /** It exists and has not ended. */
  open(run: string): boolean {
    const locked = this.#runs.get(run);
    return locked !== undefined && !ENDED.has(locked.row.status);
  }

  plan(run: string): Plan {
    return this.#runs.get(run)!.version.plan;
  }

  block(run: string, block: string): PlannedBlock {
    return this.plan(run).byId.get(block)!;
  }

  /** A block's counters, to be changed: they are written at the end. */
  counts(run: string, block: string): BlockRow {
    const locked = this.#runs.get(run)!;
    locked.touched.add(block);
    return locked.blocks.get(block)!;
  }

  /** The attempt whose outcome this transaction takes in. */
  causedBy(run: string, traceparent: string): void {
    this.#runs.get(run)?.causes.push(traceparent);
  }

  /** Counted for metrics; the rows say it by themselves. */
  went(run: string, block: string, to: keyof Transitions): void {
    this.transitions.add(this.block(run, block).type, to);
  }

  /** What would be too much for this transaction is left to the next. `retriedAt`: not all tasks are taken up again. */
  leaveUnfinished(run: string, retriedAt: Date | null = null): void {
    if (this.#unfinished.has(run) && retriedAt === null) return;
    this.#unfinished.set(run, retriedAt);
    this.expanding.add(run);
  }

  write(): void {
    const unfinished = [...this.#unfinished].filter(([run]) => this.open(run));
    keepUnfinished(
      this.tx,
      unfinished.map(([run, retriedAt]) => ({ run, retriedAt })),
    );
    const changed = [...this.#runs.values()].filter(
      (locked) => locked.touched.size > 0 || locked.stoppingAt || locked.endedAt || locked.changed,
    );
    const [moved, same] = [changed.filter(changesStatus), changed.filter((one) => !changesStatus(one))];
    writeProgress(
      this.tx,
      same.map((locked) => progressOf(locked)),
    );
    writeRuns(
      this.tx,
      moved.map((locked) => {
        const { row, stoppingAt, endedAt } = locked;
        const { status, reason, final } = row;
        return { ...progressOf(locked), status, reason, final, stoppingAt, endedAt };
      }),
    );
    writeMoreCounts(this.tx, changed.flatMap(morePartsOf));
    const ended = moved.filter(({ endedAt }) => endedAt !== null);
    forgetUnfinished(
      this.tx,
      ended.map(({ row }) => row.id),
    );
    forgetExpansions(
      this.tx,
      ended.filter(({ row }) => row.final).map(({ row }) => row.id),
    );
    recordTransitions(this.tx, moved.filter(isUntold).map(transitionOf), this.now);
    for (const { row } of changed) row.seq += 1;
  }

  /** The transaction is committed: what is known of the runs holds until another process changes them. */
  committed(): void {
    for (const { row, version, blocks, parts, span, endedAt } of this.#runs.values()) {
      if (!ENDED.has(row.status)) this.of.known.keep({ row, version, blocks, parts });
      span?.end();
      if (endedAt) this.of.traces.ended(row, endedAt);
    }
  }

  emit(
    contract: EventContract,
    run: string,
    key: string,
    data: unknown,
    { topic = contract.topic, id = uuidFrom(run, contract.type) }: { topic?: string; id?: string } = {},
  ): void {
    const traceparent = this.#traceparentOf(run);
    const event: CloudEvent = {
      id,
      source: '/duofactory/orchestrator',
      type: contract.type,
      subject: run,
      time: this.#time,
      ...(traceparent === undefined ? {} : { traceparent }),
      data,
    };
    this.messages.push({ topic, key, event });
  }

  #traceparentOf(run: string): string | undefined {
    const locked = this.#runs.get(run)!;
    const { id, traceparent } = locked.row;
    if (traceparent === null) return undefined;
    locked.span ??= this.of.traces.advance({ id, traceparent }, locked.causes);
    return locked.span.traceparent;
  }
}

function changesStatus({ row, was, changed, stoppingAt, endedAt }: LockedRun): boolean {
  return changed || row.status !== was || stoppingAt !== null || endedAt !== null;
}

function progressOf({ row, blocks, parts }: LockedRun): {
  id: string;
  openWork: number;
  errors: number;
  counts: string;
} {
  const { id, openWork, errors } = row;
  return { id, openWork, errors, counts: countsText(parts[0]!.map((block) => blocks.get(block)!)) };
}

/** Those behind the first, where something of them has changed. */
function morePartsOf({ row, blocks, parts, touched }: LockedRun): CountsPart[] {
  return parts.flatMap((ids, part) =>
    part > 0 && ids.some((id) => touched.has(id))
      ? [{ run: row.id, part, counts: countsText(ids.map((id) => blocks.get(id)!)) }]
      : [],
  );
}

/** That a run began and how it ended at last is in its row. */
function isUntold({ row, was, command }: LockedRun): boolean {
  return command !== undefined || (row.status !== was && !ENDED.has(row.status));
}

function transitionOf({ row, was, command }: LockedRun): RunTransition {
  return {
    ...{ run: row.id, status: command?.to ?? row.status, was },
    ...{ cause: row.reason, by: command?.by ?? null },
  };
}

export const rowName = (run: string, block: string, key: string): string => `${run}\n${block}\n${key}`;
