import { cellText } from './cell-text.js';
import type { TableStream } from './parse-table.js';
import { invalidSource } from '../sources/source-problems.js';

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

/** What is wrong with a row that has a text where the header names no column: where it is, by `placeOf` its column, from 0. */
export function cellBeyond(
  cells: readonly unknown[],
  columns: readonly string[],
  placeOf: (column: number) => string,
): { readonly place: string; readonly message: string } | undefined {
  const index = cells.findIndex((cell, i) => i >= columns.length && cellText(cell).trim() !== '');
  if (index < 0) return undefined;
  const place = placeOf(index);
  const text = cellText(cells[index]).slice(0, 80);
  return {
    place,
    message: `${place} is "${text}", and the header names no column there: name it, or empty the cell`,
  };
}

/** A sheet without a header, or with a strange one, is refused as a file would be. */
export async function* named(stream: TableStream): TableStream {
  let columns: readonly unknown[] | undefined;
  for await (const item of stream) {
    if (columns === undefined) {
      columns = item;
      const names = item.map(String);
      if (names.length === 0) throw noHeader();
      const unnamed = names.indexOf('');
      if (unnamed >= 0)
        throw invalidSource('unnamed-column', `Column ${unnamed + 1} of the header has no name`);
      checkColumns(names);
    }
    yield item;
  }
  if (columns === undefined) throw noHeader();
}

function noHeader(): Error {
  return invalidSource('empty-file', 'There is no header: is headerRow right?');
}
