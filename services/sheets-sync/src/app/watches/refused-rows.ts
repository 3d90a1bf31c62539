import { hashJson, lookupIn, resolveTemplates, runRequestedV1, uuidFrom } from '@duofactory/contracts';
import { Problem, type Clock, type Database, type Emit, type Transactions } from '@duofactory/platform';
import { findSheetWatch, lockSheetWatch, watchRetried, type SheetWatch } from '../../store/sheet-watches.js';
import {
  countRefusedRows,
  deleteWatchedRows,
  putWatchedRows,
  readRefusedRows,
  refuseWatchedRow,
  type RefusedRow,
  type WatchedRow,
} from '../../store/watched-rows.js';
import { cellText } from '../tables/cell-text.js';
import { ReadSources, type Row } from '../sources/read-sources.js';
import { unknownWatch } from '../sources/source-problems.js';
import type { WorkflowInputs } from './workflow-inputs.js';

export interface ToldRefusals {
  readonly count: number;
  /** The first of them. */
  readonly rows: readonly {
    readonly row: string;
    readonly ordinal: number;
    readonly version: number;
    readonly change: 'added' | 'changed';
    readonly code: string;
    readonly message: string;
    readonly refusedAt: Date;
  }[];
}

const MOST_TOLD = 200;

/**
 * Rows of watched spreadsheets whose run was refused, such as for inputs that the workflow does not take. Each is kept with
 * the reason until its run is asked for again: when the row changes, when the workflow is published anew, when the watch is
 * set again, or when somebody says so.
 */
export class RefusedRows {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly workflows: Pick<WorkflowInputs, 'version'>,
    private readonly clock: Clock,
  ) {}

  /** `event`: the id of the one that asked for the run. */
  keep(event: string, { code, message }: { code: string; message: string }): Promise<void> {
    return refuseWatchedRow(this.database, { event, at: this.clock.now(), code, message });
  }

  async of(id: string): Promise<ToldRefusals> {
    const count = await countRefusedRows(this.database, id);
    const rows = count === 0 ? [] : await readRefusedRows(this.database, id, MOST_TOLD);
    return {
      count,
      rows: rows.map(({ name: row, ordinal, version, change, code, message, refusedAt }) => ({
        ...{ row, ordinal, version, change, code, message, refusedAt },
      })),
    };
  }

  /** Asks for the runs again, for as many as may start at once. Throws Problem `unknown-watch`, `watch-paused`. */
  async retry(id: string): Promise<{ runs: number; refused: number }> {
    return this.transactions.run(async (tx, emit) => {
      const watch = await lockSheetWatch(tx, id);
      if (!watch) throw unknownWatch(id);
      if (watch.paused) throw paused(id);
      const refused = await readRefusedRows(tx, id, watch.mostRuns);
      const sources = new ReadSources(tx);
      const again: WatchedRow[] = [];
      for (const row of refused) again.push(askFor(watch, await rowOf(sources, id, row), row, emit));
      // Rows may be known by another column by now.
      await deleteWatchedRows(
        tx,
        id,
        refused.map(({ name }) => name),
      );
      await putWatchedRows(tx, id, again);
      return { runs: again.length, refused: await countRefusedRows(tx, id) };
    });
  }

  /** Asks once for each version of the workflow. Says for how many. */
  async retryOfNewWorkflow(id: string, signal: AbortSignal): Promise<number> {
    const watch = await findSheetWatch(this.database, id);
    if (!watch || watch.paused || (await countRefusedRows(this.database, id)) === 0) return 0;
    const version = await this.workflows.version(watch.workflow, signal);
    if (version === watch.retriedVersion) return 0;
    const { runs, refused } = await this.retry(id);
    if (refused === 0) await watchRetried(this.database, id, version);
    return runs;
  }
}

/** Asks for the run of a row. The same request as before is the same event: it has one run, whoever else sends it again. */
function askFor(
  { id, key, workflow, inputs }: SheetWatch,
  row: Row['value'],
  { name, version, ordinal, change, event, requestHash }: RefusedRow,
  emit: Emit,
): WatchedRow {
  const scope = { row, change, table: id, version };
  const data = { workflow, inputs: resolveTemplates(inputs, lookupIn(scope)) as Record<string, unknown> };
  const asked = hashJson(data);
  const next = {
    ...{ version, ordinal, change, requestHash: asked },
    name: cellText(row[key]).trim() || name,
    event: asked === requestHash ? event : uuidFrom('sheet-row-again', event, asked),
  };
  emit(runRequestedV1, { key: `${id}/${next.name}`, id: next.event, data });
  return next;
}

async function rowOf(
  sources: ReadSources,
  table: string,
  { version, ordinal }: RefusedRow,
): Promise<Row['value']> {
  const source = await sources.show('table', `${table}@${version}`);
  const [row] = await sources.page('table', source, { after: ordinal - 1, limit: 1 });
  return row?.value ?? {};
}

function paused(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'watch-paused',
    title: 'The watch is paused',
    detail: `The watch of "${id}" starts nothing now: set it again without "paused", and refused rows have their runs`,
  });
}
