import type { sheets_v4 } from '@googleapis/sheets';
import { cellText } from '../../app/tables/cell-text.js';

interface Range {
  readonly row: number;
  readonly column: number;
  readonly rows: sheets_v4.Schema$CellData[][];
}

/** Cells to be written to one sheet, as few ranges: cells beside each other, and rows below each other of the same columns. */
export class CellRanges {
  readonly #rows = new Map<number, Map<number, unknown>>();

  write(row: number, column: number, value: unknown): void {
    const cells = this.#rows.get(row) ?? new Map<number, unknown>();
    this.#rows.set(row, cells.set(column, value));
  }

  requests(sheetId: number): sheets_v4.Schema$Request[] {
    return this.#ranges().map(({ row, column, rows }) => ({
      updateCells: {
        start: { sheetId, rowIndex: row, columnIndex: column },
        rows: rows.map((values) => ({ values })),
        fields: 'userEnteredValue',
      },
    }));
  }

  #ranges(): Range[] {
    const ranges: Range[] = [];
    /** Those that end in the row above, by their columns. */
    let above = new Map<string, Range>();
    let last = -1;
    for (const [row, cells] of [...this.#rows].sort(([a], [b]) => a - b)) {
      const here = new Map<string, Range>();
      for (const { column, values } of spansOf(cells)) {
        const name = `${column}+${values.length}`;
        const range = (last === row - 1 ? above.get(name) : undefined) ?? { row, column, rows: [] };
        if (range.rows.length === 0) ranges.push(range);
        range.rows.push(values);
        here.set(name, range);
      }
      above = here;
      last = row;
    }
    return ranges;
  }
}

/** Cells of one row that are beside each other. */
function spansOf(
  cells: ReadonlyMap<number, unknown>,
): { column: number; values: sheets_v4.Schema$CellData[] }[] {
  const spans: { column: number; values: sheets_v4.Schema$CellData[] }[] = [];
  for (const [column, value] of [...cells].sort(([a], [b]) => a - b)) {
    const span = spans.at(-1);
    const cell = { userEnteredValue: rawValue(value) };
    if (span && span.column + span.values.length === column) span.values.push(cell);
    else spans.push({ column, values: [cell] });
  }
  return spans;
}

/** As a value and never as a formula, whatever it begins with. */
function rawValue(value: unknown): sheets_v4.Schema$ExtendedValue {
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return { stringValue: cellText(value) };
}
