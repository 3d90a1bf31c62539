import { cellText } from './cell-text.js';
import { columnName } from './column-name.js';
import { invalidSource } from './source-problems.js';

/** Nobody reads more, and each row has a cell of each. */
const MOST_COLUMNS = 1_000;

/** Throws Problem `too-many-columns`, `duplicate-column`. */
export function checkColumns(columns: readonly string[]): void {
  if (columns.length > MOST_COLUMNS)
    throw invalidSource(
      'too-many-columns',
      `The table has ${columns.length} columns, and may have ${MOST_COLUMNS}: leave some out, or send them as another table`,
    );
  const seen = new Set<string>();
  const twice = columns.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined)
    throw invalidSource('duplicate-column', `Two columns are called "${twice}": rename one of them`);
}

/** What is wrong with a row that has a text where the header names no column: where it is, by `placeOf` its column's letters. */
export function cellBeyond(
  cells: readonly unknown[],
  columns: readonly string[],
  placeOf: (column: string) => string,
): { readonly place: string; readonly message: string } | undefined {
  const index = cells.findIndex((cell, i) => i >= columns.length && cellText(cell).trim() !== '');
  if (index < 0) return undefined;
  const place = placeOf(columnName(index));
  const text = cellText(cells[index]).slice(0, 80);
  return {
    place,
    message: `${place} is "${text}", and the header names no column there: name it, or empty the cell`,
  };
}
