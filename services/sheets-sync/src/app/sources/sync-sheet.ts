import { Problem, type Clock, type Database } from '@duofactory/platform';
import {
  deleteSheetSource,
  findSheetSource,
  listSheetSources,
  markSynced,
  putSheetSource,
  type SheetSource,
} from '../../store/sheet-sources.js';
import { MissingTexts, type MissingText } from '../wrappers/missing-texts.js';
import { Overtaken, PublishSource, type PublishedSource } from './publish-source.js';
import type { PublishCourse } from './publish-course.js';
import type { ReadSources } from './read-sources.js';
import { named } from '../tables/table-columns.js';
import { TableNotes, type NotesTold } from '../tables/table-notes.js';
import { WatchSheet } from '../watches/watch-sheet.js';
import { SheetFailure, Spreadsheets } from './spreadsheets.js';

export type { SheetSource };

export interface SyncedSheet extends PublishedSource, NotesTold {
  /** Asked for by its watch, if it has one. */
  readonly runs?: number;
  /** Cells without a text in a column of a language, the first of them, and how many there are. */
  readonly missing: { readonly count: number; readonly cells: readonly MissingText[] };
}

const MOST_READINGS = 5;

/** Tables and course data that come from tabs of spreadsheets: a sync publishes what changed as the next version. */
export class SyncSheet {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly spreadsheets: Spreadsheets,
    private readonly next: {
      readonly publish: PublishSource;
      readonly publishCourse: PublishCourse;
      readonly watch: WatchSheet;
      readonly sources: ReadSources;
    },
  ) {}

  /** Throws Problem `watched`. */
  async put(
    id: string,
    { range, course }: Pick<SheetSource, 'range' | 'course'>,
    by: string,
  ): Promise<SheetSource> {
    if (course !== null && (await this.next.watch.isWatched(id))) throw watched(id);
    return putSheetSource(this.database, { id, range, course, by, now: this.clock.now() });
  }

  list(): Promise<SheetSource[]> {
    return listSheetSources(this.database);
  }

  async show(id: string): Promise<SheetSource> {
    const found = await findSheetSource(this.database, id);
    if (found) return found;
    throw unknownSheetSource(id);
  }

  async delete(id: string): Promise<void> {
    if (!(await deleteSheetSource(this.database, id))) throw unknownSheetSource(id);
  }

  /** Throws Problems of the table or the course, of the vendor, and `overtaken`. */
  async execute(id: string, signal: AbortSignal): Promise<SyncedSheet> {
    const { range, course } = await this.show(id);
    const { published, missing, notes } = await this.#publish(id, { range, course }, signal);
    await markSynced(this.database, id, this.clock.now());
    const runs = await this.next.watch.follow(id, signal);
    return {
      ...published,
      ...(runs === undefined ? {} : { runs }),
      missing: { count: missing.count, cells: missing.cells },
      ...notes.told(),
    };
  }

  /** What was read before another sync read and published may be older than that: it is read again. So is what changed meanwhile. */
  async #publish(
    id: string,
    { range, course }: Pick<SheetSource, 'range' | 'course'>,
    signal: AbortSignal,
  ): Promise<{ published: PublishedSource; missing: MissingTexts; notes: TableNotes }> {
    const { publish, publishCourse, sources } = this.next;
    for (let reading = 1; ; reading += 1) {
      const latest = await sources.find(course === null ? 'table' : 'course', id);
      const since = latest?.version ?? 0;
      const [missing, notes] = [new MissingTexts(), new TableNotes()];
      try {
        const rows = missing.watch(named(this.spreadsheets.read(range, signal, notes)));
        const published =
          course === null
            ? await publish.table(id, rows, { since })
            : await publishCourse.rows(id, course, rows, { since });
        return { published, missing, notes };
      } catch (error) {
        const isTorn = error instanceof SheetFailure && error.code === 'sheet-changed';
        if (isTorn && reading < MOST_READINGS) continue;
        if (error instanceof SheetFailure) throw sheetProblem(error);
        if (!(error instanceof Overtaken)) throw error;
        if (reading === MOST_READINGS) throw overtaken(id, error);
      }
    }
  }
}

function watched(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'watched',
    title: 'The source is watched',
    detail: `Rows of "${id}" start runs, and those of course data do not: DELETE /api/sources/${id}/watch first`,
  });
}

function overtaken(id: string, cause: Overtaken): Problem {
  const problem = {
    status: 409,
    code: 'overtaken',
    title: 'Others publish this source meanwhile',
    detail: `"${id}" was published by others each time it was read (${MOST_READINGS} times): sync it again`,
  };
  return new Problem(problem, { cause });
}

export function sheetProblem({ code, message, options: { retryable, field } }: SheetFailure): Problem {
  return new Problem({
    status: retryable ? 503 : code === 'sheets-unavailable' ? 409 : 422,
    code,
    title: 'The spreadsheet cannot be used',
    detail: message,
    ...(field === undefined ? {} : { errors: [{ field, message }] }),
  });
}

export function unknownSheetSource(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-source',
    title: 'Unknown source',
    detail: `No spreadsheet is set for "${id}": PUT /api/sources/${id} sets one`,
  });
}
