import { uuidFrom, type CloudEvent, type EventContract } from '@duofactory/contracts';
import type { Plan, PlannedBlock } from '@duofactory/engine';
import type { Message } from '@duofactory/messaging';
import {
  insertBlocks,
  noCounts,
  readBlocks,
  writeBlocks,
  writeRuns,
  type BlockRow,
} from '../../store/counters.js';
import { lockRuns, type RunRow } from '../../store/lock-runs.js';
import { recordTransitions, type RunTransition } from '../../store/run-transitions.js';
import type { WriteTransaction } from '../../store/transaction.js';
import type { Span } from '@duofactory/platform';
import type { CounterCache } from '../counter-cache.js';
import type { PlannedVersion, Plans } from '../plans.js';
import type { RunTraces } from '../run-traces.js';
import { TransitionCount, type Transitions } from '../run-metrics.js';

export interface LockedRun {
  readonly row: RunRow;
  /** Its status when it was locked. */
  readonly was: RunRow['status'];
  readonly version: PlannedVersion;
  blocks: Map<string, BlockRow>;
  readonly touched: Set<string>;
  stoppingAt: Date | null;
  endedAt: Date | null;
  /** Its row is written even if no block's counters changed. */
  changed: boolean;
  /** `traceparent`s of the attempts whose outcomes this transaction takes in. */
  readonly causes: string[];
  /** Of this transaction; begun with the first message of the run. */
  span?: Span;
  /** The rows of its blocks are not there yet. */
  begins: boolean;
}

export const ENDED = new Set(['completed', 'partial', 'failed', 'cancelled']);

/** The runs that a transaction has locked: their rows, plans and counters, and the messages that go out after it. */
export class LockedRuns {
  readonly messages: Message[] = [];
  /** Runs with an expression to evaluate after the commit. */
  readonly undecided = new Set<string>();
  readonly transitions = new TransitionCount();
  readonly #runs = new Map<string, LockedRun>();

  constructor(
    readonly tx: WriteTransaction,
    readonly of: { readonly plans: Plans; readonly counters: CounterCache; readonly traces: RunTraces },
    readonly now: Date,
  ) {}

  /** Takes the runs' locks, in id order. Runs that do not exist are left out. */
  async lock(ids: Iterable<string>, { ended = false, begins = false } = {}): Promise<void> {
    const rows = await lockRuns(this.tx, [...new Set(ids)].sort());
    const unknown: string[] = [];
    for (const row of rows) {
      const version = await this.of.plans.of(this.tx, row.workflow, row.version);
      const cached = this.of.counters.take(row.id, row.seq);
      if (!cached && !begins && (ended || !ENDED.has(row.status))) unknown.push(row.id);
      const blocks = cached ?? new Map<string, BlockRow>();
      const fresh = {
        touched: new Set<string>(),
        stoppingAt: null,
        endedAt: null,
        changed: false,
        begins: false,
      };
      this.#runs.set(row.id, { row, was: row.status, version, blocks, causes: [], ...fresh });
    }
    if (unknown.length === 0) return;
    for (const block of await readBlocks(this.tx, unknown))
      this.#runs.get(block.run)!.blocks.set(block.block, block);
  }

  /** A run that is started by this transaction: the rows of its blocks are written at its end. */
  beginCounters(run: string): void {
    const locked = this.#runs.get(run)!;
    locked.begins = true;
    for (const { id } of locked.version.plan.blocks) locked.blocks.set(id, noCounts(run, id));
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

  write(): void {
    const all = [...this.#runs.values()];
    insertBlocks(
      this.tx,
      all.flatMap((locked) => (locked.begins ? [...locked.blocks.values()] : [])),
    );
    writeBlocks(
      this.tx,
      all.flatMap(({ begins, touched, blocks }) => (begins ? [] : [...touched].map((id) => blocks.get(id)!))),
    );
    const changed = all.filter(
      (locked) => locked.touched.size > 0 || locked.stoppingAt || locked.endedAt || locked.changed,
    );
    writeRuns(
      this.tx,
      changed.map(({ row, stoppingAt, endedAt }) => ({ ...row, stoppingAt, endedAt })),
    );
    recordTransitions(this.tx, changed.filter(isUntold).map(transitionOf), this.now);
    for (const { row } of changed) row.seq += 1;
  }

  /** The transaction is committed: what is known of the runs holds until another process changes them. */
  committed(): void {
    for (const { row, blocks, span, endedAt } of this.#runs.values()) {
      if (!ENDED.has(row.status)) this.of.counters.keep(row.id, row.seq, blocks);
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
      time: this.now.toISOString(),
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

/** That a run began and how it ended at last is in its row. */
function isUntold({ row, was }: LockedRun): boolean {
  return row.status !== was && !ENDED.has(row.status);
}

function transitionOf({ row, was }: LockedRun): RunTransition {
  return { run: row.id, status: row.status, was, cause: row.reason };
}

export const rowName = (run: string, block: string, key: string): string => `${run}\n${block}\n${key}`;
