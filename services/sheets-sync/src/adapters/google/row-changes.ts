import type { sheets_v4 } from '@googleapis/sheets';
import { cellText } from '../../app/tables/cell-text.js';
import { SheetFailure, type SheetRows } from '../../app/sources/spreadsheets.js';
import { CellRanges } from './cell-ranges.js';
import type { RowKeys } from './row-keys.js';

interface Place {
  readonly sheetId: number;
  readonly rowCount: number;
  readonly columnCount: number;
}

/**
 * What brings a tab to the content, in one update: the header where it is not there, rows that changed where they are
 * now, and new ones below all others, each with its key: few ranges of cells, and a word of metadata a new row. Columns
 * of people stay, with a name or without: ours are found by their names, and new ones begin where no row has a cell.
 * Where a row is now, its key cell says: people sort rows, and what was left with them does not always go with them.
 */
export function rowChanges({
  content: { key, columns, rows },
  place: { sheetId, rowCount, columnCount },
  cells,
  keys,
}: {
  content: SheetRows;
  place: Place;
  cells: readonly (readonly unknown[] | undefined)[];
  keys: RowKeys;
}): { requests: sheets_v4.Schema$Request[]; changed: readonly string[] } {
  const header = headerOf(cells, columns);
  const named = [...header, ...columns.filter((column) => !header.includes(column))];
  const requests: sheets_v4.Schema$Request[] = [];
  const left: sheets_v4.Schema$Request[] = [];
  const writes = new CellRanges();
  // A row of ours that people emptied is a row still.
  let end = Math.max(1, cells.length, keys.end);
  const placeOf = places({ keys, cells, keyColumn: header.indexOf(key) });
  const indexes = columns.map((column) => [column, named.indexOf(column)] as const);
  const changed: string[] = [];
  const seen = new Set<string>();
  named.forEach((name, column) => {
    if (header[column] !== name) writes.write(0, column, name);
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
      left.push({
        createDeveloperMetadata: {
          developerMetadata: {
            ...{ ...keys.add(id), visibility: 'DOCUMENT' },
            location: {
              dimensionRange: { sheetId, dimension: 'ROWS', startIndex: at, endIndex: at + 1 },
            },
          },
        },
      });
    }
    let isChanged = known === undefined;
    for (const [column, index] of indexes) {
      const value = row[column] ?? '';
      if (isSame(cells[at]?.[index], value)) continue;
      writes.write(at, index, value);
      isChanged = true;
    }
    if (isChanged) changed.push(id);
  }
  const missing = { ROWS: end - rowCount, COLUMNS: named.length - columnCount };
  for (const [dimension, length] of Object.entries(missing))
    if (length > 0) requests.push({ appendDimension: { sheetId, dimension, length } });
  requests.push(...writes.requests(sheetId), ...left);
  return { requests, changed };
}

/** The names of the first row; where ours are not among them yet, as far as any row has a cell. */
function headerOf(
  cells: readonly (readonly unknown[] | undefined)[],
  columns: readonly string[],
): readonly string[] {
  const header = (cells[0] ?? []).map((cell) => String(cell));
  if (header.length === 0 || columns.every((column) => header.includes(column))) return header;
  const width = cells.reduce((most, row) => Math.max(most, row?.length ?? 0), 0);
  return [...header, ...Array<string>(width - header.length).fill('')];
}

/** A number that is larger than all exact ones comes back as a text. */
function isSame(cell: unknown, value: unknown): boolean {
  if (typeof value === 'number' && typeof cell === 'string' && cell !== '') return Number(cell) === value;
  return cellText(cell) === cellText(value);
}

/**
 * Where the row of a key is: where the key was left, if its cell agrees; else where the cell has it; else where the key
 * was left and people emptied the cell. A key that was never left has no row of ours, whoever wrote it.
 */
function places({
  keys,
  cells,
  keyColumn,
}: {
  keys: RowKeys;
  cells: readonly (readonly unknown[] | undefined)[];
  keyColumn: number;
}): (id: string) => number | undefined {
  const keyAt = (row: number): string => cellText(cells[row]?.[keyColumn]);
  const byCell = new Map<string, number>();
  for (let row = cells.length - 1; row > 0; row -= 1) byCell.set(keyAt(row), row);
  // A cell that is empty may have been left with two keys.
  const taken = new Set<number>();
  return (id) => {
    const left = keys.rowsOf(id);
    const found =
      left.find((row) => keyAt(row) === id) ??
      (left.length > 0 ? byCell.get(id) : undefined) ??
      left.find((row) => keyAt(row) === '' && !taken.has(row));
    if (found !== undefined) taken.add(found);
    return found;
  };
}
