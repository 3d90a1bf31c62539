import { hashJson } from '@duofactory/contracts';
import type { SourceVersion } from '../../store/sources.js';
import { cellText } from '../tables/cell-text.js';
import type { ReadSources, Row } from '../sources/read-sources.js';
import { invalidSource } from '../sources/source-problems.js';

export interface RowChange {
  readonly change: 'added' | 'changed' | 'removed';
  /** The value of the key column; without one its place. */
  readonly id: string;
  /** Of a removed row: what was. */
  readonly row: Row['value'];
  readonly ordinal: number;
  /** Of a changed row: where it differs. */
  readonly columns?: readonly string[];
}

/** What differs between two versions of a table. Rows are known by a column, or by their places where none is named. */
export class TableChanges {
  constructor(private readonly sources: ReadSources) {}

  /** In the order of the new version, removed rows last. Throws Problem `missing-column`, `row-without-key`, `duplicate-key`. */
  async *between(before: SourceVersion, after: SourceVersion, key?: string): AsyncIterable<RowChange> {
    const known = new Map<string, { hash: string; ordinal: number }>();
    for await (const { id, row } of this.#identified(before, key))
      known.set(id, { hash: hashJson(row.value), ordinal: row.ordinal });
    for await (const { id, row } of this.#identified(after, key)) {
      const was = known.get(id);
      known.delete(id);
      const { value, ordinal } = row;
      if (was === undefined) yield { change: 'added', id, row: value, ordinal };
      else if (was.hash !== hashJson(value)) {
        const columns = differing(await this.#rowAt(before, was.ordinal), value);
        yield { change: 'changed', id, row: value, ordinal, columns };
      }
    }
    for (const [id, { ordinal }] of known)
      yield { change: 'removed', id, row: await this.#rowAt(before, ordinal), ordinal };
  }

  async *#identified(source: SourceVersion, key?: string): AsyncIterable<{ id: string; row: Row }> {
    const { columns } = source.head as { columns: string[] };
    const named = `${source.id}@${source.version}`;
    if (key !== undefined && !columns.includes(key))
      throw invalidSource('missing-column', `${named} has no column "${key}"; it has ${columns.join(', ')}`, [
        { field: 'key', message: `Not a column; it has ${columns.join(', ')}` },
      ]);
    const seen = new Map<string, number>();
    for await (const row of this.sources.rows('table', source)) {
      const id = key === undefined ? String(row.ordinal) : cellText(row.value[key]).trim();
      if (id === '')
        throw invalidSource(
          'row-without-key',
          `Row ${row.ordinal} of ${named} has nothing in column "${key}"`,
        );
      const twin = key === undefined ? undefined : seen.get(id);
      if (twin !== undefined)
        throw invalidSource(
          'duplicate-key',
          `Rows ${twin} and ${row.ordinal} of ${named} have the same "${key}": "${id}"`,
        );
      if (key !== undefined) seen.set(id, row.ordinal);
      yield { id, row };
    }
  }

  async #rowAt(source: SourceVersion, ordinal: number): Promise<Row['value']> {
    const [row] = await this.sources.page('table', source, { after: ordinal - 1, limit: 1 });
    return row?.value ?? {};
  }
}

function differing(before: Row['value'], after: Row['value']): string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (column) => cellText(before[column]) !== cellText(after[column]),
  );
}
