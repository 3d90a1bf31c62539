import type { BlockContext } from '@duofactory/block-kit';
import type { Ref } from '@duofactory/contracts';
import type { ExportFiles, ExportedFile } from './export-files.js';
import type { ExportedRow } from './exported-row.js';
import type { SheetTurns } from './sheet-turns.js';
import { Spreadsheets } from '../sources/spreadsheets.js';
import { csv, jsonLines } from './write-text.js';
import { workbook } from './write-workbook.js';

export type FileFormat = 'csv' | 'xlsx' | 'jsonl';

export type ExportTarget =
  | { readonly to: 'google'; readonly spreadsheet: string; readonly tab: string }
  | {
      readonly to: FileFormat;
      /** Of the file, without the ending. */
      readonly name: string;
    };

export interface ExportContent {
  /** The column whose value names a row. */
  readonly key: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<ExportedRow>;
}

export interface ExportResult {
  readonly rows: number;
  readonly target: string;
  readonly written?: number;
  readonly unchanged?: number;
  readonly ref?: Ref;
  readonly file?: ExportedFile;
}

const FORMATS = {
  csv: { mediaType: 'text/csv', bytesOf: csv },
  jsonl: { mediaType: 'application/x-ndjson', bytesOf: jsonLines },
  xlsx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    bytesOf: workbook,
  },
};

/**
 * Rows out of the product: to a spreadsheet, or as a file in the object store, which is written while they come. The same
 * rows: the same file.
 */
export class ExportRows {
  constructor(
    private readonly spreadsheets: Spreadsheets,
    private readonly files: ExportFiles,
    private readonly turns: SheetTurns,
  ) {}

  /** Throws SheetFailure. */
  async execute(
    { key, columns, rows }: ExportContent,
    target: ExportTarget,
    { objects, untimed, signal }: Pick<BlockContext, 'objects' | 'untimed' | 'signal'>,
  ): Promise<ExportResult> {
    if (target.to === 'google') {
      const { spreadsheet, tab } = target;
      // Which of them are there, and where, is known when all are compared: the vendor takes them in one update.
      const all: ExportedRow[] = [];
      for await (const row of rows) all.push(row);
      const content = { key, columns, rows: all };
      const done = await this.turns.hold(
        { spreadsheet, tab },
        (held) => this.spreadsheets.write({ spreadsheet, tab }, content, held),
        { untimed, signal },
      );
      return { rows: all.length, target: `google:${spreadsheet}/${tab}`, ...done };
    }
    const { mediaType, bytesOf } = FORMATS[target.to];
    let count = 0;
    const counted = async function* () {
      for await (const row of rows) {
        count += 1;
        yield row;
      }
    };
    const ref = await objects.putStream(bytesOf(columns, counted()), mediaType, signal);
    const file = await this.files.keep(ref, `${target.name}.${target.to}`);
    return { rows: count, target: target.to, ref, file };
  }
}
