import type { SheetRange } from '../../store/sheet-sources.js';
import type { ExportedRow } from '../exports/exported-row.js';
import type { TableStream } from '../tables/parse-table.js';
import type { TableNotes } from '../tables/table-notes.js';

export type { SheetRange };

export interface SheetRows {
  /** The column whose value names a row. */
  readonly key: string;
  readonly columns: readonly string[];
  readonly rows: readonly ExportedRow[];
}

/** Spreadsheets of a vendor. Throws SheetFailure. */
export abstract class Spreadsheets {
  /** The header, then row after row, a page in memory at a time. */
  abstract read(range: SheetRange, signal: AbortSignal, notes?: TableNotes): TableStream;
  /** Brings rows of a tab to these values and adds those that are missing; what is there already stays untouched. */
  abstract write(
    to: Pick<SheetRange, 'spreadsheet' | 'tab'>,
    content: SheetRows,
    signal: AbortSignal,
  ): Promise<{ written: number; unchanged: number }>;
}

/** The vendor cannot, or will not. Whether it may be tried again is known where it is made. */
export class SheetFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly options: { readonly retryable: boolean; readonly afterMs?: number; readonly field?: string },
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'SheetFailure';
  }
}

/** Where no vendor is chosen. */
export class NoSpreadsheets extends Spreadsheets {
  read(): TableStream {
    throw unavailable();
  }

  write(): Promise<never> {
    return Promise.reject(unavailable());
  }
}

function unavailable(): SheetFailure {
  return new SheetFailure(
    'sheets-unavailable',
    'No spreadsheets are connected: set DUOFACTORY_SHEETS=google and GOOGLE_APPLICATION_CREDENTIALS',
    { retryable: false },
  );
}
