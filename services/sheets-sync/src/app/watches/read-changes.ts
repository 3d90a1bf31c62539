import type { MissingText } from '../wrappers/missing-texts.js';
import { MissingTexts } from '../wrappers/missing-texts.js';
import type { ReadSources } from '../sources/read-sources.js';
import { TableChanges, type RowChange } from './table-changes.js';

export interface ChangesOfVersion {
  readonly version: number;
  /** null: it is the first one. */
  readonly before: number | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** The first of them. */
  readonly rows: Omit<RowChange, 'row'>[];
}

const MOST_TOLD = 200;

/** What people look for in a table: what the last version brought, and where texts are missing. */
export class ReadChanges {
  readonly #changes: TableChanges;

  constructor(private readonly sources: ReadSources) {
    this.#changes = new TableChanges(sources);
  }

  async changes(reference: string, key?: string): Promise<ChangesOfVersion> {
    const after = await this.sources.show('table', reference);
    const before = await this.sources.find('table', `${after.id}@${after.version - 1}`);
    const counts = { added: 0, changed: 0, removed: 0 };
    const rows: Omit<RowChange, 'row'>[] = [];
    if (before) {
      for await (const { row: _, ...change } of this.#changes.between(before, after, key)) {
        counts[change.change] += 1;
        if (rows.length < MOST_TOLD) rows.push(change);
      }
    }
    return { version: after.version, before: before?.version ?? null, ...counts, rows };
  }

  async missing(reference: string): Promise<{ count: number; cells: MissingText[] }> {
    const source = await this.sources.show('table', reference);
    const { columns } = source.head as { columns: string[] };
    const { sources } = this;
    const missing = new MissingTexts();
    const cells = async function* () {
      yield columns;
      for await (const { value } of sources.rows('table', source)) yield columns.map((name) => value[name]);
    };
    for await (const _ of missing.watch(cells()));
    return { count: missing.count, cells: missing.cells };
  }
}
