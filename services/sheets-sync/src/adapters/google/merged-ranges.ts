import type { sheets_v4 } from '@googleapis/sheets';
import { columnName } from '../../app/tables/column-name.js';
import type { MergedPlace } from '../../app/tables/merged-places.js';

/** Those that have a cell of what is read: from a row on, and within columns. */
export function mergedPlaces(
  merges: readonly sheets_v4.Schema$GridRange[],
  read: { readonly fromRow: number; readonly from: number; readonly to: number },
): MergedPlace[] {
  return merges.flatMap((merge) => {
    // Half open, and counted from 0.
    const rows = { first: (merge.startRowIndex ?? 0) + 1, last: merge.endRowIndex ?? 0 };
    const columns = { first: merge.startColumnIndex ?? 0, last: (merge.endColumnIndex ?? 0) - 1 };
    if (rows.last < read.fromRow || columns.last < read.from || columns.first > read.to) return [];
    const place = `${columnName(columns.first)}${rows.first}:${columnName(columns.last)}${rows.last}`;
    const isRead = rows.first >= read.fromRow && columns.first >= read.from;
    return [{ place, row: rows.first, column: columns.first, isRead }];
  });
}
