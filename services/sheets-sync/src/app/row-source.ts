/** A row as its source gives it. Blank rows are left out, but counted. */
export interface SourceRow {
  /** From 1, without the header. */
  readonly ordinal: number;
  /** In the order of the columns; cells at the end may be absent. */
  readonly cells: readonly unknown[];
}

/**
 * Where rows come from: a file's bytes, a spreadsheet of a vendor. Rows are read as they are asked for, once; a source
 * holds no more of them than it must. Throws BlockFailure, terminal where reading it again would fail again.
 */
export abstract class RowSource {
  /** Known from the first row on; sources without a header may find more until the last one. */
  abstract readonly columns: readonly string[];
  abstract rows(): AsyncIterable<SourceRow>;
}
