import {
  hashJson,
  lookupIn,
  MissingVariable,
  resolveTemplates,
  runRequestedV1,
  templatePaths,
  uuidFrom,
} from '@duofactory/contracts';
import { Problem, type Clock, type Database, type Transactions } from '@duofactory/platform';
import { findSheetSource } from '../../store/sheet-sources.js';
import {
  deleteSheetWatch,
  findSheetWatch,
  lockSheetWatch,
  putSheetWatch,
  watchFailed,
  watchSaw,
  type SheetWatch,
} from '../../store/sheet-watches.js';
import { deleteWatchedRows, putWatchedRows, type WatchedRow } from '../../store/watched-rows.js';
import { ReadSources } from '../sources/read-sources.js';
import type { RefusedRows } from './refused-rows.js';
import { invalidSource, unknownWatch } from '../sources/source-problems.js';
import { unknownSheetSource } from '../sources/sync-sheet.js';
import { TableChanges } from './table-changes.js';

export type { SheetWatch };
export type WatchRequest = Pick<
  SheetWatch,
  'key' | 'workflow' | 'inputs' | 'everyMinutes' | 'mostRuns' | 'paused'
>;

/** What an input may be mapped to. */
const ROOTS = ['row', 'change', 'table', 'version'];

/**
 * Watched spreadsheets: every row that was added or changed since the version that was seen last starts a run. The runs
 * are asked for and the version marked as seen in one transaction, so that a change has its run once.
 */
export class WatchSheet {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly sources: ReadSources,
    private readonly refused: RefusedRows,
    private readonly clock: Clock,
  ) {}

  /**
   * What the table has now is the beginning of a new watch: only what changes from now on has runs. So it is of one that
   * refused too many changes and still may not start them; any other goes on where it was.
   * Throws Problem that names the field.
   */
  async put(id: string, request: WatchRequest, by: string): Promise<SheetWatch> {
    const source = await findSheetSource(this.database, id);
    if (!source) throw unknownSheetSource(id);
    if (source.course !== null)
      throw invalidSource('invalid-watch', `"${id}" is course data: only rows of tables start runs`);
    const latest = await this.sources.find('table', id);
    const columns = (latest?.head as { columns: string[] } | undefined)?.columns;
    const errors = templatePaths(request.inputs).flatMap((path) => {
      const [root, column] = path.split('.');
      if (!ROOTS.includes(root!))
        return [
          {
            field: 'inputs',
            message: `"{{${path}}}" is none of {{row.<column>}}, {{change}}, {{table}}, {{version}}`,
          },
        ];
      const isColumn =
        root !== 'row' || column === undefined || columns === undefined || columns.includes(column);
      return isColumn
        ? []
        : [{ field: 'inputs', message: `The table has no column "${column}"; it has ${columns.join(', ')}` }];
    });
    if (columns && !columns.includes(request.key))
      errors.push({ field: 'key', message: `Not a column of the table; it has ${columns.join(', ')}` });
    if (errors.length > 0)
      throw invalidSource('invalid-watch', errors.map(({ message }) => message).join('; '), errors);
    const now = this.clock.now();
    return putSheetWatch(this.database, { id, ...request, latest: latest?.version ?? null, by, now });
  }

  async show(id: string): Promise<SheetWatch> {
    const found = await findSheetWatch(this.database, id);
    if (found) return found;
    throw unknownWatch(id);
  }

  async isWatched(id: string): Promise<boolean> {
    return (await findSheetWatch(this.database, id)) !== undefined;
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteSheetWatch(this.database, id))) throw unknownWatch(id);
  }

  /** How many runs were asked for; undefined: the source is not watched, or the watch is paused. A failure stands at the watch. */
  async follow(id: string, signal: AbortSignal): Promise<number | undefined> {
    try {
      const runs = await this.#follow(id);
      return runs === undefined ? undefined : runs + (await this.refused.retryOfNewWorkflow(id, signal));
    } catch (error) {
      if (!(error instanceof Problem) && !(error instanceof MissingVariable)) throw error;
      await this.failed(id, error);
      return 0;
    }
  }

  failed(id: string, reason: unknown): Promise<void> {
    const error = reason instanceof Error ? reason.message : String(reason);
    const code = reason instanceof Problem ? reason.code : undefined;
    return watchFailed(this.database, { id, error, code, now: this.clock.now() });
  }

  #follow(id: string): Promise<number | undefined> {
    return this.transactions.run(async (tx, emit) => {
      const watch = await lockSheetWatch(tx, id);
      if (!watch || watch.paused) return undefined;
      const { key, workflow, inputs, mostRuns, seenVersion } = watch;
      // By the same connection: one that idles while another reads would be ended, and many together take all there are.
      const sources = new ReadSources(tx);
      const after = await sources.find('table', id);
      const before = seenVersion === null ? undefined : await sources.find('table', `${id}@${seenVersion}`);
      const version = after?.version ?? null;
      const asked: WatchedRow[] = [];
      const removed: string[] = [];
      if (before && after && before.version !== after.version) {
        for await (const { change, id: name, row, ordinal } of new TableChanges(sources).between(
          before,
          after,
          key,
        )) {
          if (change === 'removed') {
            removed.push(name);
            continue;
          }
          if (asked.length === mostRuns) throw tooManyChanges(mostRuns, workflow);
          const scope = { row, change, table: id, version: after.version };
          const data = {
            workflow,
            inputs: resolveTemplates(inputs, lookupIn(scope)) as Record<string, unknown>,
          };
          const event = uuidFrom('sheet-row', id, before.version, after.version, name);
          emit(runRequestedV1, { key: `${id}/${name}`, id: event, data });
          asked.push({
            ...{ name, version: after.version, ordinal, change, event, requestHash: hashJson(data) },
          });
        }
        await deleteWatchedRows(tx, id, removed);
        await putWatchedRows(tx, id, asked);
      }
      const runs = asked.length;
      await watchSaw(tx, { id, version, runs, now: this.clock.now() });
      return runs;
    });
  }
}

function tooManyChanges(mostRuns: number, workflow: string): Problem {
  return invalidSource(
    'too-many-changes',
    `More than ${mostRuns} rows changed at once, so that nothing was started: set the watch again with more "mostRuns", and they start; or set it again as it is, and it begins from what the table has now (a batch of ${workflow} over the table runs what it leaves out)`,
  );
}
