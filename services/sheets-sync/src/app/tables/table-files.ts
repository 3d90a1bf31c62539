import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { exactJson } from './exact-json.js';
import { parseDelimited, parseLines, parseRows, type TableStream } from './parse-table.js';
import { parseWorkbook, type WorkbookLimits } from './parse-workbook.js';
import { invalidSource } from '../sources/source-problems.js';
import { named } from './table-columns.js';
import type { TableNotes } from './table-notes.js';

/** A file as it was sent. */
export interface SentFile {
  readonly mediaType: string | undefined;
  readonly body: Readable;
  /** Of application/json, which is read already. */
  readonly json: unknown;
}

/** The media type alone, without what follows it. */
export function mediaTypeOf(header: string | undefined): string | undefined {
  return header?.split(';')[0]?.trim();
}

/** Of a request with a JSON body: what it says, exactly. Throws Problem `invalid-utf8`. */
export function jsonOf({ body, rawBody }: { readonly body?: unknown; readonly rawBody?: Buffer }): unknown {
  if (rawBody === undefined) return body;
  if (!isUtf8(rawBody))
    throw invalidSource('invalid-utf8', 'The JSON is not UTF-8: save the file as UTF-8 and send it again');
  return exactJson(rawBody.toString().replace(/^\uFEFF/, ''));
}

/** Files as tables, by their media type. Delimited text and lines are read as they come, never whole. */
export class TableFiles {
  constructor(private readonly limits: WorkbookLimits) {}

  read({ mediaType, body, json }: SentFile, signal: AbortSignal, notes: TableNotes): TableStream {
    switch (mediaType) {
      case 'text/csv':
        return parseDelimited(body, ',');
      case 'text/tab-separated-values':
        return parseDelimited(body, '\t');
      case 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet':
        return named(parseWorkbook(body, this.limits, signal, notes));
      case 'application/x-ndjson':
        return parseLines(body);
      case 'application/json': {
        const rows = Array.isArray(json) ? (json as unknown[]) : (json as { rows?: unknown } | null)?.rows;
        if (
          !Array.isArray(rows) ||
          !rows.every((row) => row !== null && typeof row === 'object' && !Array.isArray(row))
        )
          throw invalidSource('invalid-json', 'Send a list of objects, or {"rows": [...]}');
        return parseRows(rows as Record<string, unknown>[]);
      }
      default:
        throw invalidSource(
          'unknown-media-type',
          'Send text/csv, text/tab-separated-values, application/x-ndjson, application/json or an XLSX workbook (application/vnd.openxmlformats-officedocument.spreadsheetml.sheet)',
        );
    }
  }
}
