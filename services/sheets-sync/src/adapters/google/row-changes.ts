import type { sheets_v4 } from '@googleapis/sheets';
import { cellText } from '../../app/cell-text.js';
import { SheetFailure, type SheetRows } from '../../app/spreadsheets.js';
import { ROW_KEY } from './google-sheets.js';

interface Place {
  readonly sheetId: number;
  readonly rowCount: number;
  readonly columnCount: number;
}

/**
 * What brings a tab to the content, in one update: the header where it is not there, rows that changed where they are
 * now, and new ones below all others, each with its key. Columns of people stay: ours are found by their names. Where a row
 * is now, its key cell says: people sort rows, and what was left with them does not always go with them.
 */
export function rowChanges({
  content: { key, columns, rows },
  place: { sheetId, rowCount, columnCount },
  cells,
  rowsByKey,
}: {
  content: SheetRows;
  place: Place;
  cells: readonly (readonly unknown[] | undefined)[];
  /** Where a key was left; more than once where its row was lost and made anew. */
  rowsByKey: ReadonlyMap<string, readonly number[]>;
}): { requests: sheets_v4.Schema$Request[]; written: number; unchanged: number } {
  const header = (cells[0] ?? []).map((cell) => String(cell));
  const named = [...header, ...columns.filter((column) => !header.includes(column))];
  const requests: sheets_v4.Schema$Request[] = [];
  const updates: sheets_v4.Schema$Request[] = [];
  // A row of ours that people emptied is a row still.
  let end = [...rowsByKey.values()]
    .flat()
    .reduce((most, row) => Math.max(most, row + 1), Math.max(1, cells.length));
  const placeOf = places({ rowsByKey, cells, keyColumn: header.indexOf(key) });
  let unchanged = 0;
  const write = (row: number, column: number, value: unknown): void => {
    const start = { sheetId, rowIndex: row, columnIndex: column };
    const values = [{ userEnteredValue: rawValue(value) }];
    updates.push({ updateCells: { start, rows: [{ values }], fields: 'userEnteredValue' } });
  };
  const seen = new Set<string>();
  named.forEach((name, column) => {
    if (header[column] !== name) write(0, column, name);
  });
  for (const row of rows) {
    const id = cellText(row[key]);
    if (id === '')
      throw new SheetFailure('row-without-key', `A row has nothing in "${key}", which names the rows`, {
        retryable: false,
        field: key,
      });
    // Both would be written to one row the next time, each over the other.
    if (seen.size === seen.add(id).size)
      throw new SheetFailure('duplicate-key', `Two rows have "${id}" in "${key}", which names the rows`, {
        retryable: false,
        field: key,
      });
    const known = placeOf(id);
    const at = known ?? end;
    if (known === undefined) {
      end += 1;
      updates.push({
        createDeveloperMetadata: {
          developerMetadata: {
            ...{ metadataKey: ROW_KEY, metadataValue: id, visibility: 'DOCUMENT' },
            location: {
              dimensionRange: { sheetId, dimension: 'ROWS', startIndex: at, endIndex: at + 1 },
            },
          },
        },
      });
    }
    const before = updates.length;
    for (const column of columns) {
      const index = named.indexOf(column);
      const value = row[column] ?? '';
      if (cellText(cells[at]?.[index]) !== cellText(value)) write(at, index, value);
    }
    if (known !== undefined && updates.length === before) unchanged += 1;
  }
  const missing = { ROWS: end - rowCount, COLUMNS: named.length - columnCount };
  for (const [dimension, length] of Object.entries(missing))
    if (length > 0) requests.push({ appendDimension: { sheetId, dimension, length } });
  return { requests: [...requests, ...updates], written: rows.length - unchanged, unchanged };
}

/**
 * Where the row of a key is: where the key was left, if its cell agrees; else where the cell has it; else where the key
 * was left and people emptied the cell. A key that was never left has no row of ours, whoever wrote it.
 */
function places({
  rowsByKey,
  cells,
  keyColumn,
}: {
  rowsByKey: ReadonlyMap<string, readonly number[]>;
  cells: readonly (readonly unknown[] | undefined)[];
  keyColumn: number;
}): (id: string) => number | undefined {
  const keyAt = (row: number): string => cellText(cells[row]?.[keyColumn]);
  const byCell = new Map<string, number>();
  for (let row = cells.length - 1; row > 0; row -= 1) byCell.set(keyAt(row), row);
  // A cell that is empty may have been left with two keys.
  const taken = new Set<number>();
  return (id) => {
    const left = rowsByKey.get(id) ?? [];
    const found =
      left.find((row) => keyAt(row) === id) ??
      (left.length > 0 ? byCell.get(id) : undefined) ??
      left.find((row) => keyAt(row) === '' && !taken.has(row));
    if (found !== undefined) taken.add(found);
    return found;
  };
}

/** As a value and never as a formula, whatever it begins with. */
function rawValue(value: unknown): sheets_v4.Schema$ExtendedValue {
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return { stringValue: cellText(value) };
}
