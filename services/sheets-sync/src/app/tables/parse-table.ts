import { CsvError, parse } from 'csv-parse';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PassThrough } from 'node:stream';
import { CellErrors } from './cell-errors.js';
import { columnName } from './column-name.js';
import { exactJson } from './exact-json.js';
import { invalidSource } from '../sources/source-problems.js';
import { cellBeyond, checkColumns } from './table-columns.js';
import { Utf8Lines } from './utf8-lines.js';

/** The first item names the columns; each other is a row's cells in their order. */
export type TableStream = AsyncIterable<readonly unknown[]>;

const LONGEST_ROW = 1024 * 1024;
/** No character takes more. */
const LONGEST_LINE_BYTES = LONGEST_ROW * 4;

interface CsvRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads delimited text, a row at a time. Throws Problem `empty-file`, `invalid-utf8`, `invalid-csv`, `unnamed-cell`,
 * `cell-error`, and of its columns.
 */
export async function* parseDelimited(input: Readable, delimiter: ',' | '\t'): TableStream {
  const parser = parse({
    bom: true,
    delimiter,
    // A cell too many is told below with its place, unless it is empty: programs leave such behind.
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    info: true,
  });
  const piped = pipeline(input, new Utf8Lines(LONGEST_LINE_BYTES), parser);
  // Its failure is also thrown to the reader below.
  piped.catch(() => undefined);
  let columns: string[] | undefined;
  const errors = new CellErrors();
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      const place = (column: number): string => `Line ${info.lines}, column ${columnName(column)}`;
      errors.look(record, columns, place);
      if (!columns) {
        checkSeparated(record, delimiter);
        yield (columns = columnsOf(record));
      } else {
        const beyond = cellBeyond(record, columns, place);
        if (beyond) throw invalidSource('unnamed-cell', beyond.message);
        if (record.some((cell) => cell.trim() !== '')) yield columns.map((_, i) => record[i] ?? '');
      }
    }
  } catch (error) {
    throw csvProblem(error);
  }
  if (!columns) throw emptyFile();
  errors.end();
}

const BYTE_ORDER_MARK = /^\uFEFF/;

/** Reads one JSON object a line; the columns are those of the first. */
export async function* parseLines(input: Readable): TableStream {
  const text = new PassThrough();
  const piped = pipeline(input, new Utf8Lines(LONGEST_LINE_BYTES), text);
  piped.catch((error: unknown) => text.destroy(error as Error));
  let known: ReadonlySet<string> | undefined;
  let line = 0;
  // Whole lines at a time. A line separator of Unicode ends none: it may stand in a text.
  for await (const lines of text as AsyncIterable<Buffer>) {
    for (const one of lines.toString().replace(/\n$/, '').split('\n')) {
      line += 1;
      if (one.trim() === '') continue;
      const row = objectOf(line === 1 ? one.replace(BYTE_ORDER_MARK, '') : one, line);
      if (!known) {
        const columns = columnsOf(Object.keys(row));
        yield columns;
        known = new Set(columns);
      }
      yield cellsOf(row, known, `Line ${line}`);
    }
  }
  if (!known) throw emptyFile();
}

/** Rows that came as one JSON document. */
export async function* parseRows(rows: readonly Record<string, unknown>[]): TableStream {
  if (rows.length === 0) throw emptyFile();
  const columns = columnsOf([...new Set(rows.flatMap((row) => Object.keys(row)))]);
  yield columns;
  const known = new Set(columns);
  for (const [i, row] of rows.entries()) yield cellsOf(row, known, `Row ${i + 1}`);
}

/** One column whose name looks like many: a spreadsheet of another country, or another kind of file. */
function checkSeparated(header: readonly string[], delimiter: string): void {
  const [only, ...others] = header;
  const separator =
    others.length === 0
      ? [';', '\t', ','].find((one) => one !== delimiter && only?.includes(one))
      : undefined;
  if (separator === undefined) return;
  const name = separator === '\t' ? 'tabs' : `"${separator}"`;
  throw invalidSource(
    'invalid-csv',
    `The header is one column, "${only!.slice(0, 80)}": the file is separated by ${name}. Send commas as text/csv, or tabs as text/tab-separated-values`,
  );
}

function columnsOf(names: readonly string[]): string[] {
  const columns = names.map((name) => name.trim());
  // Columns at the end that have no name are what a spreadsheet leaves behind.
  while (columns.at(-1) === '') columns.pop();
  if (columns.length === 0) throw emptyFile();
  const unnamed = columns.indexOf('');
  if (unnamed >= 0) throw invalidSource('invalid-csv', `Column ${unnamed + 1} of the header has no name`);
  checkColumns(columns);
  return columns;
}

function cellsOf(row: Record<string, unknown>, columns: ReadonlySet<string>, place: string): unknown[] {
  const trimmed = new Map(Object.entries(row).map(([name, value]) => [name.trim(), value]));
  for (const name of trimmed.keys())
    if (!columns.has(name))
      throw invalidSource('unknown-column', `${place} has "${name}", which the first row has not`);
  return Array.from(columns, (name) => trimmed.get(name) ?? '');
}

function objectOf(text: string, line: number): Record<string, unknown> {
  try {
    const value = exactJson(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Told below, with its line.
  }
  throw invalidSource('invalid-json', `Line ${line} is no JSON object`);
}

function emptyFile(): Error {
  return invalidSource('empty-file', 'The file has no rows: send a header line and at least one row');
}

function csvProblem(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { lines } = error as { lines?: number };
  return invalidSource('invalid-csv', `${lines === undefined ? '' : `Line ${lines}: `}${error.message}`);
}
