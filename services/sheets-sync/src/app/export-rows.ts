import type { ObjectStore } from '@duofactory/objects';
import type { Ref } from '@duofactory/contracts';
import { stringify } from 'csv-stringify/sync';
import writeXlsxFile from 'write-excel-file/node';
import { Spreadsheets, type SheetRows } from './spreadsheets.js';

export type ExportTarget =
  | { readonly to: 'google'; readonly spreadsheet: string; readonly tab: string }
  | { readonly to: 'csv' | 'xlsx' | 'jsonl' };

export interface ExportResult {
  readonly rows: number;
  readonly target: string;
  readonly written?: number;
  readonly unchanged?: number;
  readonly ref?: Ref;
}

const MEDIA_TYPES = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Rows out of the product: to a spreadsheet, or as a file in the object store. The same rows: the same file. */
export class ExportRows {
  constructor(private readonly spreadsheets: Spreadsheets) {}

  /** Throws SheetFailure. */
  async execute(
    content: SheetRows,
    target: ExportTarget,
    { objects, signal }: { objects: Pick<ObjectStore, 'put'>; signal: AbortSignal },
  ): Promise<ExportResult> {
    const rows = content.rows.length;
    if (target.to === 'google') {
      const { spreadsheet, tab } = target;
      const done = await this.spreadsheets.write({ spreadsheet, tab }, content, signal);
      return { rows, target: `google:${spreadsheet}/${tab}`, ...done };
    }
    const ref = await objects.put(await fileOf(content, target.to), MEDIA_TYPES[target.to]);
    return { rows, target: target.to, ref };
  }
}

async function fileOf({ columns, rows }: SheetRows, format: 'csv' | 'xlsx' | 'jsonl'): Promise<Buffer> {
  switch (format) {
    case 'jsonl':
      return Buffer.from(
        rows
          .map((row) => `${JSON.stringify(Object.fromEntries(columns.map((name) => [name, row[name]])))}\n`)
          .join(''),
      );
    case 'csv':
      return Buffer.from(
        stringify([columns.map(inert), ...rows.map((row) => columns.map((name) => inert(plain(row[name]))))]),
      );
    case 'xlsx': {
      // Its cells have types: a text that begins like a formula is a text there.
      const cell = (value: unknown) =>
        typeof value === 'number'
          ? { value, type: Number }
          : typeof value === 'boolean'
            ? { value, type: Boolean }
            : { value: String(plain(value)), type: String };
      const head = columns.map((name) => ({ value: name, type: String, fontWeight: 'bold' as const }));
      const data = rows.map((row) => columns.map((name) => cell(row[name])));
      return writeXlsxFile([head, ...data]).toBuffer();
    }
  }
}

/** What spreadsheets take for the beginning of a formula, also in full width and behind a line that is empty. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that begins like a formula gets an apostrophe: programs that open the file would run it. Numbers stay. */
function inert<Cell>(cell: Cell): Cell | string {
  return typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : cell;
}

function plain(value: unknown): string | number | boolean {
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return value as string | number | boolean;
}
