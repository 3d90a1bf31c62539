import type { sheets_v4 } from '@googleapis/sheets';
import { columnName } from '../../app/column-name.js';

/** As people name them (`B2:B4`), those that have a cell of what is read: from a row on, and within columns. */
export function mergedPlaces(
  merges: readonly sheets_v4.Schema$GridRange[],
  read: { readonly fromRow: number; readonly from: number; readonly to: number },
): string[] {
  return merges.flatMap((merge) => {
    // Half open, and counted from 0.
    const rows = { first: (merge.startRowIndex ?? 0) + 1, last: merge.endRowIndex ?? 0 };
    const columns = { first: merge.startColumnIndex ?? 0, last: (merge.endColumnIndex ?? 0) - 1 };
    if (rows.last < read.fromRow || columns.last < read.from || columns.first > read.to) return [];
    return [`${columnName(columns.first)}${rows.first}:${columnName(columns.last)}${rows.last}`];
  });
}
