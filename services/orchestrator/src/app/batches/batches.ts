import { hashJson, uuidFrom, type WorkflowDefinition } from '@duofactory/contracts';
import {
  Problem,
  TimePosition,
  decodeCursor,
  encodeCursor,
  type Clock,
  type Database,
} from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import {
  beginItems,
  countItems,
  endItems,
  failItem,
  insertBatch,
  listBatches,
  listItems,
  lockBatch,
  moveItems,
  openBatches,
  orphanedItems,
  readBatch,
  runningRuns,
  setBatch,
  setItemRuns,
  type BatchRow,
  type BatchStatus,
  type BegunItem,
  type Existing,
  type ItemRow,
  type ItemStatus,
  type ListSource,
} from '../../store/batches.js';
import { Type } from 'typebox';
import type { CancelRun } from '../commands/cancel-run.js';
import { checkInputs } from '../commands/check-inputs.js';
import type { PauseRun } from '../commands/pause-run.js';
import { readInputsList } from './read-inputs-list.js';
import type { ReadListSource } from './read-list-source.js';
import type { RerunRun } from '../commands/rerun-run.js';
import type { RetryRun } from '../commands/retry-run.js';
import type { RunRequest, StartRun } from '../commands/start-run.js';

export type { Existing, ListSource };

export interface BatchRequest {
  readonly workflow: string;
  readonly name?: string;
  /** Inputs of each run. */
  readonly items?: readonly unknown[];
  /** The same as CSV: a column an input. */
  readonly csv?: string;
  /** The same from a service of the product: a sheet, a course's units, a selection of the catalog. */
  readonly source?: ListSource;
  readonly concurrency: number;
  readonly maxCost?: number;
  readonly existing: Existing;
  readonly idempotencyKey?: string;
  /** Who asks, for the history. */
  readonly by?: string;
}

export interface Batch extends BatchRow {
  readonly items: Record<ItemStatus | 'total', number>;
  /** In US dollars, of runs that go on as well. */
  readonly cost: number;
}

const ItemPosition = Type.Object({ ord: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }) });
const ENDED = new Set<BatchStatus>(['completed', 'partial', 'cancelled']);
const BEGUN_AT_ONCE = 50;
/** Of one batch. */
export const MOST_ITEMS = 100_000;
/** A begun item whose run is not there after this time lost it to a crash. */
const ORPHANED_AFTER_MS = 10_000;

/** One workflow over a list of inputs: so many runs at a time, one progress, one cap of cost. */
export class Batches {
  constructor(
    private readonly database: Database,
    private readonly startRun: StartRun,
    private readonly readList: ReadListSource,
    private readonly commands: {
      readonly retry: RetryRun;
      readonly rerun: RerunRun;
      readonly pause: PauseRun;
      readonly cancel: CancelRun;
    },
    private readonly clock: Clock,
  ) {}

  /** Every row is checked before the first run starts. Throws Problem with the rows and fields at fault. */
  async start(request: BatchRequest): Promise<{ batch: Batch; created: boolean }> {
    const { workflow, name, source, concurrency, maxCost, existing, idempotencyKey, by } = request;
    const id = idempotencyKey === undefined ? randomUUID() : uuidFrom('batch', idempotencyKey);
    const resolved = await this.startRun.resolve(workflow);
    const { id: workflowId, version, definition } = resolved;
    const given = readInputsList(definition, request);
    const sent = given && checkItems(definition, given);
    // A list that is read may read otherwise the second time: the request counts.
    const requestHash = hashJson({ workflow, ...(sent ? { items: sent } : { source }), existing });
    const before = idempotencyKey === undefined ? undefined : await readBatch(this.database, id);
    if (before) {
      if (before.requestHash !== requestHash) throw keyReused(id);
      await this.#advance(id);
      return { batch: await this.show(id), created: false };
    }
    const items = sent ?? checkItems(definition, await this.readList.execute(definition, source!));
    const created = await this.database.transaction((tx) =>
      insertBatch(
        tx,
        {
          id,
          name: name ?? null,
          workflow: workflowId,
          version,
          concurrency,
          maxCost: maxCost ?? null,
          existing,
          source: source ?? null,
          requestHash,
          givenBy: by ?? null,
        },
        items,
        this.clock.now(),
      ),
    );
    if (!created && (await readBatch(this.database, id))?.requestHash !== requestHash) throw keyReused(id);
    await this.#advance(id);
    return { batch: await this.show(id), created };
  }

  async show(id: string): Promise<Batch> {
    const row = await readBatch(this.database, id);
    if (!row) throw unknownBatch(id);
    const { requestHash: _, ...batch } = row;
    return (await this.#counted([batch]))[0]!;
  }

  async list({
    cursor,
    limit,
  }: {
    cursor?: string;
    limit: number;
  }): Promise<{ batches: Batch[]; next?: string }> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor, TimePosition);
    const rows = await listBatches(this.database, {
      limit: limit + 1,
      ...(before ? { before: { at: new Date(before.at), id: before.id } } : {}),
    });
    const batches = await this.#counted(rows.slice(0, limit));
    if (rows.length <= limit) return { batches };
    const last = rows[limit - 1]!;
    return { batches, next: encodeCursor({ at: last.createdAt.toISOString(), id: last.id }) };
  }

  async items(
    id: string,
    { status, cursor, limit }: { status?: string; cursor?: string; limit: number },
  ): Promise<{ items: ItemRow[]; next?: string }> {
    await this.show(id);
    const after = cursor === undefined ? 0 : decodeCursor(cursor, ItemPosition).ord;
    const of = { batch: id, after, limit: limit + 1, ...(status === undefined ? {} : { status }) };
    const rows = await listItems(this.database, of);
    const items = rows.slice(0, limit);
    return rows.length <= limit ? { items } : { items, next: encodeCursor({ ord: items.at(-1)!.ord }) };
  }

  /** Begins nothing more, and pauses what goes on. */
  async pause(id: string, by?: string): Promise<void> {
    await this.#change(id, (batch) => (batch.status === 'running' ? { status: 'paused', reason: null } : {}));
    await this.#reach(id, by);
  }

  async resume(id: string, by?: string): Promise<void> {
    await this.#change(id, (batch) =>
      batch.status === 'paused' ? { status: 'running', reason: null, givenBy: by ?? null } : {},
    );
    for (const run of await runningRuns(this.database, id))
      await unlessGone(() => this.commands.pause.resume(run, by));
    await this.#advance(id);
  }

  /** What has not begun never will; what goes on is cancelled. */
  async cancel(id: string, by?: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const batch = await this.#locked(tx, id);
      if (ENDED.has(batch.status)) return;
      await setBatch(tx, id, { ...batch, status: 'stopping', reason: 'Cancelled' });
      await moveItems(tx, id, ['waiting'], 'cancelled');
    });
    await this.#reach(id, by);
    await this.#advance(id);
  }

  /**
   * Goes on with all runs that failed or were cancelled, and makes anew what was dropped in those that are partial, as
   * many at a time as ever. What succeeded stays. Throws Problem `batch-paused`.
   */
  async retry(id: string, by?: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const batch = await this.#locked(tx, id);
      if (batch.status === 'stopping') return;
      if (batch.status === 'paused') throw batchPaused(id);
      const moved = await moveItems(tx, id, ['failed', 'cancelled', 'partial'], 'waiting');
      if (moved === 0) return;
      await setBatch(tx, id, {
        ...batch,
        status: 'running',
        reason: null,
        endedAt: null,
        givenBy: by ?? null,
      });
    });
    await this.#advance(id);
  }

  /** Other limits. A batch that had reached its cap goes on by `resume`. */
  async limit(id: string, limits: { concurrency?: number; maxCost?: number }): Promise<void> {
    await this.#change(id, () => limits);
    await this.#advance(id);
  }

  /** Runs have ended: others may begin. */
  async ended(runs: readonly string[]): Promise<void> {
    for (const batch of await endItems(this.database, runs)) await this.#advance(batch);
  }

  /** What a crash left undone. A batch that cannot be helped holds up no other. */
  async sweep(): Promise<void> {
    const failures: unknown[] = [];
    for (const id of await openBatches(this.database))
      await this.#goOn(id).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Batches that cannot go on');
  }

  async #goOn(id: string): Promise<void> {
    const before = new Date(this.clock.now().getTime() - ORPHANED_AFTER_MS);
    const orphans = await orphanedItems(this.database, id, before);
    const gone = orphans.flatMap(({ run }) => run ?? []);
    await endItems(this.database, gone);
    const batch = await readBatch(this.database, id);
    if (orphans.length > 0 && batch?.status === 'running')
      await this.#begin(
        batch,
        orphans.filter(({ run }) => run === null),
      );
    await this.#advance(id);
  }

  /** Begins as many runs as the limits allow, until they do not; ends the batch when all have ended. */
  async #advance(id: string): Promise<void> {
    for (;;) {
      const { batch, taken } = await this.database.transaction(async (tx) => {
        const locked = await this.#locked(tx, id);
        const counts = await this.#counted([locked], tx);
        const { items, cost, ...row } = counts[0]!;
        const settled = items.waiting === 0 && items.running === 0;
        if (settled && (row.status === 'running' || row.status === 'stopping')) {
          const well = items.completed + items.skipped === items.total;
          const status = row.status === 'stopping' ? 'cancelled' : well ? 'completed' : 'partial';
          await setBatch(tx, id, { ...row, status, endedAt: this.clock.now() });
          return { batch: row, taken: [] };
        }
        if (row.status !== 'running') return { batch: row, taken: [] };
        if (row.maxCost !== null && cost >= row.maxCost) {
          const reason = `The cap of $${row.maxCost} is reached: $${cost.toFixed(2)} were spent`;
          if (items.waiting > 0) await setBatch(tx, id, { ...row, status: 'paused', reason });
          return { batch: row, taken: [] };
        }
        const limit = Math.min(row.concurrency - items.running, BEGUN_AT_ONCE);
        if (limit <= 0 || items.waiting === 0) return { batch: row, taken: [] };
        const { existing, workflow } = row;
        const of = { batch: id, limit, now: this.clock.now(), existing, workflow };
        return { batch: row, taken: await beginItems(tx, of) };
      });
      if (taken.length === 0) return;
      const begun = taken.filter(({ status }) => status === 'running');
      if (begun.length > 0) await this.#begin(batch, begun);
    }
  }

  /** Starts the runs of items; the same item never has two. */
  async #begin(batch: BatchRow, items: readonly BegunItem[]): Promise<void> {
    const { id } = batch;
    const fresh = items.filter(({ previous }) => previous === null);
    if (!(await this.#startTogether(batch, fresh))) {
      for (const item of fresh) await this.#assign(id, item, () => this.#start(batch, item));
    }
    for (const item of items) {
      const { previous } = item;
      if (previous !== null) await this.#assign(id, item, () => this.#again(batch, item.ord, previous));
    }
    // One that was so short that it has ended before its item knew its run.
    await endItems(this.database, await runningRuns(this.database, id));
    const now = await readBatch(this.database, id);
    if (now?.status !== 'running') await this.#reach(id, undefined);
  }

  /** All in one transaction. false: one of them is refused, and none has started. */
  async #startTogether(batch: BatchRow, items: readonly BegunItem[]): Promise<boolean> {
    if (items.length === 0) return true;
    try {
      const runs = await this.startRun.executeAll(items.map((item) => requestOf(batch, item)));
      await setItemRuns(
        this.database,
        batch.id,
        runs.map(({ id: run }, i) => ({ ord: items[i]!.ord, run })),
      );
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      return false;
    }
  }

  async #start(batch: BatchRow, item: BegunItem): Promise<string> {
    return (await this.startRun.execute(requestOf(batch, item))).id;
  }

  /** The same run where it can go on; else a new one beside it, which takes over what succeeded. */
  async #again({ id, givenBy }: BatchRow, ord: number, previous: string): Promise<string> {
    const by = givenBy ?? undefined;
    try {
      await this.commands.retry.execute(previous, by);
      return previous;
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'not-retryable') throw error;
    }
    const idempotencyKey = `batch/${id}/${ord}/after/${previous}`;
    const asked = { run: previous, idempotencyKey, ...(by === undefined ? {} : { by }) };
    return (await this.commands.rerun.execute(asked)).id;
  }

  async #assign(batch: string, { ord }: BegunItem, run: () => Promise<string>): Promise<void> {
    try {
      await setItemRuns(this.database, batch, [{ ord, run: await run() }]);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      await failItem(this.database, batch, { ord, error: error.message });
    }
  }

  /** Brings what a batch is told to the runs that go on. */
  async #reach(id: string, by: string | undefined): Promise<void> {
    const batch = await readBatch(this.database, id);
    for (const run of await runningRuns(this.database, id)) {
      if (batch?.status === 'paused') await unlessGone(() => this.commands.pause.pause(run, by));
      if (batch?.status === 'stopping') await unlessGone(() => this.commands.cancel.execute(run, by));
    }
  }

  async #change(id: string, to: (batch: BatchRow) => Partial<BatchRow>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const batch = await this.#locked(tx, id);
      await setBatch(tx, id, { ...batch, ...to(batch) });
    });
  }

  async #locked(tx: Parameters<typeof lockBatch>[0], id: string): Promise<BatchRow> {
    const batch = await lockBatch(tx, id);
    if (!batch) throw unknownBatch(id);
    return batch;
  }

  async #counted(
    batches: readonly BatchRow[],
    tx: Parameters<typeof countItems>[0] = this.database,
  ): Promise<Batch[]> {
    const counts = await countItems(
      tx,
      batches.map(({ id }) => id),
    );
    return batches.map((batch) => {
      const own = counts.filter((one) => one.batch === batch.id);
      const items: Batch['items'] = {
        total: 0,
        waiting: 0,
        running: 0,
        completed: 0,
        partial: 0,
        failed: 0,
        cancelled: 0,
        skipped: 0,
      };
      for (const { status, items: count } of own) {
        items[status] += count;
        items.total += count;
      }
      return { ...batch, items, cost: own.reduce((sum, { cost }) => sum + cost, 0) };
    });
  }
}

function requestOf({ id, workflow, version, givenBy }: BatchRow, { ord, inputs }: BegunItem): RunRequest {
  const by = givenBy === null ? {} : { by: givenBy };
  return { workflow: `${workflow}@${version}`, inputs, idempotencyKey: `batch/${id}/${ord}`, ...by };
}

/** The rows of a list, each one checked. Throws Problem with the rows and fields at fault. */
export async function readItems(
  definition: WorkflowDefinition,
  list: Pick<BatchRequest, 'items' | 'csv' | 'source'>,
  readList: ReadListSource,
): Promise<Record<string, unknown>[]> {
  const given = readInputsList(definition, list);
  return checkItems(definition, given ?? (await readList.execute(definition, list.source!)));
}

/** A dry run of every row. */
function checkItems(definition: WorkflowDefinition, items: readonly unknown[]): Record<string, unknown>[] {
  const errors: { field: string; message: string }[] = [];
  const checked = items.map((inputs, i) => {
    try {
      return checkInputs(definition, inputs as Record<string, unknown>);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const { field, message } of error.errors ?? [])
        errors.push({ field: `items.${i}.${field}`, message });
      return {};
    }
  });
  if (errors.length > 0) {
    const [first] = errors;
    throw new Problem({
      status: 422,
      code: 'invalid-inputs',
      title: 'Rows do not fit the workflow',
      detail: `${errors.length} ${errors.length === 1 ? 'fault' : 'faults'}; the first at ${first!.field}: ${first!.message}. Nothing was started.`,
      errors: errors.slice(0, 100),
    });
  }
  return checked;
}

/** The run may have ended, or not begun, meanwhile. */
async function unlessGone(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
  }
}

function keyReused(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'idempotency-key-reused',
    title: 'This Idempotency-Key belongs to another request',
    detail: `Batch ${id} was started by another request. Send a new key.`,
  });
}

function batchPaused(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'batch-paused',
    title: 'This batch is paused',
    detail: `Batch ${id} is paused: resume it (POST /api/batches/${id}/resume), then retry what failed.`,
  });
}

function unknownBatch(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-batch',
    title: 'Unknown batch',
    detail: `No batch has the id ${id}`,
  });
}
