import { BlockFailure } from '@duofactory/block-kit';
import { MOST_COLUMNS, duplicateColumn, tooManyColumns } from '../../app/column-names.js';
import { RowSource, type SourceRow } from '../../app/row-source.js';

/** Objects of JSON. Columns are the names in the order in which they first occur. */
export class RecordsSource extends RowSource {
  readonly #positions = new Map<string, number>();

  constructor(private readonly records: AsyncIterable<unknown> | Iterable<unknown>) {
    super();
  }

  get columns(): readonly string[] {
    return [...this.#positions.keys()];
  }

  async *rows(): AsyncGenerator<SourceRow> {
    let ordinal = 0;
    for await (const record of this.records) {
      ordinal += 1;
      if (record === null || typeof record !== 'object' || Array.isArray(record))
        throw new BlockFailure('invalid-json', `Row ${ordinal} is not an object of columns and values`);
      yield { ordinal, cells: this.#cellsOf(record, ordinal) };
    }
    if (ordinal === 0) throw new BlockFailure('empty-file', 'The file is empty: give it rows');
  }

  #cellsOf(record: object, ordinal: number): unknown[] {
    const cells: unknown[] = [];
    const filled = new Set<string>();
    for (const [written, value] of Object.entries(record)) {
      const name = written.trim();
      if (name === '') throw new BlockFailure('invalid-json', `Row ${ordinal} has a column without a name`);
      if (filled.has(name)) throw duplicateColumn(name, `row ${ordinal}`);
      filled.add(name);
      const at = this.#positions.get(name) ?? this.#positions.size;
      if (at >= MOST_COLUMNS) throw tooManyColumns();
      this.#positions.set(name, at);
      cells[at] = value;
    }
    return Array.from(cells, (cell) => cell ?? null);
  }
}
